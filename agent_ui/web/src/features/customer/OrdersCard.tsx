import type { OrderView } from "../../contract/contract";
import { money } from "../../format/money";
import { day } from "../../format/time";
import { useTexts } from "../../i18n/context";
import type { Texts } from "../../i18n/texts";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";

const CHIPS: Readonly<Record<OrderView["state"], string>> = {
  placed: "chip chip-warning",
  paid: "chip",
  packed: "chip",
  shipped: "chip chip-accent",
  delivered: "chip chip-good",
  return_requested: "chip chip-warning",
  returned: "chip",
  canceled: "chip chip-danger",
};

interface Props {
  readonly orders: readonly OrderView[];
  readonly count: number;
  readonly mentioned: string | null;
}

/** The latest orders; the one the caller asked about is open. */
export function OrdersCard({ orders, count, mentioned }: Props) {
  const texts = useTexts();
  return (
    <section className="card" aria-labelledby="orders-title">
      <header className="card-head">
        <Icon name="parcel" />
        <h2 id="orders-title">{texts.say("orders.title")}</h2>
        {count > orders.length && (
          <span className="soft small card-head-end">{texts.say("orders.of", { shown: orders.length, count })}</span>
        )}
      </header>
      {orders.length === 0 && <Empty icon="parcel">{texts.say("orders.none")}</Empty>}
      {orders.map((order) => (
        <Order key={order.id} order={order} open={order.number === mentioned} />
      ))}
    </section>
  );
}

function Order({ order, open }: { readonly order: OrderView; readonly open: boolean }) {
  const texts = useTexts();
  const facts = factsOf(order, texts);
  return (
    <details className="order" open={open}>
      <summary className="order-head">
        <span className="order-arrow">
          <Icon name="right" />
        </span>
        <span className="order-number numbers">{order.number}</span>
        <span className={CHIPS[order.state]}>{texts.say(`order.state.${order.state}`)}</span>
        <span className="order-total numbers">{money(order.total, texts.language)}</span>
        <span className="order-note soft small">
          {day(order.placed_at, texts.language)}
          {facts[0] && ` · ${facts[0]}`}
        </span>
        {order.is_late && <span className="chip chip-warning order-late">{texts.say("order.late")}</span>}
      </summary>
      <ul className="order-lines">
        {order.lines.map((line) => (
          <li key={line.product_id}>
            <span className="numbers">{line.quantity} ×</span>
            <span>{texts.pick(line.name)}</span>
            <span className="numbers">{money(line.amount, texts.language)}</span>
          </li>
        ))}
      </ul>
      {facts.length > 1 && (
        <ul className="order-facts soft small">
          {facts.slice(1).map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** What can be said about where an order stands, the most telling first. */
export function factsOf(order: OrderView, texts: Texts): string[] {
  const on = (moment: string) => day(moment, texts.language);
  return [
    order.delivered_on && texts.say("order.delivered", { date: on(order.delivered_on) }),
    order.expected_on && texts.say("order.expected", { date: on(order.expected_on) }),
    order.outstanding === "nothing" || order.expected_on ? null : texts.say(`order.waits.${order.outstanding}`),
    order.amount_due.minor > 0 && texts.say("order.due", { amount: money(order.amount_due, texts.language) }),
    order.refund_due.minor > 0 && texts.say("order.refund", { amount: money(order.refund_due, texts.language) }),
    order.shipped_on && texts.say("order.shipped", { date: on(order.shipped_on) }),
    order.carrier && texts.say("order.carrier", { carrier: order.carrier, tracking: order.tracking ?? "–" }),
  ].filter((fact) => typeof fact === "string" && fact !== "") as string[];
}
