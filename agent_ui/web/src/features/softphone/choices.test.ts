import { beforeEach, describe, expect, it } from "vitest";

import { browserOf } from "./browser";
import { choicesIn, createChoices, USUAL } from "./choices";
import { keepsCall, rememberCall } from "./memory";
import { fractionOf } from "./Meter";

class FakeStorage implements Storage {
  readonly #kept = new Map<string, string>();
  readonly length = 0;
  readonly clear = () => this.#kept.clear();
  readonly key = () => null;
  readonly getItem = (name: string) => this.#kept.get(name) ?? null;
  readonly setItem = (name: string, value: string) => void this.#kept.set(name, value);
  readonly removeItem = (name: string) => void this.#kept.delete(name);
}

let storage: Storage;
beforeEach(() => {
  storage = new FakeStorage();
});

describe("one's choices", () => {
  it.each([null, "", "nonsense", "[]", "7", '{"volume":2}', '{"here":"yes","microphone":3}'])("are the usual ones for %j", (kept) => {
    expect(choicesIn(kept)).toEqual(USUAL);
  });

  it("are kept in this browser, for each person apart", () => {
    createChoices("alice", storage).dispatch({ here: true, ring: "speakers", volume: 0.4 });
    expect(createChoices("alice", storage).get()).toEqual({ ...USUAL, here: true, ring: "speakers", volume: 0.4 });
    expect(createChoices("benoit", storage).get()).toEqual(USUAL);
  });

  it("come with the memory of a call for the page that comes after this one, and no other", () => {
    rememberCall("alice", "c1", storage);
    expect([keepsCall("alice", "c1", storage), keepsCall("alice", "c2", storage), keepsCall("benoit", "c1", storage)]).toEqual([true, false, false]);
    rememberCall("alice", null, storage);
    expect(keepsCall("alice", "c1", storage)).toBe(false);
  });

  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "chromium"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "chromium"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "firefox"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "safari"],
    ["Lynx/2.9", "other"],
  ] as const)("say where the permission is in %s", (agent, browser) => {
    expect(browserOf(agent)).toBe(browser);
  });

  it("draw loudness as ears hear it", () => {
    expect([fractionOf(0), fractionOf(0.0001), fractionOf(1), fractionOf(2)]).toEqual([0, 0, 1, 1]);
    expect(fractionOf(0.1)).toBeCloseTo(2 / 3);
  });
});
