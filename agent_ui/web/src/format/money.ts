import type { MoneyView } from "../contract/contract";
import type { Language } from "../i18n/texts";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR", pt: "pt-PT" };

export function localeOf(language: Language): string {
  return LOCALES[language];
}

/** An amount as people of the language write it. */
export function money(amount: MoneyView, language: Language): string {
  const format = new Intl.NumberFormat(localeOf(language), { style: "currency", currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.minor / 10 ** digits);
}
