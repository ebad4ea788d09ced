import { C } from "jssip";
import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";

import { Connection } from "./connection";
import { endOf } from "./ends";
import { createMeter, type Meter } from "./meter";
import { MicrophoneError, openMicrophone } from "./microphone";
import { qualityOf, WINDOW } from "./quality";
import { keepWhenBroken, limitGathering, rtcConfiguration, watchIce } from "./session";
import { afterLevel, NO_SILENCE, type Silence } from "./silence";
import { createSpeaker, type Speaker } from "./speaker";
import { callAfter, type CallEvent } from "./states";
import { countersOf, sampleOf, type Counters, type Entry } from "./stats";
import type { Call, CallEnd, Link, Sample, Telephone, TelephoneEvents, TelephoneOptions } from "./types";

/** The user part that gives an account its live call back. */
export const TAKE_BACK = "take-back";

/** Milliseconds that a call which is placed waits for the connection. */
const PLACING = 10_000;
/** Milliseconds for which audio may be interrupted before the call is taken back: ICE often mends by itself. */
const PATIENCE = 2_500;
/** Milliseconds for which a call is tried to be taken back, and between two tries. */
const RECOVERY = 25_000;
const RECOVERY_AGAIN = 1_000;
/** Milliseconds until a call that was placed and answered must have found a way for its audio. */
const FIRST_AUDIO = 12_000;
/** Milliseconds for the other side to end a session that another has replaced. */
const REPLACED = 5_000;

const SAMPLING = 1_000;
const METERING = 100;

/** A call and what belongs to it. `session` changes when it is taken back; the old one is not listened to any more. */
interface Leg {
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
  patience: ReturnType<typeof setTimeout> | null;
  /** When audio was lost; null while it flows. */
  lostAt: number | null;
  /** The session that is to replace `session`. */
  next: RTCSession | null;
}

/** A telephone for this page: `const { createTelephone } = await import("../telephone/telephone")` when it is needed. */
export function createTelephone(options: TelephoneOptions): Telephone {
  return new PageTelephone(options);
}

class PageTelephone implements Telephone {
  readonly #events: TelephoneEvents;
  readonly #connection: Connection;
  readonly #legs = new Map<string, Leg>();
  readonly #speaker: Speaker;
  #microphone: string;
  #meter: Meter | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  #leaving = false;

