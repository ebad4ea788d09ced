import type { CartView } from "../../contract/contract";
import { when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { useNow } from "../../ui/useNow";
import type { Desk } from "../desk/model";
import { CommandButton } from "../session/Command";
import { useSession } from "../session/context";
import type { Editing } from "./editing";
import { Problem } from "./Problem";
import { whoIs } from "./words";

interface Props {
  readonly contact: string;
  readonly cart: CartView;
  readonly editing: Editing;
  readonly desk: Desk;
}

/** Hands the cart to its customer to confirm: paying and ordering are the customer's own. */
export function Prepare({ contact, cart, editing, desk }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const now = useNow(desk.skew, 60_000);
  const { prepared } = cart;
  const busy = editing.busy("prepare");
  const who = prepared?.by === desk.me?.id ? ({ kind: "you" } as const) : ({ kind: "colleague", agent: prepared?.by ?? "" } as const);
  return (
    <div className="cart-prepare">
      {prepared ? (
        <div className="notice cart-prepared" role="status">
          <Icon name="check" />
          <p>
            {texts.say("cart.prepared", { who: whoIs(who, desk.names, texts), when: when(prepared.at, now, texts.language) })}{" "}
            <span className="soft">{texts.say("cart.prepared_note")}</span>
          </p>
          <CommandButton size="small" disabled={busy} onClick={() => editing.run("prepare", () => api.withdrawOrder(contact, cart.id))}>
            {texts.say("cart.withdraw")}
          </CommandButton>
        </div>
      ) : (
        <CommandButton
          kind="primary"
          icon="check"
          wide
          disabled={busy || cart.lines.length === 0}
          onClick={() => editing.run("prepare", () => api.prepareOrder(contact, cart.id))}
        >
          {texts.say("cart.prepare")}
        </CommandButton>
      )}
      <Problem text={editing.problem("prepare")} />
    </div>
  );
}
