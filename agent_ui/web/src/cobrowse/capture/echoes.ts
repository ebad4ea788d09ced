// Finds what repeats a sensitive field's value elsewhere on the page, such as a picture of the card.

import { isSensitive, isField, keepPrivate, sensitiveFields } from "./sensitive";

const SHORTEST = 3;
const CONTAINED = 4;
/** In styles, shorter ones would be found in colours and sizes. */
const IN_STYLES = 6;
const MOST = 200;
const GAP = "[\\s\\-–·.•_/|*\\u00a0\\u200b]";
const GAPS = new RegExp(`${GAP}+`, "g");

export class Echoes {
  #seen = new Set<string>();
  readonly #patterns = new Map<string, RegExp>();

  /** Note what is typed as it is typed, also where the recorder does not look; until the signal says to stop. */
  watch(signal: AbortSignal): void {
    const met = (event: Event) => {
      const field = event.composedPath()[0];
      if (isField(field)) {
        if (field.closest("[data-cc-block]")) {
          keepPrivate(field);
        }
        if (isSensitive(field)) {
          this.note();
        }
      }
    };
    document.addEventListener("input", met, { capture: true, signal });
    document.addEventListener("change", met, { capture: true, signal });
  }

  /** Note what the sensitive fields hold now. */
  note(): void {
    for (const field of sensitiveFields()) {
      for (const value of valuesOf(field)) {
        if (value.length >= SHORTEST && !this.#seen.has(value)) {
          this.#forgetBeginnings(value);
          this.#seen.add(value);
        }
      }
    }
    while (this.#seen.size > MOST) {
      const [oldest] = this.#seen;
      this.#seen.delete(oldest ?? "");
    }
  }

  /** Whether a text repeats one of them, whole or in groups of digits. */
  has(text: string): boolean {
    if (this.#seen.size === 0 || text.length < SHORTEST) {
      return false;
    }
    const said = [...new Set([plain(text), plain(decoded(text))])];
    return said.some((one) => one.length >= SHORTEST && [...this.#seen].some((value) => repeats(one, value)));
  }

  /** A style or an address, with a mask in place of what repeats one of them. */
  covered(text: string, mask: string): string {
    let covered = text;
    for (const value of this.#seen) {
      if (value.length >= IN_STYLES) {
        covered = covered.replace(this.#pattern(value), mask);
      }
    }
    return covered;
  }

  #pattern(value: string): RegExp {
    let pattern = this.#patterns.get(value);
    if (!pattern) {
      const characters = Array.from(value, (one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
      pattern = new RegExp(characters.join(`${GAP}*`), "gi");
      this.#patterns.set(value, pattern);
    }
    return pattern;
  }

  #forgetBeginnings(value: string): void {
    for (const earlier of this.#seen) {
      if (earlier.length >= CONTAINED && value.startsWith(earlier)) {
        this.#seen.delete(earlier);
        this.#patterns.delete(earlier);
      }
    }
  }
}

/** What a field holds, the names of chosen files among it. */
function valuesOf(field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement): string[] {
  const files = (field as Partial<HTMLInputElement>).files;
  return files ? [...files].map((file) => plain(file.name)) : [plain(field.value)];
}

function repeats(said: string, value: string): boolean {
  if (said === value || (value.length >= CONTAINED && said.includes(value))) {
    return true;
  }
  return value.length >= 12 && /^\d+$/.test(value) && /^\d{3,}$/.test(said) && value.includes(said);
}

function plain(text: string): string {
  return text.replace(GAPS, "").toLowerCase();
}

/** A text as it was before it was put into an address. */
function decoded(text: string): string {
  if (!text.includes("%")) {
    return text;
  }
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
