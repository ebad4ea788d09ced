import { expect, it } from "vitest";

import { afterLevel, NO_SILENCE, type Silence } from "./silence";

function after(levels: readonly (number | null)[], open = true): Silence {
  return levels.reduce<Silence>((before, level) => afterLevel(before, level, open, 1), NO_SILENCE);
}

it("sounds the alarm after five silent seconds", () => {
  expect(after([0, 0, 0, 0]).alarm).toBe(false);
  expect(after([0, 0, 0, 0, 0.0001]).alarm).toBe(true);
});

it("ends with the first sound", () => {
  expect(after([0, 0, 0, 0, 0, 0, 0.01]).alarm).toBe(false);
  expect(after([0, 0, 0, 0, 0.01, 0, 0, 0, 0]).alarm).toBe(false);
});

it("is none for somebody who is muted or on hold, nor where the level is unknown", () => {
  expect(after([0, 0, 0, 0, 0, 0], false).alarm).toBe(false);
  expect(after([null, null, null, null, null, null]).alarm).toBe(false);
});

it("is not a quiet room", () => {
  expect(after([0.001, 0.002, 0.001, 0.001, 0.002, 0.001]).alarm).toBe(false);
});
