import { expect, it } from "vitest";

import { constraintsOf, problemOf } from "./microphone";

it.each([
  ["NotAllowedError", "microphone_refused"],
  ["SecurityError", "microphone_refused"],
  ["NotFoundError", "microphone_missing"],
  ["OverconstrainedError", "microphone_missing"],
  ["NotReadableError", "microphone_busy"],
  ["AbortError", "microphone_busy"],
  ["TypeError", "microphone_unsupported"],
] as const)("%s of the browser means %s", (name, problem) => {
  expect(problemOf(new DOMException("", name))).toBe(problem);
});

it("asks for the chosen device and no other", () => {
  expect(constraintsOf("usb").deviceId).toEqual({ exact: "usb" });
  expect(constraintsOf("").deviceId).toBeUndefined();
});
