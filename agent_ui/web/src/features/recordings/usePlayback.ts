import { useEffect, useMemo, useState } from "react";

import type { Timeline } from "./model";
import { Playback, type Standing } from "./playback";

const TICK = 100;

export interface PlayerControls {
  /** Where it is, as it was told last. */
  readonly standing: Standing;
  /** Whether something could not be played. */
  readonly failed: boolean;
  /** Where it is right now. */
  readonly now: () => Standing;
  readonly toggle: () => void;
  readonly seek: (at: number) => void;
  readonly setSpeed: (speed: number) => void;
  /** Takes an audio element of the page. */
  readonly take: (id: string, element: HTMLAudioElement | null) => void;
}

/** Plays a line of time on the page's audio elements, and says where it is. */
export function usePlayback(timeline: Timeline): PlayerControls {
  const [failed, setFailed] = useState(false);
  const [sounds] = useState(() => new Map<string, HTMLAudioElement>());
  const [playback] = useState(
    () =>
      new Playback(
        timeline,
        (id) => sounds.get(id) ?? null,
        () => performance.now(),
        () => setFailed(true),
      ),
  );
  const [standing, setStanding] = useState(playback.standing);
  useEffect(() => {
    if (!standing.playing) return undefined;
    const timer = setInterval(() => setStanding(playback.tick()), TICK);
    return () => clearInterval(timer);
  }, [playback, standing.playing]);
  useEffect(() => () => playback.stop(), [playback]);
  const acts = useMemo(() => {
    const then = (act: () => void) => {
      act();
      setStanding(playback.standing);
    };
    return {
      now: () => playback.standing,
      toggle: () => then(() => (playback.standing.playing ? playback.pause() : playback.play())),
      seek: (at: number) => then(() => playback.seek(at)),
      setSpeed: (speed: number) => then(() => playback.setSpeed(speed)),
      take: (id: string, element: HTMLAudioElement | null) => {
        if (element) sounds.set(id, element);
        else sounds.delete(id);
      },
    };
  }, [playback, sounds]);
  return { standing, failed, ...acts };
}
