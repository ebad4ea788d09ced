import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Line } from "./line";

class FakeSocket {
  readonly sent: string[] = [];
  binaryType = "";
  readyState = 0;
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { wasClean: boolean; code: number; reason: string }) => void) | null = null;

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  breaks(): void {
    this.readyState = 3;
    this.onclose?.({ wasClean: false, code: 1006, reason: "" });
  }

  send(message: string): void {
    this.sent.push(message);
  }

  close(): void {
    this.closed = true;
    this.readyState = 3;
  }
}

describe("the line to the telephone system", () => {
  const sockets: FakeSocket[] = [];
  const happened: string[] = [];
  let line: Line;
  const latest = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error("nothing was opened");
    return socket;
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", { CONNECTING: 0, OPEN: 1 });
    sockets.length = happened.length = 0;
    line = new Line("wss://pbx.example.com:8444/sip", () => {
      sockets.push(new FakeSocket());
      return latest() as unknown as WebSocket;
    });
    line.onconnect = () => happened.push("up");
    line.ondisconnect = () => happened.push("down");
    line.connect();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("says what JsSIP wants to know", () => {
    expect([line.via_transport, line.sip_uri]).toEqual(["WSS", "sip:pbx.example.com:8444;transport=ws"]);
  });

  it("connects at once, and at once again after a connection that was up", () => {
    latest().opens();
    latest().breaks();
    line.connect();
    expect([happened, sockets.length]).toEqual([["up", "down"], 2]);
  });

  it("waits longer after each attempt that failed", () => {
    latest().breaks();
    line.connect();
    expect([sockets.length, line.isConnecting()]).toEqual([1, true]);
    vi.advanceTimersByTime(1_000);
    expect(sockets.length).toBe(2);
  });

  it("stops waiting when the network is back", () => {
    latest().breaks();
    line.connect();
    line.renew();
    expect(sockets.length).toBe(2);
  });

  it("gives up a connection that may lead nowhere", () => {
    latest().opens();
    const old = latest();
    line.renew();
    expect([happened, old.closed]).toEqual([["up", "down"], true]);
    line.connect();
    expect(sockets.length).toBe(2);
  });

  it("says nothing any more once it is dropped", () => {
    latest().opens();
    line.drop();
    line.connect();
    expect([line.send("BYE"), latest().sent, sockets.length, happened]).toEqual([false, [], 1, ["up"]]);
  });
});
