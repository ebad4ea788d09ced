import type { LiveCart } from "../../contract/contract";
import { when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import type { Desk } from "../desk/model";
import { whoDid } from "./model";
import { changeIn, whoIs } from "./words";

/** The cart's audit trail: who changed what, the last change first. */
export function History({ live, desk }: { readonly live: LiveCart; readonly desk: Desk }) {
  const texts = useTexts();
  const now = useNow(desk.skew, 60_000);
  const me = desk.me?.id ?? null;
  return (
    <details className="cart-history">
      <summary>
        <Icon name="right" />
        {texts.count("cart.history", live.history.length)}
      </summary>
      <ol className="cart-timeline small">
        {live.history.map((change) => (
          <li key={change.id} data-actor={change.actor_kind}>
            <time className="soft numbers" dateTime={change.at}>
              {when(change.at, now, texts.language)}
            </time>
            <span>
              <strong>{whoIs(whoDid(change, me), desk.names, texts)}</strong> {changeIn(change, texts) ?? change.action}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
