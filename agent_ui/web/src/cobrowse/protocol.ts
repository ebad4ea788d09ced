// What pages, viewers and the server say to each other. The server's side: agent_ui/cobrowse/page_side.py and viewer_side.py.

export type Tier = "view" | "point" | "control";

export interface Question {
  id: number;
  tier: Tier;
  by: string;
}

export interface State {
  type: "state";
  phase: "running" | "paused" | "stopped";
  tiers: Record<Tier, boolean>;
  question: Question | null;
  watchers: { name: string; role: string }[];
  /** The names of those who may act on the page. */
  controls: string[];
  page: boolean;
  epoch: string;
  paying: boolean;
  /** Whether what is seen is kept. */
  kept: boolean;
  /** Told to pages only: whether this page's recorder is to run. */
  record?: boolean;
}

/** How a contact's session stands, as desks and wallboards are told; `ended` says why it is over, or nothing. */
export interface SharedPage extends Omit<State, "record"> {
  contact: string;
  ended: string;
}

export type Action =
  "point" | "highlight" | "draw" | "please_click" | "clear" | "click" | "type" | "choose" | "scroll" | "next";

export type Point = [number, number];

/** An action at a node; fx and fy are where in its rectangle, 0 to 1. */
export interface Mark {
  epoch: string;
  action: Action;
  node: number;
  fx: number;
  fy: number;
  value: string;
  points: Point[];
}

export interface Command extends Mark {
  type: "command";
  ref: number;
  by: string;
}

/** One of the recorder's events; its inside is rrweb's. */
export interface RecordedEvent {
  type: number;
  data: unknown;
  timestamp: number;
}

export type ToPage =
  | State
  | Command
  | { type: "welcome"; have: number; policy: { policy: string; signature: string } }
  | { type: "ack"; seq: number }
  | { type: "again"; have: number }
  | { type: "snapshot" }
  | { type: "refused"; reason: string }
  | { type: "ended"; reason: string }
  | { type: "none" }
  | { type: "pong" };

export type ToViewer =
  | State
  | { type: "events"; epoch: string; seq: number; reset: boolean; events: RecordedEvent[] }
  | { type: "cursor"; epoch: string; node: number; fx: number; fy: number }
  | ({ type: "mark"; by: string } & Mark)
  | { type: "done"; id: number; ok: boolean; reason: string }
  | { type: "refused"; id: number | null; reason: string }
  | { type: "ended"; reason: string }
  | { type: "welcome"; name: string; role: string }
  | { type: "pong" };

export const EVENT = { FULL: 2, INCREMENTAL: 3, META: 4 } as const;
export const SOURCE = { MUTATION: 0, SCROLL: 3, INPUT: 5, RULE: 8, DECLARATION: 13, ADOPTED: 15 } as const;
/** The sources of incremental events that are sent; of others, such as selections, the server wants to know nothing. */
export const SENT = new Set([0, 3, 4, 5, 7, 8, 13, 15, 16]);
/** What an open popover has in the mirror. */
export const POPOVER_OPEN = "data-cc-open";
export const PING_EVERY = 20_000;
/** Milliseconds between attempts to connect again; the last is repeated. */
export const PAUSES = [100, 250, 500, 1000, 2000, 5000] as const;
