import { useState } from "react";

import type { ContactFile, ContactView } from "../../contract/contract";
import { phone } from "../../format/phone";
import { useTexts } from "../../i18n/context";
import { Elapsed } from "../../ui/Elapsed";
import { isOwn, ownLeg, type Desk } from "../desk/model";
import { otherEnd, whoIn } from "../desk/who";
import { Pressed } from "../offer/Pressed";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { CallAudio } from "../softphone/CallAudio";
import { CallElsewhere } from "../softphone/CallElsewhere";
import { useSoftphone } from "../softphone/context";
import { liveCall } from "../softphone/model";
import { Consultation } from "./Consultation";
import { Controls, type Open } from "./Controls";
import { DirectoryDialog } from "./DirectoryDialog";
import { Keypad } from "./Keypad";
import { Participants } from "./Participants";

interface Props {
  readonly file: ContactFile;
  readonly contact: ContactView;
  readonly desk: Desk;
}

/** The contact an agent is talking to, and everything that can be done with it. */
export function Call({ file, contact, desk }: Props) {
  const texts = useTexts();
  const [open, setOpen] = useState<Open>(null);
  const rings = ownLegRings(contact, desk);
  const own = isOwn(contact, desk.me) && !rings;
  const consulting = contact.participants.some((leg) => leg.role === "consulted");
  const close = () => setOpen(null);
  const toggleKeypad = () => setOpen(open === "keypad" ? null : "keypad");
  return (
    <section className="card stage stage-call" data-held={contact.state === "held"} aria-label={texts.say("call.yours")}>
      <CallHead file={file} contact={contact} desk={desk} />
      <CallElsewhere contact={contact} desk={desk} />
      <CallAudio contact={contact} desk={desk} />
      <Consultation contact={contact} desk={desk} />
      {own && <Controls contact={contact} desk={desk} open={open} onOpen={setOpen} onKeypad={toggleKeypad} />}
      {open === "keypad" && <Keypad contact={contact} onClose={close} />}
      <Participants contact={contact} desk={desk} />
      {!consulting && <Pressed contact={contact} />}
      {!rings && <HangUp contact={contact} desk={desk} own={own} />}
      {open === "transfer" && <DirectoryDialog contact={contact} desk={desk} purpose="transfer" onClose={close} />}
      {open === "conference" && <DirectoryDialog contact={contact} desk={desk} purpose="conference" onClose={close} />}
    </section>
  );
}

/** Whether one's own phone is still to be picked up: for a consultation, a transfer, or a call one placed. */
function ownLegRings(contact: ContactView, desk: Desk): boolean {
  const state = ownLeg(contact, desk.me)?.state;
  return state === "ringing" || state === "dialing";
}

function CallHead({ file, contact, desk }: Props) {
  const texts = useTexts();
  const held = contact.state === "held";
  const others = contact.participants.filter((leg) => leg.agent === null || leg.agent !== desk.me?.id);
  const calling = !others.some((leg) => leg.state === "connected" || leg.state === "held");
  const number = otherEnd(contact, desk.me);
  const rings = ownLegRings(contact, desk);
  const state = rings ? "call.yours_rings" : calling ? "call.calling" : held ? "call.on_hold" : "call.talking";
  return (
    <header>
      <p className="call-state" role="status">
        <span className={held || rings ? "dot dot-busy" : "dot dot-good"} />
        {texts.say(state)}
        <span className="call-time">
          <Elapsed since={contact.answered_at ?? contact.started_at} skew={desk.skew} />
        </span>
      </p>
      <h2 className="stage-who">
        {whoIn(file, desk) ?? texts.say("contact.withheld")}
      </h2>
      {file.panel && number && <p className="soft numbers">{phone(number)}</p>}
    </header>
  );
}

function HangUp({ contact, desk, own }: { readonly contact: ContactView; readonly desk: Desk; readonly own: boolean }) {
  const texts = useTexts();
  const { api, preferences } = useSession();
  const { busy, act } = useAct();
  const { here, phone } = useSoftphone();
  const leg = ownLeg(contact, desk.me);
  const whom = own || leg === undefined ? {} : { participant: leg.id };
  const hangUp = () =>
    act(() =>
      api.hangUp(contact.id, whom).catch((error: unknown) => {
        // The page's own call can be ended though the server is away.
        const call = liveCall(phone);
        if (call === undefined) throw error;
        here?.hangUp(call);
      }),
    );
  useShortcuts({ hang_up: hangUp }, preferences.shortcuts);
  return (
    <div className="stage-foot">
      <CommandButton kind="danger" size="large" icon="hangUp" command="hang_up" wide disabled={busy} onClick={hangUp}>
        {texts.say(own ? "call.hang_up" : "call.leave")}
      </CommandButton>
    </div>
  );
}
