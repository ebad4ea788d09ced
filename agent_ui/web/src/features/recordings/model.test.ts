import { expect, test } from "vitest";

import type { OpenedContact, RecordedContact } from "../../contract/contract";
import { fits, marksOf, pageAt, spanAt, timelineOf } from "./model";

const at = (seconds: number) => new Date(Date.UTC(2026, 4, 1, 12) + seconds * 1000).toISOString();

const contact: RecordedContact = {
  contact: "c1",
  kind: "call",
  started_at: at(0),
  direction: "inbound",
  number: "+33612345678",
  customer_name: "Inês Valadares",
  queue: "Ventes",
  agent: "alice",
  agent_name: "Alice Martin",
  seconds: 60,
  heard: true,
  replay: true,
  running: false,
};

const opened: OpenedContact = {
  watch: "w",
  contact,
  recordings: [
    { id: "r1", started_at: at(0), seconds: 60, pauses: [{ begin: 20, end: 25 }] },
    { id: "r2", started_at: at(100), seconds: 30, pauses: [] },
  ],
  replays: [{ session: "s1", started_at: at(10), ended_at: at(50), viewer: "" }],
  consent: [
    { at: at(9), action: "granted", tier: "view", by: "customer" },
    { at: at(500), action: "stopped", tier: "", by: "Alice" },
  ],
  watched: [],
};

const timeline = timelineOf(opened);

test("recordings and pages lie on one line of time", () => {
  expect(timeline.began).toBe(Date.parse(at(0)));
  expect(timeline.length).toBe(130);
  expect(timeline.sounds).toEqual([
    { id: "r1", begin: 0, end: 60 },
    { id: "r2", begin: 100, end: 130 },
  ]);
  expect(timeline.pages).toEqual([{ id: "s1", begin: 10, end: 50 }]);
});

test("between two recordings there is nothing to hear", () => {
  expect(spanAt(timeline.sounds, 59.9)?.id).toBe("r1");
  expect(spanAt(timeline.sounds, 60)).toBeNull();
  expect(spanAt(timeline.sounds, 100)?.id).toBe("r2");
});

test("the page that was shown last stays in view", () => {
  expect(pageAt(timeline.pages, 0)?.id).toBe("s1");
  expect(pageAt(timeline.pages, 99)?.id).toBe("s1");
  expect(pageAt([], 99)).toBeNull();
});

test("what happened stands in order of time, within the line", () => {
  const found = new Map([["s1", { pages: [{ at: 0, page: "/cart" }], gaps: [{ from: 9000, to: 15_000, why: "paying" }, { from: 1, to: 2, why: "paused" }] }]]);
  const told = marksOf(opened, timeline, found).map((one) => [one.at, one.kind, one.of]);
  expect(told).toEqual([
    [0, "begins", ""],
    [9, "granted", "customer"],
    [10, "page", "/cart"],
    [19, "paying", ""],
    [20, "silence", ""],
    [100, "begins", ""],
    [130, "stopped", "Alice"],
  ]);
});

test("a contact is found by any of its words, without accents", () => {
  for (const typed of ["", "ines", "VALADARES inês", "3361234", "ventes alice", " "]) {
    expect(fits(contact, typed), typed).toBe(true);
  }
  expect(fits(contact, "ines bruno")).toBe(false);
});
