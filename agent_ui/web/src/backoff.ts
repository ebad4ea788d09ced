const FIRST = 500;

/**
 * Milliseconds before attempt number `attempt` (from 0): twice as long each time up to `longest`, and spread, so that
 * not everybody comes back at the same moment.
 */
export function delayBefore(attempt: number, longest: number, random: () => number = Math.random): number {
  const most = Math.min(longest, FIRST * 2 ** attempt);
  return most / 2 + (most / 2) * random();
}
