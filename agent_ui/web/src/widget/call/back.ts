import type { CallEnd } from "../../telephone/types";

/** Milliseconds for which a call is tried to be taken back: less than the telephone system keeps it (away_grace). */
const PATIENCE = 15_000;
/** Milliseconds between two tries. */
export const BACK_AGAIN = 400;

/** What will not be otherwise a moment later: there is no call any more, it went on elsewhere, or nobody can speak. */
const FINAL: ReadonlySet<CallEnd> = new Set([
  "not_found",
  "here",
  "there",
  "left",
  "canceled",
  "microphone_refused",
  "microphone_missing",
  "microphone_unsupported",
]);

/** Whether a call that could not be taken back, `tried` milliseconds after the first try, is tried once more. */
export function isTriedAgain(end: CallEnd, tried: number): boolean {
  return !FINAL.has(end) && tried + BACK_AGAIN < PATIENCE;
}
