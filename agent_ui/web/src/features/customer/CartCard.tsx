import type { CartView, LineView, TotalsView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";

/** The open cart: what the customer is about to buy, and how far they got. */
export function CartCard({ cart }: { readonly cart: CartView | null }) {
  const texts = useTexts();
  return (
    <section className="card" aria-labelledby="cart-title">
      <header className="card-head">
        <Icon name="cart" />
        <h2 id="cart-title">{texts.say("cart.title")}</h2>
        {cart && <span className="chip card-head-end">{texts.say(`cart.step.${cart.checkout_step}`)}</span>}
      </header>
      {cart ? <Lines lines={cart.lines} totals={cart.totals} /> : <Empty icon="cart">{texts.say("cart.none")}</Empty>}
    </section>
  );
}

function Lines({ lines, totals }: { readonly lines: readonly LineView[]; readonly totals: TotalsView }) {
  const texts = useTexts();
  return (
    <div className="cart">
      <ul className="cart-lines">
        {lines.map((line) => (
          <CartLine key={line.product_id} line={line} />
        ))}
      </ul>
      <dl className="cart-totals numbers">
        <Total label={texts.say("cart.subtotal")} amount={totals.subtotal} />
        {totals.discount.minor > 0 && <Total label={texts.say("cart.discount")} amount={negative(totals.discount)} />}
        <Total label={texts.say("cart.shipping")} amount={totals.shipping} free={texts.say("cart.free")} />
        <Total label={texts.say("cart.total")} amount={totals.total} main />
      </dl>
    </div>
  );
}

function CartLine({ line }: { readonly line: LineView }) {
  const texts = useTexts();
  return (
    <li className="cart-line">
      <span className="cart-quantity numbers">
        {line.quantity}
        <span aria-hidden="true"> ×</span>
      </span>
      <div>
        <p className="row-title">{texts.pick(line.name)}</p>
        <p className="soft small numbers">
          {line.sku} · {texts.say("cart.each", { price: money(line.unit_price, texts.language) })}
        </p>
      </div>
      <span className="cart-amount numbers">{money(line.amount, texts.language)}</span>
    </li>
  );
}

interface TotalProps {
  readonly label: string;
  readonly amount: TotalsView["total"];
  readonly main?: boolean;
  readonly free?: string;
}

function Total({ label, amount, main = false, free }: TotalProps) {
  const texts = useTexts();
  return (
    <div className={main ? "cart-total" : undefined}>
      <dt>{label}</dt>
      <dd>{free && amount.minor === 0 ? free : money(amount, texts.language)}</dd>
    </div>
  );
}

function negative(amount: TotalsView["discount"]): TotalsView["discount"] {
  return { ...amount, minor: -amount.minor };
}
