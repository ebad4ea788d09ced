import type { CallState, Link } from "./types";

/** What happens to the connection. */
export type LinkEvent = "start" | "up" | "registered" | "unregistered" | "down" | "refused" | "stop";

type Table<S extends string, E extends string> = Readonly<Record<S, Readonly<Partial<Record<E, S>>>>>;

/** What is not in the table changes nothing: a late word of a socket that is gone already. */
export const LINK: Table<Link, LinkEvent> = {
  off: { start: "connecting", refused: "refused" },
  connecting: { up: "connected", down: "lost", refused: "refused", stop: "off" },
  connected: { registered: "registered", down: "lost", refused: "refused", stop: "off" },
  registered: { unregistered: "connected", down: "lost", refused: "refused", stop: "off" },
  lost: { up: "connected", refused: "refused", stop: "off" },
  refused: { start: "connecting", stop: "off" },
};

/** What happens to a call. */
export type CallEvent =
  | "answer"
  /** The microphone could not be had; it still rings. */
  | "unanswered"
  | "connected"
  | "held"
  | "resumed"
  | "audio lost"
  | "audio back"
  | "over";

export const CALL: Table<CallState, CallEvent> = {
  ringing: { answer: "answering", over: "ended" },
  calling: { connected: "talking", over: "ended" },
  answering: { connected: "talking", unanswered: "ringing", over: "ended" },
  talking: { held: "held", "audio lost": "recovering", over: "ended" },
  held: { resumed: "talking", "audio lost": "recovering", over: "ended" },
  recovering: { "audio back": "talking", connected: "talking", over: "ended" },
  ended: {},
};

export function linkAfter(link: Link, event: LinkEvent): Link {
  return LINK[link][event] ?? link;
}

export function callAfter(state: CallState, event: CallEvent): CallState {
  return CALL[state][event] ?? state;
}
