import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { ownLeg, type Desk } from "../desk/model";
import { useAct } from "../session/context";
import { useSoftphone } from "./context";
import { liveCall, ringingFor } from "./model";

/** A call of this agent that is not in this page yet: it rings here, it comes back, or the page that had it is gone. */
export function CallElsewhere({ contact, desk }: { readonly contact: ContactView; readonly desk: Desk }) {
  const texts = useTexts();
  const { here, phone } = useSoftphone();
  const { busy, act } = useAct();
  if (here === null || phone.place !== "here" || liveCall(phone) !== undefined) return null;
  const rings = ringingFor(phone, null, contact.id);
  if (phone.takingBack) return <p className="notice" role="status">{texts.say("softphone.taking_back")}</p>;
  if (rings !== undefined) {
    return (
      <button type="button" className="button button-primary button-large button-wide" disabled={busy} onClick={() => act(() => here.answer(rings))}>
        <Icon name="phone" />
        {texts.say("softphone.answer")}
      </button>
    );
  }
  if (ownLeg(contact, desk.me)?.away !== true) return null;
  return (
    <div className="notice notice-warning" role="status">
      <p>{texts.say("softphone.page_gone")}</p>
      <button type="button" className="button button-small notice-end" onClick={() => void here.takeBack(contact.id)}>
        {texts.say("softphone.take_here")}
      </button>
    </div>
  );
}
