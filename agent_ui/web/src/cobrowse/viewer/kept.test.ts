import { expect, test } from "vitest";

import { EVENT } from "../protocol";
import { gapAt, readKept } from "./kept";

const meta = (href: string) => ({ type: EVENT.META, data: { href }, timestamp: 1 });
const full = { type: EVENT.FULL, data: {}, timestamp: 999_999 };
const change = { type: 3, data: {}, timestamp: -5 };
const lines = (...documents: object[]) => documents.map((one) => `${JSON.stringify(one)}\n`).join("");

const TEXT = lines(
  { session: "s1", began: 0 },
  { at: 100, epoch: "p1", events: [meta("http://shop.test/cart"), full] },
  { at: 300, epoch: "p1", events: [change] },
  { at: 900, gap: "paying" },
  { at: 2000, epoch: "p1", events: [meta("http://shop.test/cart"), full] },
  { at: 2500, epoch: "p2", events: [meta("http://shop.test/done"), full] },
  { at: 3000, gap: "paused" },
);

test("events happen when they arrived, whatever the customer's clock said", () => {
  const kept = readKept(TEXT);
  expect(kept.events.map((one) => one.timestamp)).toEqual([100, 100, 300, 2000, 2000, 2500, 2500]);
  expect([kept.first, kept.last]).toEqual([100, 3000]);
});

test("a page is marked when it is loaded, not when it is shown anew", () => {
  expect(readKept(TEXT).pages).toEqual([
    { at: 100, page: "/cart" },
    { at: 2500, page: "/done" },
  ]);
});

test("a gap lasts until something is seen again", () => {
  const kept = readKept(TEXT);
  expect(kept.gaps).toEqual([
    { from: 900, to: 2000, why: "paying" },
    { from: 3000, to: null, why: "paused" },
  ]);
  expect(gapAt(kept, 899)).toBeNull();
  expect(gapAt(kept, 1999)?.why).toBe("paying");
  expect(gapAt(kept, 2000)).toBeNull();
  expect(gapAt(kept, 99_999)?.why).toBe("paused");
});

test("nothing kept is nothing", () => {
  expect(readKept("")).toEqual({ events: [], pages: [], gaps: [], first: 0, last: 0 });
});
