import en from "../../../locales/en.json";
import fr from "../../../locales/fr.json";
import pt from "../../../locales/pt.json";

export type Language = "en" | "fr" | "pt";
export type Key = keyof typeof en;
export type Values = Readonly<Record<string, string | number>>;

/** Keys that exist in a form for one and a form for several. */
export type CountedKey = { [K in Key]: K extends `${infer Base}.one` ? Base : never }[Key];

const CATALOGUES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en, fr, pt };

/** Says things in one language. */
export interface Texts {
  readonly language: Language;
  say: (key: Key, values?: Values) => string;
  /** The form of the key that fits the count, with the count in it. */
  count: (key: CountedKey, count: number) => string;
  /** For keys made of data, such as a refusal's id: undefined if nobody wrote a message for it. */
  find: (key: string, values?: Values) => string | undefined;
  /** One of several wordings that come with data. */
  pick: (wordings: Readonly<Record<string, string>>) => string;
}

export function textsIn(language: Language): Texts {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const find = (key: string, values: Values = {}): string | undefined => {
    const message = CATALOGUES[language][key] ?? CATALOGUES.en[key];
    return message === undefined ? undefined : filled(message, values);
  };
  return {
    language,
    say: (key, values) => find(key, values) ?? key,
    count: (key, count) => {
      const form = plurals.select(count) === "one" ? "one" : "other";
      return find(`${key}.${form}`, { count: numbers.format(count) }) ?? key;
    },
    find,
    pick: (wordings) => wordings[language] ?? wordings.en ?? Object.values(wordings)[0] ?? "",
  };
}

function filled(message: string, values: Values): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
