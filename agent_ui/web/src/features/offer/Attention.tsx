import { useEffect } from "react";

import { useTexts } from "../../i18n/context";
import { useStore, type Store } from "../../store/store";
import { phaseOf, type Desk, type DeskAction } from "../desk/model";
import { whoIn } from "../desk/who";
import { useSession } from "../session/context";
import type { Page } from "../session/pages";
import { useSoftphone } from "../softphone/context";
import { deviceFor } from "../softphone/devices";
import { ringingFor } from "../softphone/model";
import { showBadge } from "./favicon";
import { notify } from "./notify";
import { startRinging } from "./ring";

interface Props {
  readonly store: Store<Desk, DeskAction>;
  readonly page: Page;
  readonly go: (page: Page) => void;
}

/** Calls for attention while a contact is offered: title, badge, sound, and a word for screen readers. */
export function Attention({ store, page, go }: Props) {
  const desk = useStore(store);
  const texts = useTexts();
  const { preferences } = useSession();
  const offered = phaseOf(desk) === "offer" ? desk.offers[0] : undefined;
  const id = offered?.offer.id;
  const { phone, choices } = useSoftphone();
  const who = (offered && whoIn(offered.file, desk)) ?? texts.say("contact.withheld");
  const ringsHere = offered !== undefined && ringingFor(phone, offered.offer.id, offered.offer.contact.id) !== undefined;
  // One that answers by itself beeps instead.
  const rings = id !== undefined && preferences.ring_sound && !(ringsHere && choices.autoAnswer);
  const ringDevice = deviceFor(choices.ring, phone.devices);

  useEffect(() => {
    document.title = id === undefined ? `${texts.say(`page.${page}`)} · Comptoir` : `● ${texts.say("offer.incoming")} · Comptoir`;
  }, [id, page, texts]);
  useEffect(() => (id === undefined ? undefined : showBadge()), [id]);
  useEffect(() => (rings ? startRinging(ringDevice) : undefined), [id, rings, ringDevice]);
  useEffect(() => {
    if (id !== undefined && choices.notify) return notify(id, texts.say("offer.incoming"), who);
    return undefined;
    // Once an offer: what is known of the caller may still change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
  useEffect(() => {
    if (id !== undefined) go("desk");
    // Only a new offer takes one to the desk: afterwards one may go where one likes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);

  return (
    <p className="visually-hidden" role="alert" aria-live="assertive">
      {offered && texts.say("offer.announced", { who })}
    </p>
  );
}
