import { expect, it } from "vitest";

import { deviceFor, unplugged, type Device } from "./devices";

const BUILT_IN: Device = { id: "a", kind: "microphone", label: "Built-in" };
const HEADSET: Device = { id: "b", kind: "microphone", label: "Headset" };

it("uses the chosen device while it is there, else the browser's own choice", () => {
  expect(deviceFor("b", [BUILT_IN, HEADSET])).toBe("b");
  expect(deviceFor("b", [BUILT_IN])).toBe("");
  expect(deviceFor("", [BUILT_IN])).toBe("");
});

it("names a chosen device that was unplugged, once", () => {
  expect(unplugged("b", [BUILT_IN, HEADSET], [BUILT_IN])?.label).toBe("Headset");
  expect(unplugged("b", [BUILT_IN], [BUILT_IN])).toBeNull();
});

it("does not mind devices that nobody chose, nor one that was never there", () => {
  expect(unplugged("a", [BUILT_IN, HEADSET], [BUILT_IN])).toBeNull();
  expect(unplugged("", [BUILT_IN, HEADSET], [])).toBeNull();
  expect(unplugged("c", [], [BUILT_IN])).toBeNull();
});
