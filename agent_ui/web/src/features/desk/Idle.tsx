import type { AgentView, QueueView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { Icon } from "../../ui/Icon";
import { CommandButton } from "../session/Command";
import { useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { useSoftphone } from "../softphone/context";
import { statusOf } from "../softphone/model";
import type { Desk, Missed } from "./model";
import { useChooseStatus } from "./StatusSwitch";
import { MISSED_OFFERS, useStatusWords } from "./status";

interface Props {
  readonly desk: Desk;
  readonly onDial: () => void;
  readonly onMissedSeen: () => void;
}

/** Between two contacts: whether calls come, and what is missing if they do not. */
export function Idle({ desk, onDial, onMissedSeen }: Props) {
  const texts = useTexts();
  const { preferences } = useSession();
  const mayDial = desk.me !== null && desk.me.phone_registered && desk.link && desk.connected;
  useShortcuts(mayDial ? { dial: onDial } : {}, preferences.shortcuts);
  if (!desk.ready) return <section className="card stage stage-loading" aria-label={texts.say("page.loading")} />;
  if (desk.me === null) return <UnknownAgent link={desk.link} />;
  return (
    <section className="card stage" aria-labelledby="stage-title">
      <Readiness me={desk.me} desk={desk} />
      {desk.missed && <MissedNotice missed={desk.missed} onSeen={onMissedSeen} />}
      <Phone me={desk.me} />
      <Queues queues={desk.queues} skew={desk.skew} />
      <div className="stage-foot">
        <CommandButton icon="phone" command="dial" wide disabled={!mayDial} onClick={onDial}>
          {texts.say("dial.open")}
        </CommandButton>
      </div>
    </section>
  );
}

function Readiness({ me, desk }: { readonly me: AgentView; readonly desk: Desk }) {
  const texts = useTexts();
  const words = useStatusWords(desk.pauseReasons);
  const choose = useChooseStatus(me);
  const ready = me.status === "available";
  const missed = me.pause_reason === MISSED_OFFERS;
  const away = missed ? "idle.missed_note" : me.status === "on_break" ? "idle.break_note" : "idle.offline_note";
  return (
    <div className="readiness" data-status={me.status}>
      <span className="readiness-sign" aria-hidden="true">
        <Icon name={ready ? "phone" : me.status === "on_break" ? "cup" : "hangUp"} />
      </span>
      <h2 id="stage-title">{ready ? texts.say("idle.ready") : words(me)}</h2>
      <p className="soft">
        {texts.say(ready ? "idle.ready_note" : away)}
      </p>
      {!ready && (
        <CommandButton
          kind="primary"
          size="large"
          command="available"
          disabled={!desk.connected || !desk.link}
          onClick={() => choose({ status: "available" })}
        >
          {texts.say("idle.go_available")}
        </CommandButton>
      )}
    </div>
  );
}

/** An agent's voice is a SIP phone: without it nobody can be heard. */
function Phone({ me }: { readonly me: AgentView }) {
  const texts = useTexts();
  const { phone } = useSoftphone();
  if (phone.place !== "off" && phone.place !== "other_tab") {
    const status = statusOf(phone);
    return (
      <p className="stage-line">
        <Icon name="mic" />
        {texts.say("softphone.you_answer_here")}
        <span className={status === "ready" ? "chip chip-good stage-line-end" : "chip chip-warning stage-line-end"}>
          <span className={status === "ready" ? "dot dot-good" : "dot dot-busy"} />
          {texts.say(`softphone.status.${status}`)}
        </span>
      </p>
    );
  }
  if (me.phone_registered) {
    return (
      <p className="stage-line">
        <Icon name="phone" />
        {texts.say("phone.registered", { phone: me.phone })}
        <span className="chip chip-good stage-line-end">
          <span className="dot dot-good" />
          {texts.say("phone.ready")}
        </span>
      </p>
    );
  }
  return (
    <div className="notice notice-warning" role="status">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{texts.say("phone.missing", { phone: me.phone })}</strong>
        </p>
        <p>{texts.say("phone.missing_note", { phone: me.phone, host: window.location.hostname })}</p>
      </div>
    </div>
  );
}

function Queues({ queues, skew }: { readonly queues: readonly QueueView[]; readonly skew: number }) {
  const texts = useTexts();
  if (queues.length === 0) return <p className="notice">{texts.say("idle.no_queues")}</p>;
  return (
    <div className="stage-queues">
      <h3 className="stage-heading">{texts.say("idle.queues")}</h3>
      <ul>
        {queues.map((queue) => (
          <li key={queue.id} className="stage-line">
            <span>{queue.name}</span>
            <span className="stage-line-end soft small">
              {queue.waiting > 0 ? texts.count("queue.waiting", queue.waiting) : texts.say("queue.nobody")}
              {queue.longest_wait_since && queue.waiting > 0 && (
                <>
                  {" · "}
                  <Elapsed since={queue.longest_wait_since} skew={skew} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function MissedNotice({ missed, onSeen }: { readonly missed: Missed; readonly onSeen: () => void }) {
  const texts = useTexts();
  const who = missed.who ?? texts.say("contact.unknown");
  return (
    <div className="notice" role="status">
      <Icon name="history" />
      <p>{texts.say(`missed.${missed.how}`, { who })}</p>
      <button type="button" className="link notice-end" onClick={onSeen}>
        {texts.say("missed.seen")}
      </button>
    </div>
  );
}

function UnknownAgent({ link }: { readonly link: boolean }) {
  const texts = useTexts();
  return (
    <section className="card stage">
      <div className="empty">
        <Icon name="warning" />
        <p>{texts.say(link ? "idle.unknown_agent" : "idle.waiting_for_telephones")}</p>
      </div>
    </section>
  );
}
