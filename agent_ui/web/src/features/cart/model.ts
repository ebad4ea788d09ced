import type { CartChangeView, LineView, LiveCart } from "../../contract/contract";
import { numbersIn } from "../../format/formats";
import type { Language } from "../../i18n/texts";

export const STEPS = ["cart", "address", "shipping", "payment", "review"] as const;
export type Step = (typeof STEPS)[number];

/** How far the customer is: where the page is, as long as it is open, or else what the cart remembers. */
export function stepOf(live: LiveCart): Step | null {
  const said = live.visitor?.online ? live.visitor.checkout_step : null;
  return STEPS.find((step) => step === said) ?? live.cart?.checkout_step ?? null;
}

/** Who changed a line: this agent, a colleague, the customer, or the system. */
export type Who =
  | { readonly kind: "you" | "customer" | "system" }
  | { readonly kind: "colleague"; readonly agent: string };

export function whoDid(change: CartChangeView, me: string | null): Who {
  if (change.actor_kind !== "agent") return { kind: change.actor_kind };
  return change.actor === me ? { kind: "you" } : { kind: "colleague", agent: change.actor };
}

/** The changes that came since, the last one first. A cart that is shown for the first time has no news. */
export function newsBetween(before: LiveCart, after: LiveCart): readonly CartChangeView[] {
  if (before.cart === null || before.cart.id !== after.cart?.id) return [];
  const known = new Set(before.history.map((change) => change.id));
  return after.history.filter((change) => !known.has(change.id));
}

/** Who changed which line last, by SKU. */
export function marksOf(news: readonly CartChangeView[], me: string | null): Readonly<Record<string, Who>> {
  const marks: Record<string, Who> = {};
  for (const change of news) {
    if (change.sku !== null && !(change.sku in marks)) marks[change.sku] = whoDid(change, me);
  }
  return marks;
}

/** A line that is shown: there, just come, or just gone and still fading. */
export interface ShownLine {
  readonly line: LineView;
  readonly phase: "here" | "coming" | "going";
}

/** The lines to show after a change: those that went stay where they were until they have faded. */
export function shownAfter(before: readonly ShownLine[], lines: readonly LineView[]): readonly ShownLine[] {
  const held = new Set(before.filter((one) => one.phase !== "going").map((one) => one.line.product_id));
  const now = new Set(lines.map((line) => line.product_id));
  const shown: ShownLine[] = lines.map((line) => ({ line, phase: held.has(line.product_id) ? phaseOf(before, line) : "coming" }));
  before.forEach((one, place) => {
    if (!now.has(one.line.product_id)) shown.splice(Math.min(place, shown.length), 0, { line: one.line, phase: "going" });
  });
  return shown;
}

function phaseOf(before: readonly ShownLine[], line: LineView): ShownLine["phase"] {
  return before.find((one) => one.line.product_id === line.product_id)?.phase === "coming" ? "coming" : "here";
}

/** A percentage as people type it, in basis points; null if it is none. */
export function basisPoints(typed: string): number | null {
  const plain = typed.trim().replace("%", "").trim().replace(",", ".");
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(plain)) return null;
  const points = Math.round(Number(plain) * 100);
  return points <= 10_000 ? points : null;
}

const ratesIn = numbersIn({ maximumFractionDigits: 2 });

/** 1000 basis points as 10, 1250 as 12.5. */
export function percent(points: number, language: Language): string {
  return ratesIn(language).format(points / 100);
}

/** A quantity as it is typed, if it is one. */
export function quantityOf(typed: string): number | null {
  return /^[1-9]\d{0,2}$/.test(typed.trim()) ? Number(typed) : null;
}

/** The code as people say it: digits, whatever is between them. */
export function codeOf(typed: string): string | null {
  const digits = typed.replace(/\D/g, "");
  return digits.length === 6 ? digits : null;
}
