import type { Sample } from "./types";

/** What a call's counters say at one moment. Figures that the browser does not know are null. */
export interface Counters {
  readonly received: number | null;
  readonly lost: number | null;
  /** Fraction lost on the way there, 0..1, from the other side's latest report. */
  readonly lostThere: number | null;
  readonly jitter: number | null;
  readonly roundTrip: number | null;
  readonly levelIn: number | null;
  readonly levelOut: number | null;
}

/** One entry of an RTCStatsReport, as far as it matters. */
export type Entry = Readonly<Record<string, unknown>>;

export function countersOf(report: Iterable<Entry>): Counters {
  const entries = [...report];
  const of = (type: string) => entries.find((one) => one.type === type && (one.kind ?? "audio") === "audio");
  const [heard, there, said] = [of("inbound-rtp"), of("remote-inbound-rtp"), of("media-source")];
  const pair = entries.find((one) => one.type === "candidate-pair" && one.nominated === true && one.state === "succeeded");
  return {
    received: number(heard?.packetsReceived),
    lost: number(heard?.packetsLost),
    lostThere: number(there?.fractionLost),
    jitter: number(heard?.jitter),
    roundTrip: number(there?.roundTripTime) ?? number(pair?.currentRoundTripTime),
    levelIn: number(heard?.audioLevel),
    levelOut: number(said?.audioLevel),
  };
}

/** What the time between two readings was like. */
export function sampleOf(before: Counters | null, now: Counters): Sample {
  return {
    loss: lossBetween(before, now),
    lossThere: now.lostThere === null ? null : now.lostThere * 100,
    jitterMs: now.jitter === null ? null : now.jitter * 1000,
    roundTripMs: now.roundTrip === null ? null : now.roundTrip * 1000,
    levelIn: now.levelIn,
    levelOut: now.levelOut,
  };
}

/** A peer that sends nothing (it is on hold) loses nothing; duplicates can make the counter of lost ones fall. */
function lossBetween(before: Counters | null, now: Counters): number | null {
  if (before === null || now.received === null || now.lost === null) return null;
  if (before.received === null || before.lost === null) return null;
  const lost = Math.max(0, now.lost - before.lost);
  const sent = lost + Math.max(0, now.received - before.received);
  return sent === 0 ? null : (100 * lost) / sent;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function entriesOf(report: RTCStatsReport): Entry[] {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  return entries;
}
