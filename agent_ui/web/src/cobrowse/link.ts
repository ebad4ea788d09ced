// A WebSocket that comes back by itself.

import { PAUSES, PING_EVERY } from "./protocol";

/** The server does not want this page, or this ticket, any more: a new one has to be got first. */
const REFUSED = 4401;

export interface LinkEvents<In> {
  /** The first message of every connection. */
  hello(): Promise<object> | object;
  message(message: In): void;
  lost(): void;
  refused(): void;
}

export class Link<In> {
  #socket: WebSocket | null = null;
  #tries = 0;
  #stopped = false;
  /** The first message says who it is, and may take a while: nothing goes before it. */
  #greeted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pinging: ReturnType<typeof setInterval>;

  constructor(
    private readonly url: string,
    private readonly events: LinkEvents<In>,
  ) {
    this.#pinging = setInterval(() => this.send({ type: "ping" }), PING_EVERY);
    this.#connect();
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(message: object): boolean {
    return this.sendText(JSON.stringify(message));
  }

  sendText(text: string): boolean {
    if (!this.#greeted || !this.open) {
      return false;
    }
    this.#socket?.send(text);
    return true;
  }

  /** Characters that the browser has not sent yet. */
  get buffered(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    this.#greeted = false;
    socket.addEventListener("open", () => {
      void this.#greet(socket);
    });
    socket.addEventListener("message", (event) => {
      this.#tries = 0;
      if (socket === this.#socket) {
        this.events.message(JSON.parse(String(event.data)) as In);
      }
    });
    socket.addEventListener("close", (event) => this.#closed(socket, event.code));
  }

  async #greet(socket: WebSocket): Promise<void> {
    try {
      socket.send(JSON.stringify(await this.events.hello()));
      this.#greeted ||= socket === this.#socket;
    } catch {
      socket.close();
    }
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#stopped) {
      return;
    }
    this.events.lost();
    if (code === REFUSED) {
      this.events.refused();
    }
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)] ?? 5000;
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#connect(), pause);
  }
}
