import { useEffect, useMemo, useRef, useState } from "react";

import type { OpenedContact } from "../../contract/contract";
import { when } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { useNow } from "../../ui/useNow";
import { CommandButton } from "../session/Command";
import { Controls } from "./Controls";
import { KeptPage } from "./KeptPage";
import { Marks } from "./Marks";
import { type Found, marksOf, pageAt, timelineOf } from "./model";
import { RecordingSound } from "./RecordingSound";
import { usePlayback } from "./usePlayback";
import { WatchedBy } from "./WatchedBy";
import { whoOf } from "./who";

/** One contact: what was said and what was seen, in step. */
export function Player({ opened, onClose }: { readonly opened: OpenedContact; readonly onClose: () => void }) {
  const texts = useTexts();
  const now = useNow(0, 60_000);
  const title = useRef<HTMLHeadingElement>(null);
  const timeline = useMemo(() => timelineOf(opened), [opened]);
  const player = usePlayback(timeline);
  const [found, setFound] = useState<ReadonlyMap<string, Found>>(new Map());
  const [notice, setNotice] = useState<"audio_failed" | "replay_failed" | null>(null);
  useEffect(() => title.current?.focus(), []);
  const marks = useMemo(() => marksOf(opened, timeline, found), [opened, timeline, found]);
  const shown = pageAt(timeline.pages, player.standing.at);
  const problem = notice ?? (player.failed ? "audio_failed" : null);
  const { contact } = opened;
  return (
    <main className="recordings">
      <header className="player-head">
        <CommandButton kind="quiet" icon="undo" onClick={onClose}>
          {texts.say("recordings.back")}
        </CommandButton>
        <h1 ref={title} tabIndex={-1}>
          {whoOf(contact, texts)}
        </h1>
        <p className="soft">
          {[when(contact.started_at, now, texts.language), contact.queue, contact.agent_name].filter(Boolean).join(" · ")}
        </p>
      </header>
      {problem !== null && (
        <p className="notice notice-warning" role="alert">
          {texts.say(`recordings.${problem}`)}
        </p>
      )}
      <section className="card player" aria-label={texts.say("recordings.player")}>
        {opened.recordings.map(({ id }) => (
          <RecordingSound key={id} id={id} watch={opened.watch} take={player.take} onFailed={() => setNotice("audio_failed")} />
        ))}
        {opened.replays.map((replay) => (
          <KeptPage
            key={replay.session}
            watch={opened.watch}
            replay={replay}
            begin={timeline.pages.find((one) => one.id === replay.session)?.begin ?? 0}
            shown={shown?.id === replay.session}
            standing={player.standing}
            now={player.now}
            onFound={(there) => setFound((known) => new Map(known).set(replay.session, there))}
            onFailed={() => setNotice("replay_failed")}
          />
        ))}
        {opened.replays.length === 0 && <p className="soft small player-alone">{texts.say("recordings.no_page")}</p>}
        <Controls player={player} length={timeline.length} marks={marks} />
      </section>
      <div className="player-below">
        <Marks marks={marks} at={player.standing.at} onGo={player.seek} />
        <WatchedBy lines={opened.watched} />
      </div>
    </main>
  );
}
