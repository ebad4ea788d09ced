import { describe, expect, it } from "vitest";

import { money } from "./money";
import { phone } from "./phone";
import { clock, day, secondsSince, secondsUntil, when } from "./time";

describe("money", () => {
  it.each([
    [{ minor: 123_456, currency: "EUR" }, "en", "€1,234.56"],
    [{ minor: 123_456, currency: "EUR" }, "fr", "1 234,56 €"],
    [{ minor: 500, currency: "JPY" }, "en", "JP¥500"],
    [{ minor: 1_500, currency: "TND" }, "en", "TND 1.500"],
    [{ minor: -990, currency: "EUR" }, "en", "-€9.90"],
  ] as const)("%o in %s", (amount, language, written) => {
    expect(money(amount, language).replace(/[\u202f\u00a0]/g, " ")).toBe(written);
  });
});

describe("time", () => {
  it.each([
    [7, "0:07"],
    [760, "12:40"],
    [3800, "1:03:20"],
    [59.9, "0:59"],
  ])("%d seconds are %s", (seconds, written) => {
    expect(clock(seconds)).toBe(written);
  });

  it("is never below nothing", () => {
    const now = Date.parse("2026-11-21T09:00:00Z");
    expect(secondsSince("2026-11-21T09:00:05Z", now)).toBe(0);
    expect(secondsUntil("2026-11-21T08:59:00Z", now)).toBe(0);
    expect(secondsUntil("2026-11-21T09:00:00.100Z", now)).toBe(1);
  });

  it("names the day only if it is another", () => {
    const now = new Date(2026, 10, 21, 15, 0);
    expect(when(new Date(2026, 10, 21, 9, 5).toISOString(), now.getTime(), "en")).toBe("09:05");
    expect(when(new Date(2026, 10, 20, 9, 5).toISOString(), now.getTime(), "en")).toBe("20 Nov, 09:05");
  });

  it("keeps a calendar day what it is, in every time zone", () => {
    expect(day("2026-11-24", "en")).toBe("24 Nov 2026");
    expect(day("2026-11-24", "pt")).toMatch(/^24\/11\/2026|24 (de )?nov/);
  });
});

describe("a phone number", () => {
  it.each([
    ["+33612345678", "+33 612 345 678"],
    ["+442079460001", "+44 207 946 0001"],
    ["+351912345678", "+351 912 345 678"],
    ["+12025550123", "+1 202 555 0123"],
    ["4000", "4000"],
    ["anonymous", "anonymous"],
    ["Benoît Girard", "Benoît Girard"],
  ])("%s is written %s", (number, written) => {
    expect(phone(number)).toBe(written);
  });
});
