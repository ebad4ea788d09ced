import { useState } from "react";

import type { ContactFile } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { useStore, type Store } from "../../store/store";
import { Call } from "../call/Call";
import { Cobrowse } from "../cobrowse/Cobrowse";
import { DialDialog } from "../call/DialDialog";
import { CustomerFile } from "../customer/CustomerFile";
import { OfferCard } from "../offer/OfferCard";
import { useSession } from "../session/context";
import { ShortcutHelp } from "../shortcuts/ShortcutHelp";
import { useShortcuts } from "../shortcuts/shortcuts";
import { SoftphoneNotice } from "../softphone/SoftphoneNotice";
import { TimelineCard } from "../timeline/TimelineCard";
import { WrapUp } from "../wrapup/WrapUp";
import { Day } from "./Day";
import { Idle } from "./Idle";
import { LinkNotice } from "./LinkNotice";
import { phaseOf, type Desk, type DeskAction } from "./model";

/** An agent's desk: on one side what to do now, on the other whom it is about. */
export function DeskPage({ store }: { readonly store: Store<Desk, DeskAction> }) {
  const desk = useStore(store);
  const texts = useTexts();
  const { preferences } = useSession();
  const [help, setHelp] = useState(false);
  // Kept here, and not where it is opened from: an offer that comes must not take it away from somebody who types.
  const [dialing, setDialing] = useState(false);
  const file = desk.file ?? desk.offers[0]?.file;
  useShortcuts({ help: () => setHelp(true) }, preferences.shortcuts);
  return (
    <main className="desk" aria-busy={!desk.ready}>
      <h1 className="visually-hidden">{texts.say("page.desk")}</h1>
      <LinkNotice desk={desk} />
      <SoftphoneNotice />
      <div className="desk-stage">
        <Stage desk={desk} store={store} onDial={() => setDialing(true)} />
        {file && <TimelineCard entries={file.timeline} desk={desk} />}
      </div>
      <div className="desk-side">
        {desk.file && phaseOf(desk) === "call" && <Cobrowse key={desk.file.contact.id} file={desk.file} page={desk.pages[desk.file.contact.id]} />}
        {file ? <Customer file={file} desk={desk} store={store} /> : <Day desk={desk} />}
      </div>
      {dialing && <DialDialog onClose={() => setDialing(false)} />}
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </main>
  );
}

interface Props {
  readonly desk: Desk;
  readonly store: Store<Desk, DeskAction>;
}

function Stage({ desk, store, onDial }: Props & { readonly onDial: () => void }) {
  const pop = desk.offers[0];
  switch (phaseOf(desk)) {
    case "offer":
      return pop ? <OfferCard key={pop.offer.id} pop={pop} desk={desk} /> : null;
    case "call":
      return desk.file && <Call key={desk.file.contact.id} contact={desk.file.contact} file={desk.file} desk={desk} />;
    case "wrap_up":
      return desk.file && <WrapUp key={desk.file.contact.id} file={desk.file} desk={desk} />;
    case "idle":
      return <Idle desk={desk} onDial={onDial} onMissedSeen={() => store.dispatch({ type: "missed seen" })} />;
  }
}

function Customer({ file, desk, store }: Props & { readonly file: ContactFile }) {
  return (
    <CustomerFile
      key={file.contact.id}
      file={file}
      desk={desk}
      onRead={(read) => store.dispatch({ type: "file", file: read })}
      onCart={(live) => store.dispatch({ type: "cart", live })}
    />
  );
}
