import { describe, expect, it } from "vitest";
import { STARTING, type CallNow } from "./call/types";
import { adviceOf, duration, isFailure, lineOf, wantsKeypad } from "./call/words";
import { cartMessage } from "./cart";
import type { CallMessage } from "./live";
import { createMemory, type Remembered } from "./memory";
import { statusWords } from "./menu";
import { pageMessage } from "./page";
import { sayer, type Key, type Texts } from "./texts";

const UP: CallNow = { ...STARTING, phase: "up", since: 1000 };
const keyed = (key: Key, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key);

function contact(state: string, part: Partial<CallMessage> = {}): CallMessage {
  return { type: "call", state, agent: null, away: false, ...part };
}

describe("the line that says how a call stands", () => {
  it("asks to listen while the menu speaks, also before the server has told anything", () => {
    expect(lineOf(UP, null, null).key).toBe("call.ivr");
    expect(lineOf(UP, contact("ivr"), null).key).toBe("call.ivr");
  });

  it("tells the place in the queue when it is known", () => {
    expect(lineOf(UP, contact("queued"), null)).toEqual({ key: "call.queued" });
    expect(lineOf(UP, contact("queued"), 2)).toEqual({ key: "call.place", values: { place: 2 } });
  });

  it("names the agent when the name is told", () => {
    expect(lineOf(UP, contact("talking", { agent: "Alice" }), null)).toEqual({
      key: "call.talking",
      values: { name: "Alice" },
    });
    expect(lineOf(UP, contact("talking"), null).key).toBe("call.talking_agent");
    expect(lineOf(UP, contact("talking", { agent: "Alice", away: true }), null).key).toBe("call.away");
  });

  it("says that a call is taken back until it is", () => {
    expect(lineOf({ ...UP, phase: "back" }, contact("talking"), null).key).toBe("call.back");
  });

  it("tells a call that was lost from one that never came about", () => {
    expect(lineOf({ ...UP, phase: "ended", end: "failed" }, null, null).key).toBe("call.lost");
    expect(lineOf({ ...STARTING, phase: "ended", end: "failed" }, null, null).key).toBe("call.failed");
    expect(lineOf({ ...UP, phase: "ended", end: "there" }, null, null).key).toBe("call.ended");
    expect(lineOf({ ...UP, phase: "ended", end: "blocked" }, null, null).key).toBe("call.blocked");
    expect(lineOf({ ...UP, phase: "ended", end: "not_found" }, null, null).key).toBe("call.ended");
  });
});

describe("what a customer can do", () => {
  it("is told for each problem of the microphone", () => {
    const ended = { ...STARTING, phase: "ended" } as const;
    expect(adviceOf({ ...ended, end: "microphone_refused" })).toBe("microphone.refused_do");
    expect(adviceOf({ ...ended, end: "microphone_missing" })).toBe("microphone.missing_do");
    expect(adviceOf({ ...ended, end: "here" })).toBeNull();
  });

  it("is a callback only where the call did not come about", () => {
    const ended = { ...UP, phase: "ended" } as const;
    expect(["microphone_refused", "busy", "failed"].map((end) => isFailure({ ...ended, end } as CallNow))).toEqual([
      true,
      true,
      true,
    ]);
    expect(["here", "there"].map((end) => isFailure({ ...ended, end } as CallNow))).toEqual([false, false]);
  });

  it("is to press keys as long as a menu speaks", () => {
    expect(wantsKeypad(UP, contact("ivr"))).toBe(true);
    expect(wantsKeypad(UP, contact("talking"))).toBe(false);
    expect(wantsKeypad(STARTING, null)).toBe(false);
  });
});

describe("how long a call lasts", () => {
  it("is written in minutes and seconds, with hours only where there are any", () => {
    expect([0, 9_999, 309_000, 3_723_000].map(duration)).toEqual(["0:00", "0:09", "5:09", "1:02:03"]);
  });
});

describe("the queue's state", () => {
  it("tells the wait when it is known and not over at once", () => {
    const now = { state: "busy", waiting: 2, wait_minutes: 4, place: null } as const;
    expect(statusWords(keyed, now)).toBe('status.busy_wait {"minutes":4}');
    expect(statusWords(keyed, { ...now, wait_minutes: null })).toBe("status.busy");
    expect(statusWords(keyed, { ...now, state: "free", wait_minutes: 0 })).toBe("status.free");
  });
});

describe("a published cart", () => {
  const line = { name: "Mug", sku: "KIT-1", quantity: 2, unitPrice: 1250 };

  it("is told in the server's words", () => {
    expect(cartMessage({ currency: "EUR", lines: [line] })).toEqual({
      type: "cart",
      currency: "EUR",
      lines: [{ name: "Mug", sku: "KIT-1", quantity: 2, unit_price: 1250 }],
    });
  });

  it("may be empty, and may name a cart of the built-in shop with its proof", () => {
    expect(cartMessage({ currency: "EUR" })).toEqual({ type: "cart", currency: "EUR", lines: [] });
    expect(cartMessage({ currency: "EUR", id: "c1", proof: "ab" })).toMatchObject({ id: "c1", proof: "ab" });
  });

  it("is not told when it is none", () => {
    const bad = [null, "x", {}, { currency: "euro" }, { currency: "EUR", lines: [{ ...line, quantity: 0 }] }];
    const worse = [{ currency: "EUR", lines: [{ ...line, unitPrice: 12.5 }] }, { currency: "EUR", lines: {} }];
    expect([...bad, ...worse].map(cartMessage)).toEqual([...bad, ...worse].map(() => null));
  });

  it("is cut where it is too long, not refused", () => {
    const long = { currency: "EUR", lines: Array.from({ length: 150 }, () => ({ ...line, name: "x".repeat(300) })) };
    const told = cartMessage(long) as { lines: { name: string }[] };
    expect(told.lines).toHaveLength(100);
    expect(told.lines[0]?.name).toHaveLength(200);
  });
});

describe("where the customer is", () => {
  it("has neither query nor fragment", () => {
    expect(pageMessage("https://shop.example/cart?email=a@b#x", "Cart", "address")).toEqual({
      type: "page",
      url: "https://shop.example/cart",
      title: "Cart",
      step: "address",
    });
  });

  it("has no step that is not a word", () => {
    expect(pageMessage("https://shop.example/", "", "<b>")).toMatchObject({ step: null });
  });
});

describe("a tab's memory", () => {
  const something = { site: "k", token: "t", visitor: "v", call: null } as unknown as Remembered;

  it("lasts from one page to the next", () => {
    const stored = new Map<string, string>();
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    } as unknown as Storage;
    createMemory(() => storage).keep(something);
    const next = createMemory(() => storage);
    next.change({ call: { since: 1, open: true, muted: false } });
    expect(createMemory(() => storage).get()).toEqual({ ...something, call: { since: 1, open: true, muted: false } });
  });

  it("is the page's own where storage is not allowed", () => {
    const memory = createMemory(() => {
      throw new Error("SecurityError");
    });
    memory.keep(something);
    expect(memory.get()).toEqual(something);
  });
});

describe("words", () => {
  it("have their values put in, and show their key when they are missing", () => {
    const say = sayer({ "callback.will": "We will call {number}." } as Texts);
    expect(say("callback.will", { number: "+33 1" })).toBe("We will call +33 1.");
    expect(say("close")).toBe("close");
  });
});
