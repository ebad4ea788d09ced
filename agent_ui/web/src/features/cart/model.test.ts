import { describe, expect, it } from "vitest";

import type { CartChangeView, CartView, LineView, LiveCart } from "../../contract/contract";
import { basisPoints, codeOf, marksOf, newsBetween, percent, quantityOf, shownAfter, stepOf, type ShownLine } from "./model";

const NOW = "2026-11-21T09:00:00Z";
const euros = (minor: number) => ({ minor, currency: "EUR" });

function line(id: string, quantity = 1): LineView {
  const name = { en: id, fr: id, pt: id };
  return { product_id: id, sku: `SKU-${id}`, name, quantity, unit_price: euros(100), amount: euros(100 * quantity) };
}

function cart(part: Partial<CartView> = {}): CartView {
  const zero = euros(0);
  const totals = { subtotal: zero, discount: zero, shipping: zero, tax: zero, total: zero };
  const rest = { lines: [], item_count: 0, discount: null, prepared: null, updated_at: NOW } as const;
  return { id: "cart-1", totals, checkout_step: "cart", state: "open", ...rest, ...part };
}

function change(id: string, part: Partial<CartChangeView> = {}): CartChangeView {
  const rest = { at: NOW, actor: "ana", action: "cart.line_added", sku: "SKU-mug", name: null, details: {} };
  return { id, actor_kind: "customer", ...rest, ...part };
}

function live(part: Partial<LiveCart> = {}): LiveCart {
  const rest = { visitor: null, page_cart: null, history: [], startable: false, shop: { prepares_orders: false, applies_coupons: false }, server_time: NOW };
  return { contact: "c1", cart: cart(), ...rest, ...part };
}

function visitor(checkout_step: string | null, online = true): NonNullable<LiveCart["visitor"]> {
  const rest = { site: "s", language: "pt", url: "", title: "", vouched: false, seen_at: NOW };
  return { id: "v", checkout_step, online, ...rest };
}

describe("the step", () => {
  it("is where the open page is, or what the cart remembers", () => {
    const paying = cart({ checkout_step: "payment" });
    expect(stepOf(live({ cart: paying, visitor: visitor("address") }))).toBe("address");
    expect(stepOf(live({ cart: paying, visitor: visitor("address", false) }))).toBe("payment");
    expect(stepOf(live({ cart: paying, visitor: visitor("wishlist") }))).toBe("payment");
    expect(stepOf(live({ cart: null }))).toBeNull();
  });
});

describe("what is new", () => {
  it("is what the trail has since", () => {
    const before = live({ history: [change("1")] });
    const after = live({ history: [change("3"), change("2"), change("1")] });
    expect(newsBetween(before, after).map((one) => one.id)).toEqual(["3", "2"]);
  });

  it("is nothing in a cart that is shown for the first time", () => {
    const after = live({ history: [change("1")] });
    expect(newsBetween(live({ cart: null }), after)).toEqual([]);
    expect(newsBetween(live({ cart: cart({ id: "other" }) }), after)).toEqual([]);
  });

  it("is marked with who did it last", () => {
    const news = [
      change("4", { actor_kind: "agent", actor: "alice" }),
      change("3", { sku: "SKU-lamp" }),
      change("2", { actor_kind: "agent", actor: "benoit", sku: "SKU-bowl" }),
      change("1"),
      change("0", { sku: null }),
    ];
    expect(marksOf(news, "alice")).toEqual({
      "SKU-mug": { kind: "you" },
      "SKU-lamp": { kind: "customer" },
      "SKU-bowl": { kind: "colleague", agent: "benoit" },
    });
  });
});

describe("lines", () => {
  const here = (id: string): ShownLine => ({ line: line(id), phase: "here" });

  it("come at their place and go from theirs", () => {
    const before = [here("a"), here("b"), here("c")];
    const after = shownAfter(before, [line("a"), line("c"), line("d")]);
    expect(after.map((one) => `${one.line.product_id} ${one.phase}`)).toEqual(["a here", "b going", "c here", "d coming"]);
  });

  it("show their new quantity at once", () => {
    expect(shownAfter([here("a")], [line("a", 5)])[0]?.line.quantity).toBe(5);
  });

  it("that come back while they fade are coming again", () => {
    const fading: ShownLine[] = [{ line: line("a"), phase: "going" }];
    expect(shownAfter(fading, [line("a")])).toEqual([{ line: line("a"), phase: "coming" }]);
  });
});

describe("what is typed", () => {
  it.each([
    ["10", 1000],
    ["12,5 %", 1250],
    ["0.25", 25],
    ["100", 10_000],
    ["101", null],
    ["-1", null],
    ["ten", null],
    ["", null],
  ] as const)("as a percentage: %s", (typed, points) => {
    expect(basisPoints(typed)).toBe(points);
  });

  it("as a quantity is a whole number from 1 to 999", () => {
    expect([quantityOf("3"), quantityOf(" 42 "), quantityOf("0"), quantityOf("1000"), quantityOf("1.5")]).toEqual([3, 42, null, null, null]);
  });

  it("as a code is six digits, however they are grouped", () => {
    expect([codeOf("123 456"), codeOf("12-34-56"), codeOf("12345"), codeOf("1234567")]).toEqual(["123456", "123456", null, null]);
  });

  it("is written back as people write it", () => {
    expect([percent(1000, "en"), percent(1250, "fr")]).toEqual(["10", "12,5"]);
  });
});
