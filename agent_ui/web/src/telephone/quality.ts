import type { Quality, Sample } from "./types";

/**
 * How good a call is, by a shortened E-model (ITU-T G.107): R = 93.2 - what delay costs - what loss costs.
 *
 * Delay is half the round trip, twice the jitter (what the buffer adds) and 30 ms for packets and codec; loss costs
 * what G.113 gives for G.711 with concealment (Bpl 25.1), which is close enough for Opus. The worse direction counts.
 *
 * | R           | word | in users' terms (G.107 annex B)  | for example                          |
 * |-------------|------|----------------------------------|--------------------------------------|
 * | 80 and more | good | satisfied                        | 2 % loss, or 300 ms round trip       |
 * | 70 to 80    | fair | some are dissatisfied            | 5 % loss                             |
 * | below 70    | poor | many are dissatisfied            | 8 % loss, or 5 % and 600 ms          |
 */
export const GOOD = 80;
export const FAIR = 70;

/** Seconds over which figures are averaged: one bad second is no bad call. */
export const WINDOW = 5;

const BEST = 93.2;
const FIXED_DELAY_MS = 30;
const LOSS_ROBUSTNESS = 25.1;

/** The word for the last seconds' samples; null while nothing is known. */
export function qualityOf(samples: readonly Sample[]): Quality | null {
  const latest = samples.slice(-WINDOW);
  const loss = larger(average(latest.map((one) => one.loss)), average(latest.map((one) => one.lossThere)));
  const jitter = average(latest.map((one) => one.jitterMs));
  const roundTrip = average(latest.map((one) => one.roundTripMs));
  if (loss === null && roundTrip === null) return null;
  const rating = ratingOf(loss ?? 0, (roundTrip ?? 0) / 2 + 2 * (jitter ?? 0) + FIXED_DELAY_MS);
  return rating >= GOOD ? "good" : rating >= FAIR ? "fair" : "poor";
}

/** R, from loss in percent and one-way delay in milliseconds. */
export function ratingOf(loss: number, delayMs: number): number {
  const delay = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  return BEST - delay - (95 * loss) / (loss + LOSS_ROBUSTNESS);
}

function average(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0) / known.length;
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
