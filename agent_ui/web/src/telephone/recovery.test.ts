import type { RTCSession } from "jssip/lib/RTCSession";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { legOf, placedCall, type Leg } from "./leg";
import { Recovery } from "./recovery";
import { callAfter } from "./states";

type Listener = (event: { message: unknown }) => void;

/** JsSIP's session, as far as it matters. */
class Session {
  ended = false;
  readonly #listeners = new Map<string, Listener>();

  on(name: string, listener: Listener) {
    this.#listeners.set(name, listener);
  }

  happens(name: string, status: number | null = null) {
    this.#listeners.get(name)?.({ message: status === null ? null : { status_code: status } });
  }

  isEnded() {
    return this.ended;
  }

  terminate() {
    this.ended = true;
  }

  mute = vi.fn();
  unmute = vi.fn();
}

describe("a call whose audio stops", () => {
  let leg: Leg;
  let asked: Session[];
  let told: string[];
  let recovery: Recovery;
  /** Whether the telephone system can be asked. */
  let reachable: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    told = [];
    reachable = true;
    leg = legOf({ ...placedCall("1", "4000"), state: "talking" }, real(new Session()), null);
    leg.answered = leg.reached = true;
    recovery = new Recovery({
      takeBack: () => {
        if (!reachable) return Promise.resolve(null);
        const session = new Session();
        asked.push(session);
        return Promise.resolve(real(session));
      },
      renewLine: () => told.push("new line"),
      attach: () => undefined,
      happened: (one, event) => {
        one.call = { ...one.call, state: callAfter(one.call.state, event) };
        told.push(event);
      },
      replaced: (one) => {
        one.call = { ...one.call, state: "talking" };
        told.push("replaced");
      },
      failed: () => told.push("failed"),
    });
  });
  afterEach(() => vi.useRealTimers());

  const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const real = (session: Session) => session as unknown as RTCSession;

  it("waits a while for it to come back by itself", async () => {
    recovery.broken(leg, false);
    await after(2_000);
    recovery.mended(leg);
    await after(10_000);
    expect([asked.length, told]).toEqual([0, []]);
  });

  it("is taken back at once when it cannot come back by itself, and only once", async () => {
    recovery.broken(leg, false);
    await after(1_000);
    recovery.broken(leg, true);
    await after(5_000);
    expect([asked.length, told]).toEqual([1, ["audio lost", "new line"]]);
  });

  it("goes on in the session that is answered, and lets the old one go", async () => {
    const old = leg.session;
    recovery.broken(leg, true);
    await after(0);
    asked[0]?.happens("accepted");
    expect(leg.session).toBe(asked[0]);
    expect([leg.next, told.at(-1)]).toEqual([null, "replaced"]);
    await after(5_000);
    expect(old.isEnded()).toBe(true);
  });

  it("is muted in the new session too", async () => {
    leg.call = { ...leg.call, muted: true };
    recovery.broken(leg, true);
    await after(0);
    expect(asked[0]?.mute).toHaveBeenCalled();
  });

  it("stays in its session when the audio comes back first", async () => {
    recovery.broken(leg, true);
    await after(0);
    recovery.mended(leg);
    expect([asked[0]?.ended, leg.next, told.at(-1)]).toEqual([true, null, "audio back"]);
  });

  it("is tried again while nobody can be asked, and given up in the end", async () => {
    reachable = false;
    recovery.broken(leg, true);
    await after(24_000);
    expect(told).toEqual(["audio lost", "new line"]);
    await after(3_000);
    expect(told.at(-1)).toBe("failed");
  });

  it("is tried again after a refusal, but not when there is no call any more", async () => {
    recovery.broken(leg, true);
    await after(0);
    asked[0]?.happens("failed", 503);
    await after(1_000);
    asked[1]?.happens("failed", 404);
    await after(5_000);
    expect([asked.length, told.at(-1)]).toEqual([2, "failed"]);
  });

  it("is not taken back before it was answered, nor when its audio never found a way", () => {
    leg.reached = false;
    expect(recovery.broken(leg, true)).toBe(true);
    leg.answered = false;
    expect(recovery.broken(leg, true)).toBe(false);
    expect([asked.length, told]).toEqual([0, []]);
  });
});
