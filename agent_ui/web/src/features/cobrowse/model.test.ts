import { describe, expect, it } from "vitest";

import type { State } from "../../cobrowse/protocol";
import { afterShared, NOTHING_SHARED, wordOf, type Shared } from "./model";

function state(parts: Partial<State> = {}): State {
  const tiers = { view: true, point: true, control: true };
  return { type: "state", phase: "running", tiers, question: null, watchers: [], page: true, epoch: "e", paying: false, kept: false, ...parts };
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
