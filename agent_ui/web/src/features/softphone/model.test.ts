import { describe, expect, it } from "vitest";

import type { Call } from "../../telephone/types";
import { liveCall, NO_SOFTPHONE, reduceSoftphone, ringingFor, statusOf, type Softphone } from "./model";

function call(part: Partial<Call> = {}): Call {
  const rings = { id: "1", direction: "in", state: "ringing", muted: false, contact: "c1", offer: "o1" } as const;
  return { ...rings, answersItself: false, label: "Olivia", end: null, ...part };
}

const READY: Softphone = { ...NO_SOFTPHONE, place: "here", link: "registered" };

describe("what the header says", () => {
  it.each([
    ["off", NO_SOFTPHONE],
    ["asking", { ...NO_SOFTPHONE, place: "asking" }],
    ["other_tab", { ...READY, place: "other_tab" }],
    ["microphone", { ...READY, microphone: "microphone_refused" }],
    ["refused", { ...READY, link: "refused" }],
    ["connecting", { ...READY, link: "connecting" }],
    ["connecting", { ...READY, link: "connected" }],
    ["lost", { ...READY, link: "lost" }],
    ["ready", READY],
    ["ready", { ...READY, calls: [call()] }],
    ["in_call", { ...READY, calls: [call({ state: "talking" })] }],
    ["microphone", { ...READY, link: "connected", microphone: "microphone_missing" }],
  ] as const)("%s", (status, phone) => {
    expect(statusOf(phone)).toBe(status);
  });
});

describe("a call in the page", () => {
  const ringing = reduceSoftphone(READY, { type: "call", call: call() });

  it("is found by the offer it rings for", () => {
    expect(ringingFor(ringing, "o1", "c1")?.id).toBe("1");
    expect(ringingFor(ringing, "o2", "c1")).toBeUndefined();
  });

  it("is found by its contact where there is no offer", () => {
    expect(ringingFor(ringing, null, "c1")?.id).toBe("1");
    expect(ringingFor(ringing, null, "c2")).toBeUndefined();
  });

  it("rings no more once it is answered", () => {
    const talks = reduceSoftphone(ringing, { type: "call", call: call({ state: "talking" }) });
    expect([ringingFor(talks, "o1", "c1"), liveCall(talks)?.id, talks.calls.length]).toEqual([undefined, "1", 1]);
  });

  it.each(["talking", "held", "recovering"] as const)("is live while it is %s", (state) => {
    expect(liveCall({ ...READY, calls: [call({ state })] })).toBeDefined();
  });

  it("takes its alarms with it when it ends", () => {
    const loud: Softphone = { ...ringing, silent: true, quality: "poor", soundBlocked: true };
    const over = reduceSoftphone(loud, { type: "call", call: call({ state: "ended", end: "there" }) });
    expect([over.calls, over.silent, over.quality, over.soundBlocked]).toEqual([[], false, null, false]);
  });
});
