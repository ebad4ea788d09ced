import type { ContactView, ParticipantView } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { isOwn, type Desk } from "../desk/model";
import { useAct, useSession } from "../session/context";

/** Who is in the call, as soon as there are more than two. */
export function Participants({ contact, desk }: { readonly contact: ContactView; readonly desk: Desk }) {
  const texts = useTexts();
  if (contact.participants.length < 3) return null;
  return (
    <div>
      <h3 className="stage-heading">{texts.say("participants.title")}</h3>
      <ul className="participants">
        {contact.participants.map((leg) => (
          <Participant key={leg.id} leg={leg} contact={contact} desk={desk} />
        ))}
      </ul>
    </div>
  );
}

interface Props {
  readonly leg: ParticipantView;
  readonly contact: ContactView;
  readonly desk: Desk;
}

function Participant({ leg, contact, desk }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act } = useAct();
  const self = leg.agent !== null && leg.agent === desk.me?.id;
  // The customer is hung up on, and a consultation ended, with buttons of their own.
  const removable = isOwn(contact, desk.me) && !self && leg.role !== "customer" && leg.role !== "consulted";
  return (
    <li className="stage-line">
      <Icon name="person" />
      <span>
        {self ? texts.say("participants.you") : phone(leg.label)}
        <span className="soft small"> · {texts.say(`participant.${leg.role}`)}</span>
      </span>
      <span className="stage-line-end soft small">{texts.say(leg.muted ? "participant.muted" : `participant.state.${leg.state}`)}</span>
      {removable && (
        <button
          type="button"
          className="button button-quiet button-small button-icon"
          disabled={busy}
          onClick={() => act(() => api.hangUp(contact.id, { participant: leg.id }))}
        >
          <Icon name="close" />
          <span className="visually-hidden">{texts.say("participants.remove", { who: leg.label })}</span>
        </button>
      )}
    </li>
  );
}
