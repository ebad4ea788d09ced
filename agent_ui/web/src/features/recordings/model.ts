// One contact's recordings and pages on one line of time. Moments on it are seconds since the first of them began.

import type { Gap, KeptPage } from "../../cobrowse/viewer/kept";
import type { OpenedContact, RecordedContact } from "../../contract/contract";

/** Something that can be heard or watched from `begin` to `end`. */
export interface Span {
  readonly id: string;
  readonly begin: number;
  readonly end: number;
}

export interface Timeline {
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly length: number;
  readonly sounds: readonly Span[];
  readonly pages: readonly Span[];
}

export interface Mark {
  readonly at: number;
  /** A key below `recordings.mark`. */
  readonly kind: string;
  readonly tier: string;
  /** Who did it, or which page it is. */
  readonly of: string;
}

/** What the viewer has found in a kept page. */
export interface Found {
  readonly pages: readonly KeptPage[];
  readonly gaps: readonly Gap[];
}

export function timelineOf(opened: OpenedContact): Timeline {
  const begins = [...opened.recordings, ...opened.replays].map((part) => Date.parse(part.started_at));
  const began = Math.min(...begins);
  const since = (moment: string) => (Date.parse(moment) - began) / 1000;
  const sounds = opened.recordings.map(({ id, started_at, seconds }) => span(id, since(started_at), seconds));
  const pages = opened.replays.map(({ session, started_at, ended_at }) =>
    span(session, since(started_at), since(ended_at) - since(started_at)),
  );
  const length = Math.max(0, ...[...sounds, ...pages].map((one) => one.end));
  return { began, length, sounds, pages };
}

/** What is there at a moment; the end of one is not part of it. */
export function spanAt(spans: readonly Span[], at: number): Span | null {
  return spans.find((one) => one.begin <= at && at < one.end) ?? null;
}

/** The page to look at: the one that is shown, or else the last one before, or the first. */
export function pageAt(pages: readonly Span[], at: number): Span | null {
  const before = pages.filter((one) => one.begin <= at);
  return spanAt(pages, at) ?? before.at(-1) ?? pages[0] ?? null;
}

/** What happened, in order: the recordings and their pauses, the steps of the consent, page loads, payments. */
export function marksOf(opened: OpenedContact, timeline: Timeline, found: ReadonlyMap<string, Found>): Mark[] {
  const marks = [...soundMarks(opened, timeline), ...consentMarks(opened, timeline)];
  for (const page of timeline.pages) {
    const there = found.get(page.id);
    marks.push(...(there?.pages ?? []).map(({ at, page: of }) => mark(page.begin + at / 1000, "page", "", of)));
    const paying = (there?.gaps ?? []).filter((gap) => gap.why === "paying");
    marks.push(...paying.map((gap) => mark(page.begin + gap.from / 1000, "paying")));
  }
  return marks.sort((one, other) => one.at - other.at);
}

/** Whether a contact fits what somebody typed: all words, anywhere, in any case, with or without accents. */
export function fits(contact: RecordedContact, typed: string): boolean {
  const { customer_name, number, queue, agent_name } = contact;
  const there = plain([customer_name, number, queue, agent_name].filter(Boolean).join(" "));
  return plain(typed).split(/\s+/).every((word) => there.includes(word));
}

function soundMarks(opened: OpenedContact, timeline: Timeline): Mark[] {
  return opened.recordings.flatMap((recording) => {
    const begin = timeline.sounds.find((one) => one.id === recording.id)?.begin ?? 0;
    const pauses = recording.pauses.map((pause) => mark(begin + pause.begin, "silence"));
    return [mark(begin, "begins"), ...pauses];
  });
}

function consentMarks(opened: OpenedContact, { began, length }: Timeline): Mark[] {
  return opened.consent.map(({ at, action, tier, by }) => {
    const moment = (Date.parse(at) - began) / 1000;
    return mark(Math.min(length, Math.max(0, moment)), action, tier, by);
  });
}

function span(id: string, begin: number, seconds: number): Span {
  return { id, begin, end: begin + seconds };
}

function mark(at: number, kind: string, tier = "", of = ""): Mark {
  return { at, kind, tier, of };
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}
