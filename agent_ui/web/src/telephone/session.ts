import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";

import type { IceServer } from "./types";

/** How long to wait for further addresses of ours once one is known, in milliseconds: our side does not trickle. */
const GATHERING = 700;

export function rtcConfiguration(servers: readonly IceServer[]): RTCConfiguration {
  return {
    iceServers: servers.map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username === "" ? {} : { username, credential }),
    })),
  };
}

/** Sends offers and answers as soon as enough addresses are known: a STUN server that is away must not cost 40 s. */
export function limitGathering(session: RTCSession): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  session.on("icecandidate", ({ ready }) => {
    timer ??= setTimeout(() => {
      timer = null;
      ready();
    }, GATHERING);
  });
}

export interface IceListener {
  /** Audio stopped flowing. Gives whether the call is to go on all the same. */
  readonly broken: (forGood: boolean) => boolean;
  readonly mended: () => void;
}

/** Watches whether audio can flow. */
export function watchIce(connection: RTCPeerConnection, { broken, mended }: IceListener): void {
  connection.addEventListener("iceconnectionstatechange", () => {
    const state = connection.iceConnectionState;
    if (state === "failed" || state === "disconnected") broken(state === "failed");
    else if (state === "connected" || state === "completed") mended();
  });
}

/**
 * Keeps a session whose ICE has failed: JsSIP would hang up, and here such a call is taken back. JsSIP listens to the
 * connection before anybody else can, so its own word for it is caught where it leads: in `terminate`.
 */
export function keepWhenBroken(session: RTCSession, broken: IceListener["broken"]): void {
  const terminate = session.terminate.bind(session);
  session.terminate = (options) => {
    if (options?.cause !== RTP_TIMEOUT || !broken(true)) terminate(options);
  };
}

/** JsSIP's `causes.RTP_TIMEOUT`: it is given for nothing else. */
const RTP_TIMEOUT = "RTP Timeout";

export function terminate(session: RTCSession | null): void {
  if (session !== null && !session.isEnded()) session.terminate();
}

export function muteSession(session: RTCSession | null, muted: boolean): void {
  if (session === null || session.isEnded()) return;
  // A session that still rings has no track yet: it is muted once it has.
  if (muted) session.mute({ audio: true });
  else session.unmute({ audio: true });
}

/** Sends another microphone's sound from now on; it is muted if the one before was. */
export async function sendTrack(session: RTCSession | null, track: MediaStreamTrack): Promise<void> {
  const connection = session?.connection as RTCPeerConnection | null | undefined;
  const sender = connection?.getSenders().find((one) => one.track?.kind === "audio");
  track.enabled = sender?.track?.enabled ?? track.enabled;
  await sender?.replaceTrack(track);
}

/** Calls back with what the other side sends. */
export function onStream(connection: RTCPeerConnection, heard: (stream: MediaStream) => void): void {
  connection.addEventListener("track", ({ streams, track }) => heard(streams[0] ?? new MediaStream([track])));
}

/** The status of the response that ended a session; null if none did. */
export function statusOf(message: EndEvent["message"] | null): number | null {
  return message !== null && "status_code" in message ? message.status_code : null;
}
