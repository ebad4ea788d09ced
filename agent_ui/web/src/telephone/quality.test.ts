import { describe, expect, it } from "vitest";

import { qualityOf, ratingOf } from "./quality";
import type { Sample } from "./types";

const FINE: Sample = { loss: 0, lossThere: 0, jitterMs: 5, roundTripMs: 30, levelIn: null, levelOut: null };

function all(part: Partial<Sample>): Sample[] {
  return Array.from({ length: 5 }, () => ({ ...FINE, ...part }));
}

describe("the word for a call's quality", () => {
  it.each([
    ["nothing wrong", {}, "good"],
    ["2 % loss", { loss: 2 }, "good"],
    ["300 ms round trip", { roundTripMs: 300 }, "good"],
    ["5 % loss", { loss: 5 }, "fair"],
    ["5 % loss on the way there", { lossThere: 5 }, "fair"],
    ["8 % loss", { loss: 8 }, "poor"],
    ["5 % loss and 600 ms", { loss: 5, roundTripMs: 600 }, "poor"],
    ["120 ms of jitter", { jitterMs: 120 }, "fair"],
  ] as const)("%s", (_, part, word) => {
    expect(qualityOf(all(part))).toBe(word);
  });

  it("does not change for one bad second", () => {
    expect(qualityOf([...all({}).slice(1), { ...FINE, loss: 8 }])).toBe("good");
  });

  it("forgets what is long over", () => {
    expect(qualityOf([...all({ loss: 40 }), ...all({})])).toBe("good");
  });

  it("is unknown while nothing is known", () => {
    expect(qualityOf([])).toBeNull();
    expect(qualityOf(all({ loss: null, lossThere: null, jitterMs: null, roundTripMs: null }))).toBeNull();
  });

  it("is rated like ITU-T G.107 does: the best connection has 93.2, and delay hurts more from 177 ms on", () => {
    expect(ratingOf(0, 0)).toBeCloseTo(93.2);
    expect(ratingOf(0, 177.3)).toBeCloseTo(88.94, 1);
    expect(ratingOf(0, 277.3)).toBeCloseTo(75.54, 1);
  });
});
