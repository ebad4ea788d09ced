import type { RTCSession } from "jssip/lib/RTCSession";

import { is, isNew, type Leg } from "./leg";
import { limitGathering, muteSession, statusOf, terminate } from "./session";
import type { CallEvent } from "./states";

/** Milliseconds for which audio may be interrupted before the call is taken back: ICE often mends by itself. */
const PATIENCE = 2_500;
/** Milliseconds for which a call is tried to be taken back, and between two tries. */
const TRIED_FOR = 25_000;
const AGAIN = 1_000;
/** Milliseconds for the other side to end a session that another has replaced. */
const REPLACED = 5_000;

/** What taking a call back needs of the telephone. */
export interface RecoveryPort {
  /** Asks the telephone system for the account's live call; null when it cannot be asked. */
  readonly takeBack: (microphone: MediaStream | null) => Promise<RTCSession | null>;
  /** What looks connected may lead nowhere. */
  readonly renewLine: () => void;
  readonly attach: (leg: Leg, session: RTCSession) => void;
  readonly happened: (leg: Leg, event: CallEvent) => void;
  /** The leg's session is another one by now. */
  readonly replaced: (leg: Leg) => void;
  readonly failed: (leg: Leg) => void;
}

/** Audio stops flowing: the call is taken back over whatever network there is now. */
export class Recovery {
  readonly #port: RecoveryPort;

  constructor(port: RecoveryPort) {
    this.#port = port;
  }

  /** Whether the call goes on: one that was never answered does not. */
  broken(leg: Leg, forGood: boolean): boolean {
    if (!leg.answered) return false;
    if (!leg.reached && isNew(leg.call)) return true;
    if (leg.lostAt !== null) return true;
    if (forGood) void this.#recover(leg);
    else if (leg.waiting === null) this.#wait(leg, PATIENCE);
    return true;
  }

  mended(leg: Leg): void {
    leg.reached = true;
    stopWaiting(leg);
    if (leg.lostAt === null) return;
    terminate(leg.next);
    leg.next = null;
    leg.lostAt = null;
    this.#port.happened(leg, "audio back");
  }

  #wait(leg: Leg, delay: number): void {
    stopWaiting(leg);
    leg.waiting = setTimeout(() => void this.#recover(leg), delay);
  }

  async #recover(leg: Leg): Promise<void> {
    stopWaiting(leg);
    if (leg.lostAt === null) {
      leg.lostAt = Date.now();
      this.#port.happened(leg, "audio lost");
      this.#port.renewLine();
    }
    if (!is(leg.call, "recovering")) return;
    const session = await this.#port.takeBack(leg.microphone);
    if (!is(leg.call, "recovering") || leg.next !== null) terminate(session);
    else if (session === null) this.#again(leg);
    else this.#try(leg, session);
  }

  #try(leg: Leg, session: RTCSession): void {
    leg.next = session;
    this.#port.attach(leg, session);
    muteSession(session, leg.call.muted);
    session.on("accepted", () => this.#replace(leg, session));
    session.on("failed", ({ message }) => {
      if (leg.next !== session) return;
      leg.next = null;
      const gone = statusOf(message) === 404 || leg.session.isEnded();
      if (gone) this.#port.failed(leg);
      else this.#again(leg);
    });
    limitGathering(session);
  }

  #replace(leg: Leg, session: RTCSession): void {
    if (leg.next !== session) return;
    const old = leg.session;
    stopWaiting(leg);
    leg.session = session;
    leg.next = null;
    leg.lostAt = null;
    leg.counters = null;
    setTimeout(() => terminate(old), REPLACED);
    this.#port.replaced(leg);
  }

  #again(leg: Leg): void {
    if (Date.now() - (leg.lostAt ?? 0) <= TRIED_FOR) this.#wait(leg, AGAIN);
    else this.#port.failed(leg);
  }
}

/** What was to be tried is tried no more. */
export function stopWaiting(leg: Leg): void {
  if (leg.waiting !== null) clearTimeout(leg.waiting);
  leg.waiting = null;
}
