import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";

import type { Texts } from "../../i18n/texts";
import { useStore, type Store } from "../../store/store";
import { ownLeg, type Desk, type DeskAction } from "../desk/model";
import type { Session } from "../session/context";
import { createChoices } from "./choices";
import type { Button } from "./hid";
import { liveCall, NO_SOFTPHONE } from "./model";
import { SoftphoneHere, type Word } from "./softphone";

/** The telephone of an agent's page, for as long as the page is there; null for somebody who takes no calls. */
export function useSoftphoneHere({ boot, api, say }: Session, texts: Texts): SoftphoneHere | null {
  const [here] = useState(() =>
    boot.agent_id === null ? null : new SoftphoneHere({ username: boot.username, api, choices: createChoices(boot.username) }),
  );
  const tell = useEffectEvent(({ about, device }: Word) => say(texts.say(`softphone.${about}`, { device })));
  useEffect(() => here?.hear({ word: (word) => tell(word) }), [here]);
  useEffect(() => here?.start(), [here]);
  return here;
}

/** Keeps the telephone and the desk together: a call is taken back after a load, buttons do what the desk's do. */
export function useSoftphoneOnDesk(here: SoftphoneHere | null, { api }: Session, store: Store<Desk, DeskAction>): void {
  const desk = useStore(store);
  const phone = useSyncExternalStore(here?.store.subscribe ?? never, here?.store.get ?? nothing);
  const contact = ownContact(desk);
  const ready = phone.place === "here" && (phone.link === "registered" || phone.link === "connected");
  const free = ready && phone.calls.length === 0 && !phone.takingBack;
  useEffect(() => {
    here?.contactIs(contact);
    if (here !== null && contact !== null && free && here.keeps(contact)) void here.takeBack(contact);
  }, [here, contact, free]);
  const pressed = useEffectEvent((button: Button) => {
    if (here === null) return;
    if (button === "hook") hook(here);
    else if (contact !== null) toggleMute(here, api, contact);
  });
  useEffect(() => here?.hear({ button: (button) => pressed(button) }), [here]);
}

/** The contact in which this agent has a voice now. */
function ownContact({ file, me }: Desk): string | null {
  const leg = file === null ? undefined : ownLeg(file.contact, me);
  return file !== null && (leg?.state === "connected" || leg?.state === "held") ? file.contact.id : null;
}

function hook(here: SoftphoneHere): void {
  const phone = here.store.get();
  const rings = phone.calls.find((call) => call.state === "ringing");
  const live = liveCall(phone);
  if (rings !== undefined) here.answer(rings).catch(() => undefined);
  else if (live !== undefined) here.hangUp(live);
}

function toggleMute(here: SoftphoneHere, api: Session["api"], contact: string): void {
  const muted = liveCall(here.store.get())?.muted;
  if (muted === undefined) return;
  here.setMuted(!muted);
  (muted ? api.unmute(contact) : api.mute(contact)).catch(() => here.setMuted(muted));
}

const never = () => () => undefined;
const nothing = () => NO_SOFTPHONE;
