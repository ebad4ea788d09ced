import { useState } from "react";

import type { OpenedContact } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Empty } from "../../ui/Empty";
import { useAct, useSession } from "../session/context";
import { Filters } from "./Filters";
import { fits } from "./model";
import { Player } from "./Player";
import { RecordedRow } from "./RecordedRow";
import { useRecordings } from "./useRecordings";

/** What was recorded and kept, for supervisors: a list to choose from, then one to hear and watch. */
export function RecordingsPage() {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act } = useAct();
  const { list, wanted, want, problem } = useRecordings();
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState<OpenedContact | null>(null);
  const [last, setLast] = useState<string | null>(null);
  const open = (contact: string) =>
    act(async () => {
      setLast(contact);
      setOpened(await api.openRecording(contact));
    });
  if (opened !== null) {
    return <Player key={opened.watch} opened={opened} onClose={() => setOpened(null)} />;
  }
  const shown = list?.contacts.filter((one) => fits(one, typed)) ?? [];
  return (
    <main className="recordings">
      <h1>{texts.say("page.recordings")}</h1>
      <Filters agents={list?.agents ?? []} wanted={wanted} want={want} typed={typed} onTyped={setTyped} />
      <section className="card" aria-labelledby="recordings-found">
        <header className="card-head">
          <h2 id="recordings-found" aria-live="polite">
            {list ? texts.count("recordings.found", shown.length) : ""}
          </h2>
        </header>
        {problem !== null && <Empty icon="warning">{problem}</Empty>}
        {problem === null && list !== null && shown.length === 0 && (
          <Empty icon="record">{texts.say(list.contacts.length === 0 ? "recordings.none" : "recordings.none_fit")}</Empty>
        )}
        <ul className="rows">
          {shown.map((one) => (
            <RecordedRow key={one.contact} contact={one} busy={busy} focused={one.contact === last} onOpen={() => open(one.contact)} />
          ))}
        </ul>
      </section>
      {list?.more && <p className="notice notice-warning">{texts.say("recordings.more")}</p>}
      {list && (
        <p className="soft small">
          {list.kept_days > 0
            ? texts.say("recordings.kept", { days: Math.round(list.kept_days * 10) / 10 })
            : texts.say("recordings.kept_for_ever")}
        </p>
      )}
    </main>
  );
}
