import type { Call, Link, LinkProblem, MicrophoneProblem, Quality, Sample } from "../../telephone/types";
import type { Device } from "./devices";

/** Where this page's telephone is. */
export type Place =
  /** The agent answers on a phone beside the page. */
  | "off"
  /** It is being found out whether another tab has the telephone. */
  | "asking"
  /** Here. */
  | "here"
  | "other_tab";

/** All that the pages show of the telephone in them. */
export interface Softphone {
  readonly place: Place;
  readonly link: Link;
  readonly why: LinkProblem | null;
  /** Why the microphone cannot be used; null while it can, as far as is known. */
  readonly microphone: MicrophoneProblem | null;
  readonly calls: readonly Call[];
  readonly quality: Quality | null;
  readonly sample: Sample | null;
  readonly silent: boolean;
  readonly soundBlocked: boolean;
  /** Whether a call is being taken back from a page that is gone. */
  readonly takingBack: boolean;
  readonly devices: readonly Device[];
  /** The headset whose buttons are listened to. */
  readonly headset: string | null;
}

export const NO_SOFTPHONE: Softphone = {
  place: "off",
  link: "off",
  why: null,
  microphone: null,
  calls: [],
  quality: null,
  sample: null,
  silent: false,
  soundBlocked: false,
  takingBack: false,
  devices: [],
  headset: null,
};

export type SoftphoneAction =
  | { readonly type: "is"; readonly part: Partial<Omit<Softphone, "calls">> }
  | { readonly type: "call"; readonly call: Call };

export function reduceSoftphone(phone: Softphone, action: SoftphoneAction): Softphone {
  if (action.type === "is") return { ...phone, ...action.part };
  const others = phone.calls.filter((call) => call.id !== action.call.id);
  if (action.call.state !== "ended") return { ...phone, calls: [...others, action.call] };
  const quiet = others.length === 0 ? { quality: null, sample: null, silent: false, soundBlocked: false } : {};
  return { ...phone, ...quiet, calls: others };
}

/** What the header says, most urgent first. */
export type Status =
  | "off"
  | "asking"
  | "other_tab"
  | "microphone"
  | "refused"
  | "connecting"
  | "lost"
  | "ready"
  | "in_call";

export function statusOf(phone: Softphone): Status {
  if (phone.place === "off" || phone.place === "asking" || phone.place === "other_tab") return phone.place;
  if (phone.microphone !== null) return "microphone";
  if (phone.link === "refused") return "refused";
  if (phone.link === "lost") return "lost";
  if (phone.link !== "registered") return "connecting";
  return liveCall(phone) === undefined ? "ready" : "in_call";
}

/** The call that is up in this page. */
export function liveCall(phone: Softphone): Call | undefined {
  return phone.calls.find((call) => call.state === "talking" || call.state === "held" || call.state === "recovering");
}

/** The call that rings in this page for an offer, or for a contact without one (a colleague asks). */
export function ringingFor(phone: Softphone, offer: string | null, contact: string): Call | undefined {
  const rings = phone.calls.filter((call) => call.state === "ringing" || call.state === "answering");
  return rings.find((call) => (offer === null ? call.contact === contact : call.offer === offer));
}
