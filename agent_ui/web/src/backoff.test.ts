import { expect, it } from "vitest";

import { delayBefore } from "./backoff";

it("waits twice as long each time, to an end", () => {
  expect([0, 1, 2, 30].map((attempt) => delayBefore(attempt, 8_000, () => 1))).toEqual([500, 1000, 2000, 8000]);
});

it("spreads those who wait over half of the time", () => {
  expect([0, 0.5, 1].map((chance) => delayBefore(1, 8_000, () => chance))).toEqual([500, 750, 1000]);
});
