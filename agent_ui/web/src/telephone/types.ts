/** What a page's telephone takes and tells. Nothing here runs: it can be imported without loading JsSIP. */

export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** What lets a page speak SIP for a while, in place of a password. */
export interface Credentials {
  /** Where the SIP edge listens for WebSockets: ws://host:port/sip or wss://... */
  readonly wsUrl: string;
  readonly domain: string;
  /** The SIP user: an agent's endpoint, or guest-<visitor>. */
  readonly user: string;
  readonly token: string;
  /** When the token ends, in milliseconds by this browser's clock. */
  readonly expiresAt: number;
  readonly iceServers: readonly IceServer[];
}

/** Which devices to use; "" is the browser's own choice. */
export interface MediaChoices {
  readonly microphone?: string;
  readonly speaker?: string;
}

/** How the telephone is connected to the telephone system. */
export type Link =
  /** Not started, or stopped. */
  | "off"
  | "connecting"
  /** Calls can be placed. */
  | "connected"
  /** Calls can also come in. */
  | "registered"
  /** The connection was lost; it is being made again. Calls that are up go on. */
  | "lost"
  /** The telephone system does not let this page in; see `why`. Nothing more is tried. */
  | "refused";

export type LinkProblem =
  /** The page could get no credentials: signed out, no phone, or a guest who may not call (any more). */
  | "credentials"
  /** The telephone system refuses the credentials. */
  | "forbidden"
  /** This browser cannot do WebRTC here: too old, or the page does not come over HTTPS. */
  | "unsupported";

export type MicrophoneProblem =
  /** The person, or a policy, does not let this page use the microphone. */
  | "microphone_refused"
  | "microphone_missing"
  /** Another program holds it, or the system failed to open it. */
  | "microphone_busy"
  | "microphone_unsupported";

export type CallState =
  /** It comes in and waits for `answer`. */
  | "ringing"
  /** It was placed, and the other side has not answered. */
  | "calling"
  /** `answer` was called: the microphone is opened and the answer sent. */
  | "answering"
  | "talking"
  /** The other side has put us on hold. */
  | "held"
  /** Audio no longer flows, after a change of network; the call is being taken back. */
  | "recovering"
  | "ended";

/** Why a call ended. */
export type CallEnd =
  /** We hung up, or declined. */
  | "here"
  /** They hung up. */
  | "there"
  /** Before it was answered: the caller gave up, or another phone of ours answered. */
  | "canceled"
  | "busy"
  /** Nobody there, or nothing to take back (404, 480, 410). */
  | "not_found"
  /** We may not call this (401, 403), or not so often (429). */
  | "forbidden"
  /** No answer in time. */
  | "no_answer"
  /** Another page of the same account took it over, or `leave` let it go. */
  | "left"
  | MicrophoneProblem
  /** It was answered, and no audio came through: the network lets none pass. */
  | "blocked"
  /** The connection or the audio failed. */
  | "failed";

export interface Call {
  readonly id: string;
  readonly direction: "in" | "out";
  readonly state: CallState;
  readonly muted: boolean;
  /** X-Comptoir-Contact and X-Comptoir-Offer of a call that came in. */
  readonly contact: string | null;
  readonly offer: string | null;
  /** It is to be answered at once: the person asked for this call (Call-Info with answer-after=0). */
  readonly answersItself: boolean;
  /** Who calls, as the SIP request says: a name or else a user part; "" when it says nothing. Placed: the target. */
  readonly label: string;
  /** Only when `state` is "ended". */
  readonly end: CallEnd | null;
}

/** What the last second was like. A figure that the browser does not know is null. */
export interface Sample {
  /** Packets that were lost on the way here, in percent. */
  readonly loss: number | null;
  /** Packets that were lost on the way there, in percent, as the other side reports it. */
  readonly lossThere: number | null;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  /** Loudness of what is heard and said, 0..1. */
  readonly levelIn: number | null;
  readonly levelOut: number | null;
}

export type Quality = "good" | "fair" | "poor";

/** Called when something happens; each is optional. */
export interface TelephoneEvents {
  readonly link?: (link: Link, why: LinkProblem | null) => void;
  /** A call comes in. Its later states come as `call`. */
  readonly incoming?: (call: Call) => void;
  readonly call?: (call: Call) => void;
  /** Once a second in a call. `quality` is null until it is known. */
  readonly quality?: (quality: Quality | null, sample: Sample) => void;
  /** The microphone has given nothing but silence for some seconds though it is not muted; and when that is over. */
  readonly silentMicrophone?: (silent: boolean) => void;
  /** Loudness of the microphone and of the other side, 0..1, about ten times a second in a call. */
  readonly level?: (microphone: number, speaker: number) => void;
  /** The microphone was taken away in a call (unplugged), or could not be had. */
  readonly microphone?: (problem: MicrophoneProblem | "microphone_lost") => void;
  /** The browser does not play sound before the person has clicked: call `playSound` from a click. */
  readonly soundBlocked?: () => void;
}

export interface TelephoneOptions {
  /** Gives fresh credentials; asked at the start and again in time before they end. A rejection means: refused. */
  readonly credentials: () => Promise<Credentials>;
  readonly media: MediaChoices;
  readonly events: TelephoneEvents;
}

/** A telephone in a page. Commands about a call do nothing when it has ended meanwhile. */
export interface Telephone {
  /** Connects; with `register`, calls come in as well. Repeating it changes whether they do. */
  start: (how: { readonly register: boolean }) => Promise<void>;
  /** Hangs up everything, says goodbye and disconnects. */
  stop: () => void;
  /** Disconnects without a word: calls stay up for another page of this account to take back. */
  leave: () => void;
  link: () => Link;
  calls: () => readonly Call[];
  /** Calls a user part or number at the telephone system. Throws `MicrophoneError`. */
  call: (target: string) => Promise<Call>;
  /** Takes the live call of this account back from a page that is gone. It ends "not_found" when there is none. */
  takeBack: () => Promise<Call>;
  answer: (id: string) => Promise<void>;
  /** Ends, cancels or declines. */
  hangUp: (id: string) => void;
  /** Sends keys (0-9 * # A-D) as telephone events (RFC 4733) in the audio. */
  sendDigit: (id: string, digits: string) => void;
  setMuted: (id: string, muted: boolean) => void;
  /** Changes the device at once, also in a call. Throws `MicrophoneError`. */
  setMicrophone: (deviceId: string) => Promise<void>;
  /** Does nothing where the browser cannot choose (`canChooseSpeaker`). */
  setSpeaker: (deviceId: string) => Promise<void>;
  /** How loud the other side is played, 0..1; some systems leave that to their own keys. */
  setVolume: (volume: number) => void;
  /** After `soundBlocked`, from a click. */
  playSound: () => Promise<void>;
}
