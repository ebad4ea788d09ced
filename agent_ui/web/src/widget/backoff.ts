const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before the next attempt, after `failures` in a row: doubling, and spread so that not all pages
 * of a shop come back at the same moment. `chance` is 0..1. */
export function pauseMs(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(whole * (0.5 + chance / 2));
}
