import { expect, it } from "vitest";

import { countersOf, sampleOf, type Counters } from "./stats";

const REPORT = [
  { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.02 },
  { type: "inbound-rtp", kind: "audio", packetsReceived: 100, packetsLost: 4, jitter: 0.011, audioLevel: 0.2 },
  { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.05, roundTripTime: 0.031 },
  { type: "media-source", kind: "audio", audioLevel: 0.5 },
];

const EMPTY: Counters = {
  received: null,
  lost: null,
  lostThere: null,
  jitter: null,
  roundTrip: null,
  levelIn: null,
  levelOut: null,
};

it("reads what browsers report", () => {
  expect(countersOf(REPORT)).toEqual({
    received: 100,
    lost: 4,
    lostThere: 0.05,
    jitter: 0.011,
    roundTrip: 0.031,
    levelIn: 0.2,
    levelOut: 0.5,
  });
});

it("takes the round trip of the connectivity checks while the other side has reported none", () => {
  expect(countersOf(REPORT.filter((one) => one.type !== "remote-inbound-rtp")).roundTrip).toBe(0.02);
  expect(countersOf([])).toEqual(EMPTY);
});

it("counts the loss between two readings, in percent of what was sent", () => {
  const before = { ...EMPTY, received: 100, lost: 4 };
  expect(sampleOf(before, { ...EMPTY, received: 145, lost: 9 }).loss).toBe(10);
  expect(sampleOf(before, { ...EMPTY, received: 150, lost: 2 }).loss).toBe(0);
});

it("knows no loss at first, nor of a peer that sends nothing", () => {
  const now = { ...EMPTY, received: 100, lost: 4 };
  expect(sampleOf(null, now).loss).toBeNull();
  expect(sampleOf(now, now).loss).toBeNull();
});

it("speaks of milliseconds and percent", () => {
  const { jitterMs, roundTripMs, lossThere } = sampleOf(null, { ...EMPTY, jitter: 0.011, roundTrip: 0.031, lostThere: 0.05 });
  expect([jitterMs, roundTripMs, lossThere]).toEqual([11, 31, 5]);
});
