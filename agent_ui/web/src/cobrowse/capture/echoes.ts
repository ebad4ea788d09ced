// Finds what repeats a sensitive field's value elsewhere on the page, such as a picture of the card.

import { sensitiveFields } from "./sensitive";

const SHORTEST = 3;
const CONTAINED = 4;
const MOST = 200;
const GAPS = /[\s\-–·.•_/|*\u00a0\u200b]+/g;

export class Echoes {
  #seen = new Set<string>();

  /** Note what the sensitive fields hold now. */
  note(): void {
    for (const field of sensitiveFields()) {
      const value = plain(field.value);
      if (value.length >= SHORTEST && !this.#seen.has(value)) {
        this.#forgetBeginnings(value);
        this.#seen.add(value);
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
    const said = plain(text);
    return said.length >= SHORTEST && [...this.#seen].some((value) => repeats(said, value));
  }

  #forgetBeginnings(value: string): void {
    for (const earlier of this.#seen) {
      if (earlier.length >= CONTAINED && value.startsWith(earlier)) {
        this.#seen.delete(earlier);
      }
    }
  }
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
