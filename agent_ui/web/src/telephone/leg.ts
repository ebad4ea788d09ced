import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";

import { NO_SILENCE, type Silence } from "./silence";
import type { Counters } from "./stats";
import type { Call, Sample } from "./types";

/** The user part that gives an account its live call back. */
export const TAKE_BACK = "take-back";

/** A call and what belongs to it. `session` changes when it is taken back; the old one is not listened to any more. */
export interface Leg {
  call: Call;
  session: RTCSession;
  answered: boolean;
  /** Whether audio has ever had a way. */
  reached: boolean;
  microphone: MediaStream | null;
  counters: Counters | null;
  samples: readonly Sample[];
  silence: Silence;
  /** The loudest that the microphone was since the last sample; null when that is not known. */
  loudest: number | null;
  /** When audio was lost; null while it flows. */
  lostAt: number | null;
  /** Runs until the call is taken back, or tried to be again. */
  waiting: ReturnType<typeof setTimeout> | null;
  /** The session that is to replace `session`. */
  next: RTCSession | null;
}

export function legOf(call: Call, session: RTCSession, microphone: MediaStream | null): Leg {
  return {
    call,
    session,
    answered: false,
    reached: false,
    microphone,
    counters: null,
    samples: [],
    silence: NO_SILENCE,
    loudest: null,
    lostAt: null,
    waiting: null,
    next: null,
  };
}

export function incomingCall({ session, request }: IncomingRTCSessionEvent): Call {
  const header = (name: string) => (request.hasHeader(name) ? request.getHeader(name) : null);
  return {
    id: session.id,
    direction: "in",
    state: "ringing",
    muted: false,
    contact: header("X-Comptoir-Contact"),
    offer: header("X-Comptoir-Offer"),
    answersItself: /;\s*answer-after=0/i.test(header("Call-Info") ?? ""),
    label: request.from.display_name || request.from.uri.user,
    end: null,
  };
}

export function placedCall(id: string, target: string): Call {
  return {
    id,
    direction: "out",
    state: "calling",
    muted: false,
    contact: null,
    offer: null,
    answersItself: false,
    label: target,
    end: null,
  };
}

/** Whether the call is in this state now: it may have changed while something was waited for. */
export function is(call: Call, state: Call["state"]): boolean {
  return call.state === state;
}

/** Placed here, and no call that is taken back. */
export function isNew({ direction, label }: Call): boolean {
  return direction === "out" && label !== TAKE_BACK;
}
