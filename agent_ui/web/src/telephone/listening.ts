import type { Leg } from "./leg";
import { createMeter, type Meter } from "./meter";
import { qualityOf, WINDOW } from "./quality";
import { afterLevel } from "./silence";
import { countersOf, entriesOf, sampleOf } from "./stats";
import type { TelephoneEvents } from "./types";

const SAMPLING = 1_000;
const METERING = 100;

/** Tells how calls sound: how loud both sides are, how good the connection is, whether a microphone is dead. */
export class Listening {
  readonly #events: TelephoneEvents;
  readonly #answered: () => readonly Leg[];
  #meter: Meter | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];

  /** `answered` gives the legs that are listened to. */
  constructor(events: TelephoneEvents, answered: () => readonly Leg[]) {
    this.#events = events;
    this.#answered = answered;
  }

  start(): void {
    if (this.#timers.length > 0) return;
    this.#timers = [setInterval(() => void this.#sample(), SAMPLING), setInterval(() => this.#measure(), METERING)];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#meter?.stop();
    this.#meter = null;
  }

  watch(which: "microphone" | "speaker", stream: MediaStream): void {
    try {
      this.#meter ??= createMeter();
    } catch {
      // No Web Audio: the call is more important than its level.
      return;
    }
    this.#meter.watch(which, stream);
  }

  #measure(): void {
    const [microphone, speaker] = [this.#meter?.read("microphone") ?? null, this.#meter?.read("speaker") ?? null];
    for (const leg of this.#answered()) {
      if (microphone !== null) leg.loudest = Math.max(leg.loudest ?? 0, microphone);
      const sample = leg.samples.at(-1);
      this.#events.level?.(microphone ?? sample?.levelOut ?? 0, speaker ?? sample?.levelIn ?? 0);
    }
  }

  async #sample(): Promise<void> {
    for (const leg of this.#answered()) {
      const counters = countersOf(entriesOf(await leg.session.connection.getStats()));
      if (leg.call.state === "ended") continue;
      const sample = sampleOf(leg.counters, counters);
      leg.counters = counters;
      leg.samples = [...leg.samples, sample].slice(-WINDOW);
      this.#events.quality?.(qualityOf(leg.samples), sample);
      this.#listenForSilence(leg, leg.loudest ?? sample.levelOut);
      leg.loudest = null;
    }
  }

  #listenForSilence(leg: Leg, level: number | null): void {
    const open = leg.call.state === "talking" && !leg.call.muted;
    const before = leg.silence;
    leg.silence = afterLevel(before, level, open, SAMPLING / 1000);
    if (leg.silence.alarm !== before.alarm) this.#events.silentMicrophone?.(leg.silence.alarm);
  }
}
