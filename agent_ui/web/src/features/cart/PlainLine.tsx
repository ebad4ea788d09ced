import type { MoneyView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";

interface Props {
  readonly quantity: number;
  readonly name: string;
  readonly sku: string;
  readonly unitPrice: MoneyView;
  readonly amount: MoneyView;
}

/** A line of a cart that cannot be changed. */
export function PlainLine({ quantity, name, sku, unitPrice, amount }: Props) {
  const texts = useTexts();
  return (
    <li className="cart-line">
      <span className="cart-quantity numbers">
        {quantity}
        <span aria-hidden="true"> ×</span>
      </span>
      <div>
        <p className="row-title">{name}</p>
        <p className="soft small numbers">
          {sku && `${sku} · `}
          {texts.say("cart.each", { price: money(unitPrice, texts.language) })}
        </p>
      </div>
      <span className="cart-amount numbers">{money(amount, texts.language)}</span>
    </li>
  );
}
