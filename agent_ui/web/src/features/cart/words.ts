import type { CartChangeView } from "../../contract/contract";
import type { Texts } from "../../i18n/texts";
import { percent, type Who } from "./model";

/** Who changed something, in words. */
export function whoIs(who: Who, names: Readonly<Record<string, string>>, texts: Texts): string {
  return who.kind === "colleague" ? (names[who.agent] ?? who.agent) : texts.say(`cart.who.${who.kind}`);
}

type Change = Pick<CartChangeView, "action" | "sku" | "name" | "details">;

/** What was changed, in words; null for what has none. */
export function changeIn(change: Change, texts: Texts): string | null {
  const { details } = change;
  const what = change.name === null ? (change.sku ?? "") : texts.pick(change.name);
  const steps = { before: stepIn(details.before, texts), after: stepIn(details.after, texts) };
  const shares = { rate: percent(Number(details.after ?? 0), texts.language) };
  const isStep = change.action === "cart.step_changed";
  const gone = change.action === "cart.discount_given" && details.after === 0;
  const key = gone ? "cart.change.discount_taken" : change.action.replace("cart.", "cart.change.");
  return texts.find(key, { ...details, ...shares, ...(isStep ? steps : {}), what }) ?? null;
}

function stepIn(step: string | number | undefined, texts: Texts): string {
  return texts.find(`cart.stepper.${step}`) ?? String(step ?? "");
}
