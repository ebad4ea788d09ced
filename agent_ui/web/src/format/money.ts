import type { MoneyView } from "../contract/contract";
import type { Language } from "../i18n/texts";
import { numbersIn, once } from "./formats";

const amountsIn = once((currency: string) => numbersIn({ style: "currency", currency }));

/** An amount as people of the language write it. */
export function money(amount: MoneyView, language: Language): string {
  const format = amountsIn(amount.currency)(language);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.minor / 10 ** digits);
}
