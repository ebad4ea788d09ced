import type { DirectoryEntry } from "../../contract/contract";

/** Somewhere a call can go. */
export interface Destination {
  readonly target: string;
  readonly label: string;
  readonly kind: DirectoryEntry["kind"] | "number";
}

const NUMBER = /^\+?\d{2,20}$/;

/** The number somebody wrote, as a destination; null if it cannot be one. */
export function numberDestination(written: string): Destination | null {
  const number = written.replace(/[\s().\-/]/g, "");
  return NUMBER.test(number) ? { target: `number:${number}`, label: number, kind: "number" } : null;
}

/** The entries that fit what was typed: available ones first, then by name; never oneself. */
export function matching(
  entries: readonly DirectoryEntry[],
  typed: string,
  without: string | null,
  queues: boolean,
): DirectoryEntry[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return entries
    .filter((entry) => entry.target !== `agent:${without ?? ""}`)
    .filter((entry) => queues || entry.kind !== "queue")
    .filter((entry) => entry.label.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => Number(b.available) - Number(a.available) || a.label.localeCompare(b.label));
}
