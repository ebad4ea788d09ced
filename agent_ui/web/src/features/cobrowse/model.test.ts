import { describe, expect, it } from "vitest";

import type { SharedPage, State } from "../../cobrowse/protocol";
import type { LiveCart } from "../../contract/contract";
import { afterShared, NOTHING_SHARED, openingOf, withPage, wordOf, type Shared } from "./model";

function state(parts: Partial<State> = {}): State {
  const tiers = { view: true, point: true, control: true };
  return { type: "state", phase: "running", tiers, question: null, watchers: [], controls: [], page: true, epoch: "e", paying: false, kept: false, ...parts };
}

const told = (shared: Shared, message: Parameters<typeof afterShared>[1] extends infer A ? (A extends { message: infer M } ? M : never) : never) =>
  afterShared(shared, { type: "told", message });

describe("what is shared", () => {
  it("says how the session stands", () => {
    expect(wordOf(NOTHING_SHARED)).toBe("cobrowse.connecting");
    expect(wordOf(told(NOTHING_SHARED, state({ page: false })))).toBe("cobrowse.page_away");
    expect(wordOf(told(NOTHING_SHARED, state({ phase: "paused" })))).toBe("cobrowse.paused");
    expect(wordOf(told(NOTHING_SHARED, state({ question: { id: 1, tier: "point", by: "A" } })))).toBe("cobrowse.asked");
    expect(wordOf(told(NOTHING_SHARED, state({ paying: true })))).toBe("cobrowse.paying");
    expect(wordOf(told(NOTHING_SHARED, state()))).toBe("cobrowse.controlled");
    expect(wordOf(told(NOTHING_SHARED, { type: "ended", reason: "card_number" }))).toBe("cobrowse.ended_card");
  });

  it("lays a tool down when the customer takes its consent back", () => {
    const holding = afterShared(told(NOTHING_SHARED, state()), { type: "tool", tool: "control" });
    expect(told(holding, state()).tool).toBe("control");
    expect(told(holding, state({ tiers: { view: true, point: true, control: false } })).tool).toBe("look");
    expect(told(holding, state({ phase: "paused" })).tool).toBe("look");
  });

  it("keeps why the last thing could not be done until something can", () => {
    const refused = told(told(NOTHING_SHARED, state()), { type: "refused", id: 1, reason: "masked" });
    expect(refused.refused).toBe("masked");
    expect(told(refused, { type: "done", id: 2, ok: true, reason: "" }).refused).toBe("");
  });
});

function shared(contact: string, parts: Partial<SharedPage> = {}): SharedPage {
  return { ...state(), contact, ended: "", ...parts };
}

function live(online: boolean | null): LiveCart {
  return { visitor: online === null ? null : { online } } as LiveCart;
}

describe("whose pages are shared", () => {
  it("is known by contact until sharing ends", () => {
    const pages = withPage(withPage({}, shared("c1")), shared("c2"));
    expect(Object.keys(withPage(pages, shared("c1", { ended: "stopped" })))).toEqual(["c2"]);
    expect(withPage(pages, shared("c2", { phase: "paused" })).c2?.phase).toBe("paused");
  });

  it("says whether the page is shown already, can be asked for, or is not open", () => {
    expect(openingOf(shared("c1"), live(true))).toBe("shown");
    expect(openingOf(shared("c1", { page: false }), live(false))).toBe("no_page");
    expect(openingOf(shared("c1", { tiers: { view: false, point: false, control: false } }), live(true))).toBe("ask");
    expect(openingOf(undefined, live(true))).toBe("ask");
    expect(openingOf(undefined, live(false))).toBe("no_page");
    expect(openingOf(undefined, live(null))).toBe("no_page");
    expect(openingOf(undefined, null)).toBe("ask");
  });
});
