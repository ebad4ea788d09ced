import type { TimelineEntry } from "../../contract/contract";

/** All of both, each once, in order of time. What comes twice is as it came last. */
export function merged(known: readonly TimelineEntry[], told: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const byId = new Map([...known, ...told].map((one) => [one.id, one]));
  return [...byId.values()].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** What kind of thing happened, for the mark beside it. */
export type Kind = "call" | "page" | "cobrowse" | "cart" | "recording" | "order";

const KINDS: Readonly<Record<string, Kind>> = {
  page: "page",
  cobrowse: "cobrowse",
  paying: "cobrowse",
  cart: "cart",
  recording: "recording",
  order: "order",
};

export function kindOf({ what }: TimelineEntry): Kind {
  return KINDS[what.split(".")[0] ?? ""] ?? "call";
}
