import type { Language } from "../i18n/texts";
import { momentsIn } from "./formats";

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

const timesIn = momentsIn(TIME);
const daysIn = momentsIn({ ...DAY, year: "numeric" });
const momentsWithDayIn = momentsIn({ ...DAY, ...TIME });

/** Seconds from one moment (ISO 8601) to another in milliseconds; never below 0. */
export function secondsSince(moment: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(moment)) / 1000));
}

/** Seconds until a moment; never below 0. */
export function secondsUntil(moment: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
}

/** 0:07, 12:40, 1:03:20 */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const padded = String(s).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${padded}` : `${m}:${padded}`;
}

/** 21 Nov 2026 */
export function day(moment: string, language: Language): string {
  return daysIn(language).format(dateOf(moment));
}

/** 21 Nov, 14:05; or only 14:05 if it is today. */
export function when(moment: string, now: number, language: Language): string {
  const date = new Date(moment);
  const today = date.toDateString() === new Date(now).toDateString();
  return (today ? timesIn : momentsWithDayIn)(language).format(date);
}

/** A date without a time is a calendar day, wherever one is. */
function dateOf(moment: string): Date {
  return moment.length === 10 ? new Date(`${moment}T12:00:00`) : new Date(moment);
}
