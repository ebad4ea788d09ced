import { useEffect, useRef, useState } from "react";

import type { CartView, LineView, LiveCart } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import type { Desk } from "../desk/model";
import { useSession } from "../session/context";
import type { Editing } from "./editing";
import { Line } from "./Line";
import { marksOf, newsBetween, shownAfter, type ShownLine, type Who } from "./model";
import { Problem } from "./Problem";

/** How long a line takes to come or go, as in cart.css. */
const FADE = 220;
/** How long a change stays marked. */
const MARKED = 6000;
/** How long what was removed can be put back here; the shop would take it later too. */
const UNDO = 12_000;

interface Props {
  readonly live: LiveCart;
  readonly cart: CartView;
  readonly desk: Desk;
  readonly editing: Editing;
  readonly editable: boolean;
}

export function Lines({ live, cart, desk, editing, editable }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const shown = useShownLines(cart.lines);
  const marks = useMarks(live, desk.me?.id ?? null);
  const [removed, setRemoved] = useState<LineView | null>(null);
  useEffect(() => {
    if (removed === null) return;
    const timer = setTimeout(() => setRemoved(null), UNDO);
    return () => clearTimeout(timer);
  }, [removed]);
  const gone = removed !== null && !cart.lines.some((line) => line.product_id === removed.product_id) ? removed : null;
  const remove = (line: LineView) =>
    editing.run(line.product_id, () => api.removeLine(live.contact, cart.id, line.product_id), () => setRemoved(line));
  return (
    <>
      <ul className="cart-lines" aria-label={texts.say("cart.items")}>
        {shown.map(({ line, phase }) => (
          <Line
            key={line.product_id}
            line={line}
            phase={phase}
            mark={marks[line.sku] ?? null}
            names={desk.names}
            editable={editable}
            busy={editing.busy(line.product_id)}
            problem={editing.problem(line.product_id)}
            onQuantity={(quantity, failed) =>
              editing.run(line.product_id, () =>
                api.setQuantity(live.contact, cart.id, line.product_id, quantity).catch((error: unknown) => {
                  failed();
                  throw error;
                }),
              )
            }
            onRemove={() => remove(line)}
          />
        ))}
      </ul>
      {cart.lines.length === 0 && <p className="soft small cart-empty">{texts.say("cart.empty")}</p>}
      {editable && gone && (
        <div className="cart-undo" role="status">
          <p className="small">{texts.say("cart.removed", { what: texts.pick(gone.name) })}</p>
          <button
            type="button"
            className="button button-small"
            disabled={editing.busy("undo")}
            onClick={() =>
              editing.run(
                "undo",
                () => api.restoreLine(live.contact, cart.id, gone.product_id),
                () => setRemoved(null),
              )
            }
          >
            <Icon name="undo" />
            {texts.say("cart.undo")}
          </button>
        </div>
      )}
      <Problem text={editing.problem("undo")} />
    </>
  );
}

/** The lines, with those that have just gone until they have faded. */
function useShownLines(lines: readonly LineView[]): readonly ShownLine[] {
  const [shown, setShown] = useState<readonly ShownLine[]>(() => lines.map((line) => ({ line, phase: "here" })));
  const [of, setOf] = useState(lines);
  if (of !== lines) {
    setOf(lines);
    setShown(shownAfter(shown, lines));
  }
  useEffect(() => {
    const timer = setTimeout(() => setShown(lines.map((line) => ({ line, phase: "here" }))), FADE);
    return () => clearTimeout(timer);
  }, [lines]);
  return shown;
}

/** Who changed which line a moment ago, by SKU. */
function useMarks(live: LiveCart, me: string | null): Readonly<Record<string, Who>> {
  const [marks, setMarks] = useState<Readonly<Record<string, Who>>>({});
  const before = useRef(live);
  useEffect(() => {
    const news = marksOf(newsBetween(before.current, live), me);
    before.current = live;
    if (Object.keys(news).length === 0) return;
    setMarks((all) => ({ ...all, ...news }));
    const timer = setTimeout(() => setMarks((all) => without(all, news)), MARKED);
    return () => clearTimeout(timer);
  }, [live, me]);
  return marks;
}

function without(all: Readonly<Record<string, Who>>, gone: Readonly<Record<string, Who>>): Readonly<Record<string, Who>> {
  return Object.fromEntries(Object.entries(all).filter(([sku, who]) => gone[sku] !== who));
}
