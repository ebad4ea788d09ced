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
  readonly broken: (forGood: boolean) => void;
  readonly mended: () => void;
}

/**
 * Watches whether audio can flow. JsSIP ends a call whose ICE has failed; here that call is taken back instead, so
 * JsSIP is not told: a listener for the capture phase comes first, also at the target itself.
 */
export function watchIce(connection: RTCPeerConnection, listener: IceListener): void {
  const changed = (event: Event) => {
    switch (connection.iceConnectionState) {
      case "failed":
        event.stopImmediatePropagation();
        listener.broken(true);
        break;
      case "disconnected":
        listener.broken(false);
        break;
      case "connected":
      case "completed":
        listener.mended();
        break;
    }
  };
  connection.addEventListener("iceconnectionstatechange", changed, { capture: true });
}
