import type { Language } from "../i18n/texts";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR", pt: "pt-PT" };

/** A function that makes a thing once for each key: making one of Intl's formats costs more than using it a hundred times. */
export function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

/** A way to write moments, made once for each language. */
export function momentsIn(options: Intl.DateTimeFormatOptions): (language: Language) => Intl.DateTimeFormat {
  return once((language: Language) => new Intl.DateTimeFormat(LOCALES[language], options));
}

/** A way to write numbers, made once for each language. */
export function numbersIn(options: Intl.NumberFormatOptions): (language: Language) => Intl.NumberFormat {
  return once((language: Language) => new Intl.NumberFormat(LOCALES[language], options));
}
