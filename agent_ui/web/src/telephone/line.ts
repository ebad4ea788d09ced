import type { Socket } from "jssip";

import { delayBefore } from "../backoff";

/** Milliseconds of the longest wait. */
const LONGEST = 8_000;

/**
 * The WebSocket under JsSIP (its `Socket`). It waits before it tries again, at once when the network comes back, and
 * can be let go of without a word. JsSIP itself tries again a second after each loss; the rest of the wait is here.
 */
export class Line implements Socket {
  readonly url: string;
  readonly via_transport: string;
  readonly sip_uri: string;
  // JsSIP puts its own in their place.
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: (data: unknown) => void = () => undefined;
  readonly #open: (url: string) => WebSocket;
  #socket: WebSocket | null = null;
  #waiting: ReturnType<typeof setTimeout> | null = null;
  #attempt = 0;
  #dropped = false;

  constructor(url: string, open: (url: string) => WebSocket = openWebSocket) {
    this.url = url;
    this.via_transport = url.startsWith("wss:") ? "WSS" : "WS";
    this.sip_uri = `sip:${new URL(url).host};transport=ws`;
    this.#open = open;
  }

  connect(): void {
    if (this.#dropped || this.#socket !== null || this.#waiting !== null) return;
    if (this.#attempt === 0) this.#begin();
    else this.#waiting = setTimeout(() => this.#begin(), delayBefore(this.#attempt, LONGEST));
    this.#attempt += 1;
  }

  disconnect(): void {
    this.#forget();
  }

  send(message: string | ArrayBufferLike | Blob | ArrayBufferView): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(message as string);
    return true;
  }

  isConnected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.#waiting !== null || this.#socket?.readyState === WebSocket.CONNECTING;
  }

  /** Connects anew at once: the network has changed, and what looks open may lead nowhere. */
  renew(): void {
    if (this.#dropped) return;
    this.#attempt = 0;
    if (this.#waiting !== null) {
      clearTimeout(this.#waiting);
      this.#begin();
    } else if (this.#forget()) this.ondisconnect(true, 0, "the network has changed");
  }

  /** Sends and connects nothing any more. */
  drop(): void {
    this.#dropped = true;
    this.#forget();
  }

  #begin(): void {
    this.#waiting = null;
    const socket = this.#open(this.url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#attempt = 0;
      this.onconnect();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.ondata(data);
    socket.onclose = ({ wasClean, code, reason }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.ondisconnect(!wasClean, code, reason);
    };
  }

  /** Whether there was a socket. */
  #forget(): boolean {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return false;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    return true;
  }
}

function openWebSocket(url: string): WebSocket {
  return new WebSocket(url, "sip");
}
