import { describe, expect, it } from "vitest";

import type { TimelineEntry } from "../../contract/contract";
import { textsIn, type Language } from "../../i18n/texts";
import { kindOf, merged } from "./model";
import { lineOf } from "./words";

function entry(what: string, part: Partial<TimelineEntry> = {}): TimelineEntry {
  const rest = { at: "2026-11-21T09:00:00Z", actor_kind: "customer", actor: "", sku: null, name: null, details: {} } as const;
  return { id: what, what, ...rest, ...part };
}

const NAMES = { alice: "Alice Martin" };
const said = (one: TimelineEntry, language: Language = "en") => lineOf(one, NAMES, textsIn(language));

describe("a timeline", () => {
  it("has each thing once, in order of time, however it came", () => {
    const [early, late] = [entry("a", { at: "2026-11-21T08:00:00Z" }), entry("b", { at: "2026-11-21T10:00:00Z" })];
    expect(merged([late], [entry("c"), early, late]).map((one) => one.id)).toEqual(["a", "c", "b"]);
  });

  it("marks what kind of thing it was", () => {
    expect(kindOf(entry("call.held"))).toBe("call");
    expect(kindOf(entry("contact.began"))).toBe("call");
    expect(kindOf(entry("paying.began"))).toBe("cobrowse");
    expect(kindOf(entry("order.placed"))).toBe("order");
  });
});

describe("a line of it", () => {
  it("is a sentence that begins with a capital", () => {
    expect(said(entry("contact.began"))).toBe("The customer called");
    expect(said(entry("contact.began"), "fr")).toBe("Le client a appelé");
    expect(said(entry("contact.began"), "pt")).toBe("O cliente ligou");
  });

  it("names agents, and the page", () => {
    const asked = entry("cobrowse.asked", { actor_kind: "agent", actor: "alice", details: { tier: "control" } });
    expect(said(asked)).toBe("Alice Martin asked to help fill in the page");
    expect(said(entry("page.opened", { details: { title: "Checkout", url: "https://shop.example/c" } }))).toBe("The customer opened “Checkout”");
    expect(said(entry("page.opened", { details: { url: "https://shop.example/c" } }))).toBe("The customer opened “shop.example/c”");
  });

  it("tells the cart's changes in the cart's words", () => {
    const details = { quantity: 2, sku: "MUG" };
    const name = { en: "Mug", fr: "Le mug", pt: "A caneca" };
    const added = entry("cart.line_added", { actor_kind: "agent", actor: "alice", details, name });
    expect(said(added)).toBe("Alice Martin put in 2 × Mug");
    expect(said(added, "fr")).toBe("Alice Martin a ajouté 2 × Le mug");
  });

  it("says why sharing ended, where it matters", () => {
    const ended = entry("cobrowse.stopped", { actor_kind: "system", details: { tier: "card_number" } });
    expect(said(ended)).toContain("card number");
    expect(said(entry("cobrowse.stopped"))).toBe("The customer stopped sharing");
  });

  it("is nothing for what nobody has words for", () => {
    expect(said(entry("something.new"))).toBeNull();
  });
});
