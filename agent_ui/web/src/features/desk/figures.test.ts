import { expect, it } from "vitest";

import type { CdrView, RecentContact } from "../../contract/contract";
import { figuresOf } from "./figures";

const NOW = new Date(2026, 10, 21, 15, 0).getTime();

function past(hoursAgo: number, talk: number | null, answered = true, direction = "inbound"): RecentContact {
  const started = new Date(NOW - hoursAgo * 3_600_000).toISOString();
  const cdr = { started_at: started, answered_at: answered ? started : null, talk_seconds: talk, direction } as CdrView;
  return { cdr, customer_name: null };
}

it("counts what was answered since midnight", () => {
  const figures = figuresOf([past(1, 60), past(3, 180), past(16, 999), past(2, null, false), past(1, 50, true, "internal")], NOW);
  expect(figures).toEqual({ handled: 2, talkTime: 240, averageTalk: 120, longestTalk: 180 });
});

it("has no average of nothing", () => {
  expect(figuresOf([], NOW)).toEqual({ handled: 0, talkTime: 0, averageTalk: null, longestTalk: null });
});
