/** Whether a microphone that should be heard is silent, and for how long it has been (in seconds). */
export interface Silence {
  readonly seconds: number;
  readonly alarm: boolean;
}

export const NO_SILENCE: Silence = { seconds: 0, alarm: false };

/** Below this (of 1) is digital silence: a working microphone in the quietest room gives more. */
export const SILENT_LEVEL = 0.0005;
/** After this long, in seconds, it is worth an alarm. */
export const SILENT_FOR = 5;

/**
 * What follows from the loudest `level` in the next `seconds`. A null level is unknown and counts as sound; so does a
 * microphone that is not to be heard (`open` is false: muted, on hold).
 */
export function afterLevel(before: Silence, level: number | null, open: boolean, seconds: number): Silence {
  if (!open || level === null || level > SILENT_LEVEL) return NO_SILENCE;
  const sum = before.seconds + seconds;
  return { seconds: sum, alarm: sum >= SILENT_FOR };
}
