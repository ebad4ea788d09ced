import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Link } from "./link";

class Socket extends EventTarget {
  static readonly OPEN = 1;
  static readonly made: Socket[] = [];
  readyState = 0;
  readonly sent: unknown[] = [];

  constructor() {
    super();
    Socket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }

  opens(): void {
    this.readyState = Socket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
}

const HELLO = { type: "hello" };

beforeEach(() => {
  Socket.made.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a link", () => {
  it("says who it is before anything else, however long that takes, at every connection", async () => {
    let ready: (hello: object) => void = () => undefined;
    const hello = () => new Promise<object>((resolve) => (ready = resolve));
    const link = new Link("ws://x", { hello, message: vi.fn(), lost: vi.fn(), refused: vi.fn() });
    for (const turn of [0, 1]) {
      const socket = Socket.made[turn];
      expect(link.send({ type: "batch" })).toBe(false);
      socket?.opens();
      expect(link.send({ type: "batch" })).toBe(false);
      ready(HELLO);
      await vi.advanceTimersByTimeAsync(0);
      expect(link.send({ type: "ack" })).toBe(true);
      expect(socket?.sent).toEqual([HELLO, { type: "ack" }]);
      socket?.close();
      await vi.advanceTimersByTimeAsync(200);
    }
    link.stop();
  });
});
