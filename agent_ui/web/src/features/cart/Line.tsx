import { useEffect, useState } from "react";

import type { LineView } from "../../contract/contract";
import { money } from "../../format/money";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { quantityOf, type ShownLine, type Who } from "./model";
import { Problem } from "./Problem";
import { whoIs } from "./words";

/** How long after the last key a quantity is taken as meant. */
const SETTLED = 350;

interface Props {
  readonly line: LineView;
  readonly phase: ShownLine["phase"];
  readonly mark: Who | null;
  readonly names: Readonly<Record<string, string>>;
  readonly editable: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  /** `failed` puts the quantity back to what the cart says. */
  readonly onQuantity: (quantity: number, failed: () => void) => void;
  readonly onRemove: () => void;
}

export function Line({ line, phase, mark, names, editable, busy, problem, onQuantity, onRemove }: Props) {
  const texts = useTexts();
  const name = texts.pick(line.name);
  return (
    <li className="cart-shell" data-phase={phase} aria-hidden={phase === "going" || undefined} inert={phase === "going"}>
      <div className={mark ? "cart-line cart-line-marked" : "cart-line"}>
        {editable ? (
          <Quantity line={line} name={name} busy={busy} onQuantity={onQuantity} />
        ) : (
          <span className="cart-quantity numbers">
            {line.quantity}
            <span aria-hidden="true"> ×</span>
          </span>
        )}
        <div className="cart-what">
          <p className="row-title">{name}</p>
          <p className="soft small numbers">
            {line.sku} · {texts.say("cart.each", { price: money(line.unit_price, texts.language) })}
          </p>
        </div>
        <span className="cart-amount numbers">{money(line.amount, texts.language)}</span>
        {editable && (
          <button type="button" className="button button-quiet button-small button-icon" disabled={busy} onClick={onRemove}>
            <Icon name="trash" />
            <span className="visually-hidden">{texts.say("cart.remove", { what: name })}</span>
          </button>
        )}
        {mark && (
          <span className="chip chip-accent cart-mark" role="status">
            {texts.say("cart.changed_by", { who: whoIs(mark, names, texts) })}
          </span>
        )}
        <Problem text={problem} />
      </div>
    </li>
  );
}

interface QuantityProps {
  readonly line: LineView;
  readonly name: string;
  readonly busy: boolean;
  readonly onQuantity: (quantity: number, failed: () => void) => void;
}

/** Arrow keys count; what is typed or counted is sent once it has settled, and goes back if it is refused. */
function Quantity({ line, name, busy, onQuantity }: QuantityProps) {
  const texts = useTexts();
  const [draft, setDraft] = useState<string | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const wanted = draft === null ? null : quantityOf(draft);
  if (sent !== null && sent === line.quantity) {
    setSent(null);
    if (wanted === line.quantity) setDraft(null);
  }
  useEffect(() => {
    if (wanted === null || wanted === line.quantity || wanted === sent || busy) return;
    const timer = setTimeout(() => {
      setSent(wanted);
      onQuantity(wanted, () => {
        setSent(null);
        setDraft(null);
      });
    }, SETTLED);
    return () => clearTimeout(timer);
    // The callback is new each time the card is drawn; what is typed is what counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, line.quantity, sent, busy]);
  const shown = draft ?? String(line.quantity);
  const count = (step: number) => setDraft(String(Math.min(999, Math.max(1, (wanted ?? line.quantity) + step))));
  return (
    <div className="cart-stepper" aria-busy={busy || (wanted !== null && wanted !== line.quantity)}>
      <button type="button" className="cart-step" tabIndex={-1} aria-hidden="true" onClick={() => count(-1)}>
        <Icon name="minus" />
      </button>
      <input
        className="cart-count numbers"
        type="text"
        inputMode="numeric"
        role="spinbutton"
        aria-label={texts.say("cart.quantity_of", { what: name })}
        aria-valuenow={wanted ?? line.quantity}
        aria-valuemin={1}
        aria-valuemax={999}
        value={shown}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => wanted === null && setDraft(null)}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") count(1);
          else if (event.key === "ArrowDown") count(-1);
          else if (event.key === "Escape") setDraft(null);
          else return;
          event.preventDefault();
        }}
      />
      <button type="button" className="cart-step" tabIndex={-1} aria-hidden="true" onClick={() => count(1)}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
