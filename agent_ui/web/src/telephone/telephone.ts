import type { Telephone, TelephoneOptions } from "./types";

/** A telephone for this page: `const { createTelephone } = await import("../telephone/telephone")` when it is needed. */
export function createTelephone(_options: TelephoneOptions): Telephone {
  throw new Error("not wired yet");
}
