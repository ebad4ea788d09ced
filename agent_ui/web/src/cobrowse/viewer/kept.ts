// A kept page, as the server hands it out: a line for each thing that was shown, or for where nothing was.

import { EVENT, type RecordedEvent } from "../protocol";

export interface KeptPage {
  at: number;
  page: string;
}

/** Nothing was seen from here to there, and why; without an end, to the last. */
export interface Gap {
  from: number;
  to: number | null;
  why: string;
}

export interface Kept {
  events: RecordedEvent[];
  pages: KeptPage[];
  gaps: Gap[];
  first: number;
  last: number;
}

interface Line {
  at?: number;
  epoch?: string;
  events?: RecordedEvent[];
  gap?: string;
}

/** Reads the lines. Events happen when they arrived; whatever the customer's clock said is not used. */
export function readKept(text: string): Kept {
  const kept: Kept = { events: [], pages: [], gaps: [], first: 0, last: 0 };
  let shown = "";
  for (const row of text.split("\n")) {
    const line = row === "" ? {} : (JSON.parse(row) as Line);
    if (line.at === undefined) {
      continue;
    }
    if (line.gap !== undefined) {
      kept.gaps.push({ from: line.at, to: null, why: line.gap });
    } else {
      closeGap(kept, line.at);
      shown = takeEvents(kept, line, line.at, shown);
    }
    kept.last = Math.max(kept.last, line.at);
  }
  kept.first = kept.events[0]?.timestamp ?? 0;
  return kept;
}

export function gapAt(kept: Kept, at: number): Gap | null {
  return kept.gaps.find((gap) => gap.from <= at && (gap.to === null || at < gap.to)) ?? null;
}

function closeGap(kept: Kept, at: number): void {
  const open = kept.gaps.at(-1);
  if (open?.to === null) {
    open.to = at;
  }
}

/** Adds a line's events; gives which page is shown now. */
function takeEvents(kept: Kept, line: Line, at: number, shown: string): string {
  let now = shown;
  for (const event of line.events ?? []) {
    kept.events.push({ ...event, timestamp: at });
    if (event.type === EVENT.META) {
      const page = pathOf((event.data as { href?: unknown }).href);
      const load = `${line.epoch ?? ""} ${page}`;
      if (load !== now) {
        kept.pages.push({ at, page });
      }
      now = load;
    }
  }
  return now;
}

function pathOf(href: unknown): string {
  try {
    return new URL(String(href)).pathname;
  } catch {
    return "";
  }
}
