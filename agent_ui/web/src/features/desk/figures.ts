import type { CdrView, RecentContact } from "../../contract/contract";

/** An agent's own day. Times in seconds; the averages are null without contacts. */
export interface Figures {
  readonly handled: number;
  readonly talkTime: number;
  readonly averageTalk: number | null;
  readonly longestTalk: number | null;
}

/** What an agent did for customers since midnight, here where they sit. */
export function figuresOf(contacts: readonly RecentContact[], now: number): Figures {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const today = contacts.filter(({ cdr }) => isHandled(cdr) && Date.parse(cdr.started_at) >= midnight);
  const talks = today.map(({ cdr }) => cdr.talk_seconds).filter((talk) => talk !== null);
  const talkTime = talks.reduce((sum, talk) => sum + talk, 0);
  return {
    handled: today.length,
    talkTime,
    averageTalk: talks.length > 0 ? talkTime / talks.length : null,
    longestTalk: talks.length > 0 ? Math.max(...talks) : null,
  };
}

/** Calls between colleagues are work, but nobody's contact. */
function isHandled(cdr: CdrView): boolean {
  return cdr.answered_at !== null && cdr.direction !== "internal";
}
