// What the desk and the viewer of a kept page say to each other. Times are milliseconds since the page was first kept.

import type { Gap, KeptPage } from "./kept";

export type ToReplay =
  | { type: "load"; text: string }
  /** Where the desk is, as of the moment `sent` of the clock that both documents share. */
  | { type: "sync"; at: number; sent: number; playing: boolean; speed: number };

export type FromReplay =
  | { type: "ready" }
  | { type: "loaded"; pages: KeptPage[]; gaps: Gap[] }
  | { type: "failed" }
  /** Where the viewer is, at the moment `told`. */
  | { type: "at"; at: number; told: number; playing: boolean };
