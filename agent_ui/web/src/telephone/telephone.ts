import { C } from "jssip";
import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";

import { Connection } from "./connection";
import { endOf } from "./ends";
import { incomingCall, is, isNew, legOf, placedCall, TAKE_BACK, type Leg } from "./leg";
import { Listening } from "./listening";
import { closeStream, MicrophoneError, openMicrophone } from "./microphone";
import { Recovery, stopWaiting } from "./recovery";
import {
  keepWhenBroken,
  limitGathering,
  muteSession,
  onStream,
  rtcConfiguration,
  sendTrack,
  statusOf,
  terminate,
  watchIce,
} from "./session";
import { createSpeaker, type Speaker } from "./speaker";
import { callAfter, type CallEvent } from "./states";
import type { Call, CallEnd, Link, Telephone, TelephoneEvents, TelephoneOptions } from "./types";

/** Milliseconds that a call which is placed waits for the connection. */
const PLACING = 10_000;
/** Milliseconds until a call that was placed and answered must have found a way for its audio. */
const FIRST_AUDIO = 12_000;

/** A telephone for this page: `const { createTelephone } = await import("../telephone/telephone")` when it is needed. */
export function createTelephone(options: TelephoneOptions): Telephone {
  return new PageTelephone(options);
}

class PageTelephone implements Telephone {
  readonly #events: TelephoneEvents;
  readonly #connection: Connection;
  readonly #legs = new Map<string, Leg>();
  readonly #speaker: Speaker;
  readonly #listening: Listening;
  readonly #recovery: Recovery;
  #microphone: string;
  #leaving = false;

  constructor({ credentials, media, events }: TelephoneOptions) {
    this.#events = events;
    this.#microphone = media.microphone ?? "";
    this.#speaker = createSpeaker(media.speaker ?? "");
    this.#connection = new Connection(credentials, {
      link: (link, why) => events.link?.(link, why),
      incoming: (event) => this.#incoming(event),
    });
    this.#listening = new Listening(events, () => [...this.#legs.values()].filter((leg) => leg.answered));
    this.#recovery = new Recovery({
      takeBack: (microphone) => this.#dial(TAKE_BACK, microphone).catch(() => null),
      renewLine: () => this.#connection.renewLine(),
      attach: (leg, session) => this.#attach(leg, session, session.connection),
      happened: (leg, event) => this.#happened(leg, event),
      replaced: (leg) => {
        this.#listen(leg, leg.session);
        this.#answered(leg);
      },
      failed: (leg) => {
        terminate(leg.session);
        this.#over(leg, "failed");
      },
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
    // It may have ended while the microphone was opened; without a connection it still rings.
    if (ready === null || !is(leg.call, "answering")) {
      closeStream(microphone);
      this.#happened(leg, "unanswered");
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
    for (const session of [leg.session, leg.next]) muteSession(session, muted);
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

  #incoming(event: IncomingRTCSessionEvent): void {
    const { session } = event;
    const leg = this.#keep(legOf(incomingCall(event), session, null));
    session.on("peerconnection", ({ peerconnection }) => this.#attach(leg, session, peerconnection));
    this.#listen(leg, session);
    this.#events.incoming?.(leg.call);
  }

  async #place(target: string): Promise<Call> {
    const microphone = await this.#open();
    const session = await this.#dial(target, microphone).catch((error: unknown) => {
      closeStream(microphone);
      throw error;
    });
    const leg = this.#keep(legOf(placedCall(session.id, target), session, microphone));
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

  #keep(leg: Leg): Leg {
    this.#legs.set(leg.call.id, leg);
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
    onStream(connection, (stream) => {
      if (leg.session === session || leg.next === session) void this.#play(stream);
    });
    const broken = (forGood: boolean) => leg.session === session && this.#recovery.broken(leg, forGood);
    keepWhenBroken(session, broken);
    watchIce(connection, {
      broken,
      mended: () => {
        if (leg.session === session) this.#recovery.mended(leg);
      },
    });
  }

  async #play(stream: MediaStream): Promise<void> {
    this.#listening.watch("speaker", stream);
    if (!(await this.#speaker.play(stream))) this.#events.soundBlocked?.();
  }

  // Calls go on.

  #answered(leg: Leg): void {
    leg.answered = true;
    if (isNew(leg.call)) setTimeout(() => this.#blocked(leg), FIRST_AUDIO);
    this.#hear(leg);
    this.#happened(leg, "connected");
    this.#listening.start();
  }

  /** Ends a new call whose audio finds no way: a call that is taken back, or came in, is worth more patience. */
  #blocked(leg: Leg): void {
    if (leg.reached || leg.call.state === "ended") return;
    this.#over(leg, "blocked");
    terminate(leg.next);
    terminate(leg.session);
  }

  /** Measures the microphone, and notices when it is unplugged. */
  #hear(leg: Leg): void {
    const stream = leg.microphone;
    const track = stream?.getAudioTracks()[0];
    if (stream === null || track === undefined) return;
    this.#listening.watch("microphone", stream);
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
      closeStream(fresh);
      return;
    }
    const old = leg.microphone;
    leg.microphone = fresh;
    for (const session of [leg.session, leg.next]) await sendTrack(session, track);
    this.#hear(leg);
    if (old !== null) closeStream(old);
  }

  async #open(): Promise<MediaStream> {
    try {
      return await openMicrophone(this.#microphone);
    } catch (error) {
      if (error instanceof MicrophoneError) this.#events.microphone?.(error.problem);
      throw error;
    }
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
    stopWaiting(leg);
    if (leg.microphone !== null) closeStream(leg.microphone);
    if (leg.silence.alarm) this.#events.silentMicrophone?.(false);
    this.#change(leg, { state: callAfter(leg.call.state, "over"), end });
    if (this.#legs.size > 0) return;
    this.#listening.stop();
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
