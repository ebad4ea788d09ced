import type { CartView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { PlainLine } from "../cart/PlainLine";
import { Totals } from "../cart/Totals";

/** The open cart as it was read with its customer, for when the live one could not be read in time. */
export function CartCard({ cart }: { readonly cart: CartView | null }) {
  const texts = useTexts();
  return (
    <section className="card" aria-labelledby="cart-title">
      <header className="card-head">
        <Icon name="cart" />
        <h2 id="cart-title">{texts.say("cart.title")}</h2>
        {cart && <span className="chip card-head-end">{texts.say(`cart.step.${cart.checkout_step}`)}</span>}
      </header>
      {cart ? <Lines cart={cart} /> : <Empty icon="cart">{texts.say("cart.none")}</Empty>}
    </section>
  );
}

function Lines({ cart }: { readonly cart: CartView }) {
  const texts = useTexts();
  return (
    <div className="cart">
      <ul className="cart-lines">
        {cart.lines.map(({ product_id, quantity, name, sku, unit_price, amount }) => (
          <PlainLine key={product_id} quantity={quantity} name={texts.pick(name)} sku={sku} unitPrice={unit_price} amount={amount} />
        ))}
      </ul>
      <Totals cart={cart} />
    </div>
  );
}
