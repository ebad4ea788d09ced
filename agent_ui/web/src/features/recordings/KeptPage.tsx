import { useEffect, useRef, useState } from "react";

import type { FromReplay, ToReplay } from "../../cobrowse/viewer/replaying";
import type { ReplayPart } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import type { Found } from "./model";
import type { Standing } from "./playback";

interface Props {
  readonly watch: string;
  readonly replay: ReplayPart;
  /** Where it begins on the line of time, in seconds. */
  readonly begin: number;
  readonly shown: boolean;
  readonly standing: Standing;
  /** Where the rest is right now. */
  readonly now: () => Standing;
  readonly onFound: (found: Found) => void;
  readonly onFailed: () => void;
}

/** A kept page in step with the rest, in a document of its own, which may run no shop's script. */
export function KeptPage({ watch, replay, begin, shown, standing, now, onFound, onFailed }: Props) {
  const texts = useTexts();
  const frame = useRef<HTMLIFrameElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState(false);
  const origin = new URL(replay.viewer).origin;
  const latest = useRef({ now, begin, onFound, onFailed });
  useEffect(() => {
    latest.current = { now, begin, onFound, onFailed };
  });

  useEffect(() => {
    const content = fetch(`/api/recordings/watches/${watch}/replay/${replay.session}`, { credentials: "same-origin" }).then(
      (answer) => (answer.ok ? answer.text() : Promise.reject(new Error("the replay is not there"))),
    );
    const send = (message: ToReplay) => frame.current?.contentWindow?.postMessage(message, origin);
    const fail = () => latest.current.onFailed();
    content.catch(fail);
    const told = (message: FromReplay) => {
      switch (message.type) {
        case "ready":
          content.then((text) => send({ type: "load", text })).catch(() => undefined);
          return;
        case "loaded":
          setLoaded(true);
          latest.current.onFound({ pages: message.pages, gaps: message.gaps });
          return;
        case "failed":
          fail();
          return;
        case "at":
          if (place.current) place.current.dataset.drift = String(driftOf(message, latest.current.now(), latest.current.begin));
      }
    };
    const listener = (event: MessageEvent<FromReplay>) => {
      if (event.source === frame.current?.contentWindow && event.origin === origin) told(event.data);
    };
    window.addEventListener("message", listener);
    return () => window.removeEventListener("message", listener);
  }, [watch, replay.session, origin]);

  useEffect(() => {
    const { at, playing, speed } = standing;
    const message: ToReplay = { type: "sync", at: (at - begin) * 1000, sent: Date.now(), playing: playing && shown, speed };
    if (loaded) frame.current?.contentWindow?.postMessage(message, origin);
  }, [standing, begin, shown, loaded, origin]);

  return (
    <div ref={place} className="player-page" hidden={!shown}>
      {!loaded && <p className="soft small">{texts.say("recordings.loading")}</p>}
      <iframe
        ref={frame}
        className="player-frame"
        sandbox="allow-scripts allow-same-origin"
        src={replay.viewer}
        title={texts.say("recordings.viewer")}
      />
    </div>
  );
}

/** Milliseconds by which the page is ahead of what is heard. */
function driftOf(where: Extract<FromReplay, { type: "at" }>, { at, playing, speed }: Standing, begin: number): number {
  const since = where.playing && playing ? (Date.now() - where.told) * speed : 0;
  return Math.round(where.at + since - (at - begin) * 1000);
}
