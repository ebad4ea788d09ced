const FIRST = 500;
const LONGEST = 8_000;

/** Milliseconds before attempt number `attempt` (from 0): twice as long each time, spread, and never very long. */
export function delayBefore(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST, FIRST * 2 ** attempt);
  return most / 2 + (most / 2) * random();
}