  constructor({ credentials, media, events }: TelephoneOptions) {
    this.#events = events;
    this.#microphone = media.microphone ?? "";
    this.#speaker = createSpeaker(media.speaker ?? "");
    this.#connection = new Connection(credentials, {
      link: (link, why) => events.link?.(link, why),
      incoming: (event) => this.#incoming(event),
    });
  }

  start({ register }: { readonly register: boolean }): Promise<void> {
    return this.#connection.start(register);
  }

  stop(): void {
    for (const { call } of [...this.#legs.values()]) this.hangUp(call.id);
    this.#connection.stop();
    this.#speaker.stop();
  }

  leave(): void {
    this.#leaving = true;
    this.#connection.leave();
    for (const leg of [...this.#legs.values()]) this.#over(leg, "left");
    this.#speaker.stop();
    this.#leaving = false;
  }

  link(): Link {
    return this.#connection.link;
  }

  calls(): readonly Call[] {
    return [...this.#legs.values()].map((leg) => leg.call);
  }

  call(target: string): Promise<Call> {
    return this.#place(target);
  }

  takeBack(): Promise<Call> {
    return this.#place(TAKE_BACK);
  }

  async answer(id: string): Promise<void> {
    const leg = this.#legs.get(id);
    if (leg?.call.state !== "ringing") return;
    this.#happened(leg, "answer");
    const microphone = await this.#open().catch((error: unknown) => {
      this.#happened(leg, "unanswered");
      throw error;
    });
    const ready = await this.#connection.ready(PLACING).catch(() => null);
    // It may have ended while the microphone was opened.
    if (ready === null || !is(leg.call, "answering")) {
      close(microphone);
      return;
    }
    leg.microphone = microphone;
    leg.session.answer({ mediaStream: microphone, pcConfig: rtcConfiguration(ready.credentials.iceServers) });
  }

  hangUp(id: string): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    terminate(leg.next);
    terminate(leg.session);
    this.#over(leg, "here");
  }

  sendDigit(id: string, digits: string): void {
    const leg = this.#legs.get(id);
    if (leg?.answered !== true) return;
    leg.session.sendDTMF(digits, { transportType: C.DTMF_TRANSPORT.RFC2833, duration: 160, interToneGap: 80 });
  }

  setMuted(id: string, muted: boolean): void {
    const leg = this.#legs.get(id);
    if (leg === undefined || leg.call.muted === muted) return;
    for (const session of [leg.session, leg.next]) silence(session, muted);
    this.#change(leg, { muted });
  }

  async setMicrophone(deviceId: string): Promise<void> {
    this.#microphone = deviceId;
    for (const leg of this.#legs.values()) if (leg.microphone !== null) await this.#replaceMicrophone(leg);
  }

  setSpeaker(deviceId: string): Promise<void> {
    return this.#speaker.choose(deviceId);
  }

  setVolume(volume: number): void {
    this.#speaker.setVolume(volume);
  }

  async playSound(): Promise<void> {
    if (!(await this.#speaker.resume())) this.#events.soundBlocked?.();
  }

  // Calls begin.

  #incoming({ session, request }: IncomingRTCSessionEvent): void {
    const header = (name: string) => (request.hasHeader(name) ? request.getHeader(name) : null);
    const call: Call = {
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
    const leg = this.#legOf(call, session, null);
    session.on("peerconnection", ({ peerconnection }) => this.#attach(leg, session, peerconnection));
    this.#listen(leg, session);
    this.#events.incoming?.(call);
  }

  async #place(target: string): Promise<Call> {
    const microphone = await this.#open();
    const session = await this.#dial(target, microphone).catch((error: unknown) => {
      close(microphone);
      throw error;
    });
    const call: Call = {
      id: session.id,
      direction: "out",
      state: "calling",
      muted: false,
      contact: null,
      offer: null,
      answersItself: false,
      label: target,
      end: null,
    };
    const leg = this.#legOf(call, session, microphone);
    this.#attach(leg, session, session.connection);
    this.#listen(leg, session);
    this.#events.call?.(leg.call);
    return leg.call;
  }

  async #dial(target: string, microphone: MediaStream | null): Promise<RTCSession> {
    const { ua, credentials } = await this.#connection.ready(PLACING);
    return ua.call(`sip:${target}@${credentials.domain}`, {
      ...(microphone === null ? {} : { mediaStream: microphone }),
      mediaConstraints: { audio: true, video: false },
      pcConfig: rtcConfiguration(credentials.iceServers),
    });
  }

  #legOf(call: Call, session: RTCSession, microphone: MediaStream | null): Leg {
    const leg: Leg = {
      call,
      session,
      answered: false,
      reached: false,
      microphone,
      counters: null,
      samples: [],
      silence: NO_SILENCE,
      loudest: null,
      patience: null,
      lostAt: null,
      next: null,
    };
    this.#legs.set(call.id, leg);
    return leg;
  }

  #listen(leg: Leg, session: RTCSession): void {
    limitGathering(session);
    const hears = (event: CallEvent) => {
      if (leg.session === session) this.#happened(leg, event);
    };
    session.on("accepted", () => {
      if (leg.session === session) this.#answered(leg);
    });
    session.on("hold", ({ originator }) => (originator as string) === "remote" && hears("held"));
    session.on("unhold", ({ originator }) => (originator as string) === "remote" && hears("resumed"));
    session.on("ended", (event) => this.#ended(leg, session, event));
    session.on("failed", (event) => this.#ended(leg, session, event));
  }

  #attach(leg: Leg, session: RTCSession, connection: RTCPeerConnection): void {
    limitStream(connection, (stream) => {
      if (leg.session === session || leg.next === session) void this.#play(stream);
    });
    const broken = (forGood: boolean) => leg.session === session && this.#broken(leg, forGood);
    keepWhenBroken(session, broken);
    watchIce(connection, {
      broken,
      mended: () => {
        if (leg.session === session) this.#mended(leg);
      },
    });
  }

  async #play(stream: MediaStream): Promise<void> {
    this.#meterNow()?.watch("speaker", stream);
    if (!(await this.#speaker.play(stream))) this.#events.soundBlocked?.();
  }

  // Calls go on.

  #answered(leg: Leg): void {
    leg.answered = true;
    if (isNew(leg.call)) setTimeout(() => this.#blocked(leg), FIRST_AUDIO);
    this.#hear(leg);
    this.#happened(leg, "connected");
    if (this.#timers.length > 0) return;
    this.#timers = [setInterval(() => void this.#sample(), SAMPLING), setInterval(() => this.#measure(), METERING)];
  }

  /** Measures the microphone, and notices when it is unplugged. */
  #hear(leg: Leg): void {
    const stream = leg.microphone;
    const track = stream?.getAudioTracks()[0];
    if (stream === null || track === undefined) return;
    this.#meterNow()?.watch("microphone", stream);
    track.onended = () => {
      this.#events.microphone?.("microphone_lost");
      this.#microphone = "";
      this.#replaceMicrophone(leg).catch(() => undefined);
    };
  }

  async #replaceMicrophone(leg: Leg): Promise<void> {
    const fresh = await this.#open();
    const track = fresh.getAudioTracks()[0];
    if (track === undefined || leg.call.state === "ended") {
      close(fresh);
      return;
    }
    const old = leg.microphone;
    leg.microphone = fresh;
    for (const session of [leg.session, leg.next]) await send(session, track);
    this.#hear(leg);
    if (old !== null) close(old);
  }

  async #open(): Promise<MediaStream> {
    try {
      return await openMicrophone(this.#microphone);
    } catch (error) {
      if (error instanceof MicrophoneError) this.#events.microphone?.(error.problem);
      throw error;
    }
  }

  #meterNow(): Meter | null {
    try {
      return (this.#meter ??= createMeter());
    } catch {
      // No Web Audio: the call is more important than its level.
      return null;
    }
  }

  #measure(): void {
    const [microphone, speaker] = [this.#meter?.read("microphone") ?? null, this.#meter?.read("speaker") ?? null];
    for (const leg of this.#legs.values()) {
      if (!leg.answered) continue;
      if (microphone !== null) leg.loudest = Math.max(leg.loudest ?? 0, microphone);
      const sample = leg.samples.at(-1);
      this.#events.level?.(microphone ?? sample?.levelOut ?? 0, speaker ?? sample?.levelIn ?? 0);
    }
  }

  async #sample(): Promise<void> {
    for (const leg of [...this.#legs.values()]) {
      if (!leg.answered) continue;
      const counters = countersOf(entriesOf(await leg.session.connection.getStats()));
      if (leg.call.state === "ended") continue;
      const sample = sampleOf(leg.counters, counters);
      leg.counters = counters;
      leg.samples = [...leg.samples, sample].slice(-WINDOW);
      this.#events.quality?.(qualityOf(leg.samples), sample);
      this.#listenForSilence(leg, leg.loudest ?? sample.levelOut);
      leg.loudest = null;
    }
  }

  #listenForSilence(leg: Leg, level: number | null): void {
    const open = leg.call.state === "talking" && !leg.call.muted;
    const before = leg.silence;
    leg.silence = afterLevel(before, level, open, SAMPLING / 1000);
    if (leg.silence.alarm !== before.alarm) this.#events.silentMicrophone?.(leg.silence.alarm);
  }

  // Audio stops flowing: the call is taken back over whatever network there is now.

  /** Whether the call goes on: one that was never answered does not. */
  #broken(leg: Leg, forGood: boolean): boolean {
    if (!leg.answered) return false;
    if (!leg.reached && isNew(leg.call)) return true;
    if (leg.lostAt !== null) return true;
    if (forGood) void this.#recover(leg);
    else leg.patience ??= setTimeout(() => void this.#recover(leg), PATIENCE);
    return true;
  }

  /** Ends a new call whose audio finds no way: a call that is taken back, or came in, is worth more patience. */
  #blocked(leg: Leg): void {
    if (leg.reached || leg.call.state === "ended") return;
    this.#over(leg, "blocked");
    terminate(leg.next);
    terminate(leg.session);
  }

  #mended(leg: Leg): void {
    leg.reached = true;
    if (leg.patience !== null) clearTimeout(leg.patience);
    leg.patience = null;
    if (leg.lostAt === null) return;
    terminate(leg.next);
    leg.next = null;
    leg.lostAt = null;
    this.#happened(leg, "audio back");
  }

  async #recover(leg: Leg): Promise<void> {
    if (leg.lostAt === null) {
      leg.lostAt = Date.now();
      this.#happened(leg, "audio lost");
      this.#connection.renewLine();
    }
    if (!is(leg.call, "recovering")) return;
    const session = await this.#dial(TAKE_BACK, leg.microphone).catch(() => null);
    if (!is(leg.call, "recovering")) terminate(session);
    else if (session === null) this.#recoverLater(leg);
    else this.#tryNext(leg, session);
  }

  #tryNext(leg: Leg, session: RTCSession): void {
    leg.next = session;
    this.#attach(leg, session, session.connection);
    silence(session, leg.call.muted);
    session.on("accepted", () => this.#replaced(leg, session));
    session.on("failed", ({ message }) => {
      if (leg.next !== session) return;
      leg.next = null;
      const gone = statusOf(message) === 404 || leg.session.isEnded();
      if (gone) this.#over(leg, "failed");
      else this.#recoverLater(leg);
    });
    limitGathering(session);
  }

  #replaced(leg: Leg, session: RTCSession): void {
    if (leg.next !== session) return;
    const old = leg.session;
    leg.session = session;
    leg.next = null;
    leg.lostAt = null;
    leg.patience = null;
    leg.counters = null;
    setTimeout(() => terminate(old), REPLACED);
    this.#listen(leg, session);
    this.#answered(leg);
  }

  #recoverLater(leg: Leg): void {
    if (Date.now() - (leg.lostAt ?? 0) > RECOVERY) {
      terminate(leg.session);
      this.#over(leg, "failed");
    } else setTimeout(() => void this.#recover(leg), RECOVERY_AGAIN);
  }

  // Calls end.

  #ended(leg: Leg, session: RTCSession, { originator, message }: EndEvent): void {
    // One that is being replaced is ended by the other side, before we learn that the new one is answered.
    if (leg.session !== session || leg.next !== null) return;
    const by = originator as "local" | "remote" | "system";
    const { direction } = leg.call;
    const end = endOf({ direction, answered: leg.answered, by, status: statusOf(message) });
    // The telephone system gives up as well, sooner or later than we do.
    const blocked = end === "there" && !leg.reached && isNew(leg.call);
    this.#over(leg, this.#leaving ? "left" : blocked ? "blocked" : end);
  }

  #over(leg: Leg, end: CallEnd): void {
    if (!this.#legs.delete(leg.call.id)) return;
    if (leg.patience !== null) clearTimeout(leg.patience);
    const { microphone } = leg;
    if (microphone !== null) {
      for (const track of microphone.getTracks()) track.onended = null;
      close(microphone);
    }
    if (leg.silence.alarm) this.#events.silentMicrophone?.(false);
    this.#change(leg, { state: callAfter(leg.call.state, "over"), end });
    if (this.#legs.size === 0) this.#quiet();
  }

  #quiet(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#meter?.stop();
    this.#meter = null;
    this.#speaker.stop();
  }

  #happened(leg: Leg, event: CallEvent): void {
    const state = callAfter(leg.call.state, event);
    if (state !== leg.call.state) this.#change(leg, { state });
  }

  #change(leg: Leg, part: Partial<Call>): void {
    leg.call = { ...leg.call, ...part };
    this.#events.call?.(leg.call);
  }
}

