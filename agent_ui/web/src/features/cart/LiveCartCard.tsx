import type { ContactFile, LiveCart, PageCartView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import type { Desk } from "../desk/model";
import { CommandButton } from "../session/Command";
import { useSession } from "../session/context";
import { AddProduct } from "./AddProduct";
import { CodeEntry } from "./CodeEntry";
import { DiscountForm } from "./DiscountForm";
import { useEditing } from "./editing";
import { History } from "./History";
import { Lines } from "./Lines";
import { PlainLine } from "./PlainLine";
import { Prepare } from "./Prepare";
import { PrepareInShop } from "./PrepareInShop";
import { Problem } from "./Problem";
import { Stepper } from "./Stepper";
import { Totals } from "./Totals";
import { Where } from "./Where";

interface Props {
  readonly live: LiveCart;
  readonly desk: Desk;
  /** Whether the agent has the contact, and does not only have it offered. */
  readonly active: boolean;
  readonly onRead: (file: ContactFile) => void;
  readonly onCart: (live: LiveCart) => void;
}

/** The customer's page and cart as they are now, and what the agent can do with them. */
export function LiveCartCard({ live, desk, active, onRead, onCart }: Props) {
  const texts = useTexts();
  const { api, boot } = useSession();
  const editing = useEditing(onCart);
  const { cart, page_cart: said, contact } = live;
  const open = active && cart?.state === "open";
  return (
    <section className="card live-cart" aria-labelledby="cart-title">
      <header className="card-head">
        <Icon name="cart" />
        <h2 id="cart-title">{texts.say("cart.title")}</h2>
        {cart?.state === "ordered" && <span className="chip chip-good">{texts.say("cart.ordered")}</span>}
        <Presence live={live} />
      </header>
      <Where live={live} />
      {active && live.visitor === null && <CodeEntry contact={contact} onRead={onRead} />}
      <Stepper live={live} />
      {cart && (
        <div className="cart">
          <Lines key={cart.id} live={live} cart={cart} desk={desk} editing={editing} editable={open} />
          {open && <AddProduct contact={contact} cart={cart.id} editing={editing} />}
          <Totals cart={cart} />
          {open && (
            <footer className="cart-actions">
              <DiscountForm contact={contact} cart={cart} editing={editing} limit={boot.discount_limit} />
              <Prepare contact={contact} cart={cart} editing={editing} desk={desk} />
            </footer>
          )}
        </div>
      )}
      {said && <AsThePageSays said={said} connected={live.shop.prepares_orders} />}
      {said && active && live.shop.prepares_orders && <PrepareInShop contact={contact} coupons={live.shop.applies_coupons} />}
      {!cart && !said && (
        <div className="cart-none">
          <Empty icon="cart">{texts.say("cart.none")}</Empty>
          {active && live.startable && (
            <CommandButton
              icon="plus"
              disabled={editing.busy("start")}
              onClick={() => editing.run("start", () => api.startCart(contact))}
            >
              {texts.say("cart.start")}
            </CommandButton>
          )}
          <Problem text={editing.problem("start")} />
        </div>
      )}
      {live.history.length > 0 && <History live={live} desk={desk} />}
    </section>
  );
}

function Presence({ live }: { readonly live: LiveCart }) {
  const texts = useTexts();
  const online = live.visitor?.online ?? false;
  // Of somebody nobody knows it cannot be said whether they are there.
  if (live.visitor === null && live.cart === null && !live.startable) return null;
  return (
    <span className={online ? "chip chip-good card-head-end" : "chip card-head-end"}>
      <span className={online ? "dot dot-good" : "dot"} />
      {texts.say(online ? "cart.online" : "cart.offline")}
    </span>
  );
}

/** A cart that only the page knows: nobody here can change it, nor vouch for it. */
function AsThePageSays({ said, connected }: { readonly said: PageCartView; readonly connected: boolean }) {
  const texts = useTexts();
  return (
    <div className="cart">
      <p className="notice cart-said">
        <Icon name="globe" />
        {texts.say(connected ? "cart.as_said_connected" : "cart.as_said")}
      </p>
      <ul className="cart-lines" aria-label={texts.say("cart.items")}>
        {said.lines.map((line, place) => (
          <PlainLine
            key={`${line.sku} ${place}`}
            quantity={line.quantity}
            name={line.name}
            sku={line.sku}
            unitPrice={line.unit_price}
            amount={line.amount}
          />
        ))}
      </ul>
      <dl className="cart-totals numbers">
        <div className="cart-total">
          <dt>{texts.say("cart.total")}</dt>
          <dd>{money(said.total, texts.language)}</dd>
        </div>
      </dl>
    </div>
  );
}
