import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { isOwn, type Desk } from "../desk/model";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";

/** Talking to a colleague first, with the customer on hold: hand over, bring together, or go back. */
export function Consultation({ contact, desk }: { readonly contact: ContactView; readonly desk: Desk }) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act } = useAct();
  const other = contact.participants.find((leg) => leg.role === "consulted");
  if (other === undefined) return null;
  if (!isOwn(contact, desk.me)) {
    return other.agent === desk.me?.id ? <p className="notice">{texts.say("consult.you")}</p> : null;
  }
  const reached = other.state === "connected";
  return (
    <div className="consultation" role="status">
      <p>{texts.say(reached ? "consult.talking" : "consult.calling", { who: other.label })}</p>
      <div className="consultation-choices">
        <CommandButton kind="primary" icon="transfer" wide disabled={busy || !reached} onClick={() => act(() => api.completeTransfer(contact.id))}>
          {texts.say("consult.complete")}
        </CommandButton>
        <CommandButton icon="people" wide disabled={busy || !reached} onClick={() => act(() => api.conference(contact.id))}>
          {texts.say("consult.join")}
        </CommandButton>
        <CommandButton wide disabled={busy} onClick={() => act(() => api.cancelTransfer(contact.id))}>
          {texts.say("consult.cancel")}
        </CommandButton>
      </div>
    </div>
  );
}
