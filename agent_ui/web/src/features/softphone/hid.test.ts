import { expect, it } from "vitest";

import { buttonsIn, isOn, lightsIn, reportOf } from "./hid";

/** As common USB headsets describe themselves: hook switch, line busy and mute in report 8, lights in report 9. */
const INPUT = {
  reportId: 8,
  items: [
    { usages: [0x0b0020, 0x0b0097], reportSize: 1, reportCount: 2 },
    { reportSize: 1, reportCount: 6 },
    { usages: [0x0b002f], reportSize: 1, reportCount: 1 },
  ],
};
const OUTPUT = { reportId: 9, items: [{ usages: [0x080017, 0x080009, 0x080018], reportSize: 1, reportCount: 3 }] };

it("finds the buttons' bits after whatever else is in a report", () => {
  expect(buttonsIn([INPUT])).toEqual([
    { name: "hook", report: 8, offset: 0 },
    { name: "mute", report: 8, offset: 8 },
  ]);
});

it("counts the bits of fields that it does not know", () => {
  const report = { reportId: 1, items: [{ usages: [0x0c00e9], reportSize: 8, reportCount: 2 }, { usageMinimum: 0x0b0020, reportSize: 1, reportCount: 1 }] };
  expect(buttonsIn([report])).toEqual([{ name: "hook", report: 1, offset: 16 }]);
});

it("reads a report", () => {
  const [hook, mute] = buttonsIn([INPUT]);
  const data = new DataView(new Uint8Array([0b10, 0b1]).buffer);
  expect([hook, mute].map((bit) => bit && isOn(bit, data))).toEqual([false, true]);
  expect(mute && isOn(mute, new DataView(new ArrayBuffer(1)))).toBe(false);
});

it("writes a report with the lights that are on", () => {
  const lights = lightsIn([OUTPUT]);
  expect(lights.map((light) => light.name)).toEqual(["offHook", "mute", "ring"]);
  expect([...reportOf(lights.filter((light) => light.name !== "mute"))]).toEqual([0b101]);
  expect([...reportOf([])]).toEqual([0]);
});
