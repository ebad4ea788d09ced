import { useEffect, useRef } from "react";

import type { ScreenPop } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { Icon } from "../../ui/Icon";
import type { Desk } from "../desk/model";
import { otherEnd, whoIn } from "../desk/who";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { AutoAnswer } from "../softphone/AutoAnswer";
import { useSoftphone } from "../softphone/context";
import { ringingFor } from "../softphone/model";
import { Countdown } from "./Countdown";
import { Pressed } from "./Pressed";

interface Props {
  readonly pop: ScreenPop;
  readonly desk: Desk;
}

/** A contact that is offered: who it is, how long they have waited, and the two answers. */
export function OfferCard({ pop, desk }: Props) {
  const texts = useTexts();
  const { api, preferences } = useSession();
  const { busy, act } = useAct();
  const { offer, file } = pop;
  const { contact } = file;
  const { here, phone: own, choices } = useSoftphone();
  const rings = ringingFor(own, offer.id, contact.id);
  const take = async () => {
    // Here, if it rings here; else the phones beside the page are asked to pick up.
    const answered = own.place === "here" && (await here?.answerOffer(offer.id, contact.id));
    if (answered !== true) await api.accept(offer.id);
  };
  const accept = () => act(take);
  const decline = () => act(() => api.decline(offer.id));
  useShortcuts({ accept, decline }, preferences.shortcuts);
  const ref = useFocusUnlessTyping();
  const number = otherEnd(contact, desk.me);
  // A contact that is somebody's already comes from them: they consult, or hand over.
  const theirs = contact.direction === "internal" ? null : contact.agent;
  const colleague = theirs === null ? undefined : (desk.names[theirs] ?? theirs);
  const queue = desk.queues.find((one) => one.id === offer.queue)?.name;
  return (
    <section className="card stage stage-offer" aria-labelledby="offer-kind" ref={ref} tabIndex={-1}>
      <header className="offer-head">
        <p id="offer-kind" className="offer-kind">
          <span className="offer-pulse" aria-hidden="true">
            <Icon name="phone" />
          </span>
          {texts.say(contact.callback ? "offer.callback" : "offer.incoming")}
        </p>
        <Countdown from={offer.created_at} to={offer.expires_at} skew={desk.skew} />
      </header>
      <div>
        <h2 className="stage-who">
          {whoIn(file, desk) ?? texts.say("contact.withheld")}
        </h2>
        {file.panel && number && <p className="soft numbers">{phone(number)}</p>}
      </div>
      {colleague && <p className="notice">{texts.say("offer.colleague", { who: colleague })}</p>}
      <dl className="offer-facts">
        {queue !== undefined && (
          <div>
            <dt>{texts.say("offer.queue")}</dt>
            <dd>{queue}</dd>
          </div>
        )}
        <div>
          <dt>{texts.say("offer.waiting")}</dt>
          <dd>
            <Elapsed since={contact.queued_at ?? contact.started_at} skew={desk.skew} />
          </dd>
        </div>
        <div>
          <dt>{texts.say("offer.language")}</dt>
          <dd>{texts.say(`language.${contact.language}`)}</dd>
        </div>
      </dl>
      <Pressed contact={contact} />
      {own.place === "here" && choices.autoAnswer && (
        <div className="offer-auto">{rings && <AutoAnswer onBegin={() => here?.beep()} onAnswer={accept} />}</div>
      )}
      <div className="stage-foot offer-answers">
        <CommandButton kind="primary" size="large" icon="phone" command="accept" wide disabled={busy} onClick={accept}>
          {texts.say("offer.accept")}
        </CommandButton>
        <CommandButton size="large" command="decline" wide disabled={busy} onClick={decline}>
          {texts.say("offer.decline")}
        </CommandButton>
      </div>
      <p className="soft small offer-hint">{texts.say(rings ? "softphone.offer_hint" : "offer.hint")}</p>
    </section>
  );
}

/** Moves the focus to the offer, but never out of a field: it would swallow what is being typed. */
function useFocusUnlessTyping() {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const active = document.activeElement;
    const typing = active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement;
    if (!typing && document.querySelector("dialog[open]") === null) ref.current?.focus({ preventScroll: true });
  }, []);
  return ref;
}
