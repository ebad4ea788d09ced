import type { CartView, TotalsView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { percent } from "./model";

export function Totals({ cart }: { readonly cart: CartView }) {
  const texts = useTexts();
  const { totals, discount } = cart;
  const rate = discount ? ` (${percent(discount.basis_points, texts.language)} %)` : "";
  return (
    <dl className="cart-totals numbers">
      <Total label={texts.say("cart.subtotal")} amount={totals.subtotal} />
      {discount && <Total label={`${texts.say("cart.discount")}${rate}`} amount={{ ...totals.discount, minor: -totals.discount.minor }} />}
      <Total label={texts.say("cart.shipping")} amount={totals.shipping} free={texts.say("cart.free")} />
      <Total label={texts.say("cart.total")} amount={totals.total} main />
    </dl>
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
