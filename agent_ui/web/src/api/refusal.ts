import type { Refusal } from "../contract/contract";

/** The server did not do what was asked, or could not be reached. */
export class Refused extends Error {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;

  constructor(refusal: Refusal) {
    super(refusal.id);
    this.id = refusal.id;
    this.params = refusal.params;
  }
}

export const UNREACHABLE: Refusal = { id: "server.unreachable", params: {} };
export const UNEXPECTED: Refusal = { id: "server.error", params: {} };

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && typeof (value as { id?: unknown }).id === "string";
}
