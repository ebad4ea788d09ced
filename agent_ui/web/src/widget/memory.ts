import type { CallBefore } from "./call/types";
import type { Texts } from "./texts";

/** What a tab remembers from one page to the next. */
export interface Remembered {
  readonly site: string;
  readonly token: string;
  readonly visitor: string;
  /** The customer and the language that the token was made for, to see when either changes. */
  readonly customer: string | null;
  readonly wanted: string;
  readonly language: string;
  readonly name: string;
  readonly phone: string | null;
  readonly texts: Texts;
  /** A call is up, or was when the page went: since when (Unix milliseconds), and how it was shown. */
  readonly call: (CallBefore & { readonly open: boolean }) | null;
}

const KEY = "comptoir";

/** A page without storage (blocked by the person or a sandbox) works, and forgets when it goes. */
export function createMemory(storage: () => Storage) {
  let known: Remembered | null = read();

  function read(): Remembered | null {
    try {
      return JSON.parse(storage().getItem(KEY) ?? "null") as Remembered | null;
    } catch {
      return null;
    }
  }

  function keep(remembered: Remembered | null): void {
    known = remembered;
    try {
      if (remembered) storage().setItem(KEY, JSON.stringify(remembered));
      else storage().removeItem(KEY);
    } catch {
      // Nothing lasts then.
    }
  }

  return {
    get: () => known,
    keep,
    change: (part: Partial<Remembered>) => {
      if (known) keep({ ...known, ...part });
    },
  };
}

export type Memory = ReturnType<typeof createMemory>;
