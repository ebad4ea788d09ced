import type { CallEnd, LinkProblem, MicrophoneProblem, Quality } from "../../telephone/types";
import type { Ticket } from "../api";
import type { CallMessage } from "../live";
import type { Say } from "../texts";

/** How a call stands, as far as this page's telephone knows. */
export interface CallNow {
  readonly phase:
    /** The browser asks for the microphone, or the connection is made. */
    | "starting"
    | "ringing"
    | "up"
    /** A page before this one had the call; it is being taken back. */
    | "back"
    /** Another tab has it. */
    | "elsewhere"
    | "ended";
  readonly end: CallEnd | LinkProblem | null;
  readonly microphone: MicrophoneProblem | "microphone_lost" | null;
  readonly since: number | null;
  readonly muted: boolean;
  /** How loud the other side is played, 0..1. */
  readonly volume: number;
  readonly soundBlocked: boolean;
  readonly silent: boolean;
  /** The connection to the telephone system is lost; the audio may well go on. */
  readonly lost: boolean;
  readonly quality: Quality | null;
}

export const STARTING: CallNow = {
  phase: "starting",
  end: null,
  microphone: null,
  since: null,
  muted: false,
  volume: 1,
  soundBlocked: false,
  silent: false,
  lost: false,
  quality: null,
};

/** What the part that is loaded for a call needs of the rest. */
export interface CallPort {
  readonly ticket: (back: boolean) => Promise<Ticket>;
  readonly changed: (now: CallNow) => void;
}

/** A call under way. */
export interface Calling {
  readonly hangUp: () => void;
  readonly setMuted: (muted: boolean) => void;
  readonly setVolume: (volume: number) => void;
  readonly press: (key: string) => void;
  readonly playSound: () => void;
  /** Lets go of the connection and of nothing else: the next page takes the call back. */
  readonly leave: () => void;
  readonly setMicrophone: (id: string) => void;
  readonly setSpeaker: (id: string) => void;
}

export interface CallView {
  readonly root: HTMLElement;
  readonly show: (now: CallNow, contact: CallMessage | null, place: number | null) => void;
  readonly stop: () => void;
}

export interface CallViewOptions {
  readonly say: Say;
  readonly phone: string | null;
  readonly calling: Calling;
  readonly callBack: () => void;
  readonly again: () => void;
}

/** What is known of a call that a page before had. */
export interface CallBefore {
  readonly since: number;
  readonly muted: boolean;
  /** Unset by pages that were loaded before there was a choice. */
  readonly volume?: number;
}

/** What the chunk gives. */
export interface CallChunk {
  readonly startCall: (port: CallPort, before: CallBefore | null) => Calling;
  readonly callView: (options: CallViewOptions) => CallView;
}
