import type { CallMessage } from "../live";
import type { Key } from "../texts";
import type { CallNow } from "./types";

export interface Words {
  readonly key: Key;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The one line that says how the call stands. */
export function lineOf(now: CallNow, contact: CallMessage | null, place: number | null): Words {
  if (now.phase === "ended") return endOf(now);
  if (now.phase === "back") return { key: "call.back" };
  if (now.phase === "elsewhere") return { key: "call.elsewhere" };
  if (now.phase === "ringing") return { key: "call.ringing" };
  if (now.phase === "starting") return { key: "call.connecting" };
  return contactOf(contact, place);
}

function contactOf(contact: CallMessage | null, place: number | null): Words {
  const name = contact?.agent ? { name: contact.agent } : null;
  switch (contact?.state) {
    case "queued":
      return place === null ? { key: "call.queued" } : { key: "call.place", values: { place } };
    case "offered":
      return { key: "call.offered" };
    case "talking":
      if (contact.away) return { key: "call.away" };
      return name ? { key: "call.talking", values: name } : { key: "call.talking_agent" };
    case "held":
      return name ? { key: "call.held", values: name } : { key: "call.held_agent" };
    default:
      return { key: "call.ivr" };
  }
}

function endOf(now: CallNow): Words {
  switch (now.end) {
    case "microphone_refused":
      return { key: "microphone.refused" };
    case "microphone_missing":
      return { key: "microphone.missing" };
    case "microphone_busy":
      return { key: "microphone.busy" };
    case "microphone_unsupported":
    case "unsupported":
      return { key: "call.unsupported" };
    case "busy":
      return { key: "call.busy" };
    case "forbidden":
    case "credentials":
      return { key: "call.refused" };
    case "blocked":
      return { key: "call.blocked" };
    case "failed":
      return { key: now.since === null ? "call.failed" : "call.lost" };
    case "not_found":
    case "no_answer":
      return { key: now.since === null ? "call.failed" : "call.ended" };
    default:
      return { key: "call.ended" };
  }
}

/** What the customer can do about it; null when nothing helps. */
export function adviceOf(now: CallNow): Key | null {
  if (now.phase !== "ended") return null;
  switch (now.end) {
    case "microphone_refused":
      return "microphone.refused_do";
    case "microphone_missing":
      return "microphone.missing_do";
    case "microphone_busy":
      return "microphone.busy_do";
    case "blocked":
      return "call.blocked_do";
    default:
      return null;
  }
}

/** Whether the call never came about, so that a callback is worth offering. */
export function isFailure(now: CallNow): boolean {
  return now.phase === "ended" && now.end !== null && !["here", "there", "left", "canceled"].includes(now.end);
}

/** The keypad opens by itself while a menu speaks. */
export function wantsKeypad(now: CallNow, contact: CallMessage | null): boolean {
  return now.phase === "up" && (contact === null || contact.state === "ivr" || contact.state === "ringing");
}

/** 5:09, 1:02:03. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
