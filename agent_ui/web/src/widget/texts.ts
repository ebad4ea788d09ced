import type english from "../../../widget/locales/en.json";

/** The widget's words come with its session; English is only looked at to know which there are. */
export type Key = keyof typeof english;
export type Texts = Readonly<Record<Key, string>>;
export type Say = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

/** Says words with values put in; `{name}` stands for one. */
export function sayer(texts: Texts): Say {
  return (key, values = {}) =>
    Object.entries(values).reduce(
      (words, [name, value]) => words.replace(`{${name}}`, String(value)),
      // Texts of an older server may lack a word.
      (texts as Readonly<Record<string, string | undefined>>)[key] ?? key,
    );
}
