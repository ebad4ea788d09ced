import type { RTCSession } from "jssip/lib/RTCSession";

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