function is(call: Call, state: Call["state"]): boolean {
  return call.state === state;
}

/** Placed here, and no call that is taken back. */
function isNew({ direction, label }: Call): boolean {
  return direction === "out" && label !== TAKE_BACK;
}

function terminate(session: RTCSession | null): void {
  if (session !== null && !session.isEnded()) session.terminate();
}

function silence(session: RTCSession | null, muted: boolean): void {
  if (session === null || session.isEnded()) return;
  // A session that still rings has no track yet: it is muted once it has.
  if (muted) session.mute({ audio: true });
  else session.unmute({ audio: true });
}

async function send(session: RTCSession | null, track: MediaStreamTrack): Promise<void> {
  const connection = session?.connection as RTCPeerConnection | null | undefined;
  const sender = connection?.getSenders().find((one) => one.track?.kind === "audio");
  track.enabled = sender?.track?.enabled ?? track.enabled;
  await sender?.replaceTrack(track);
}

function limitStream(connection: RTCPeerConnection, heard: (stream: MediaStream) => void): void {
  connection.addEventListener("track", ({ streams, track }) => heard(streams[0] ?? new MediaStream([track])));
}

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function entriesOf(report: RTCStatsReport): Entry[] {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  return entries;
}

function statusOf(message: EndEvent["message"] | null): number | null {
  return message !== null && "status_code" in message ? message.status_code : null;
}
