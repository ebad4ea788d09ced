import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Call, CallEnd, Telephone, TelephoneOptions } from "../../telephone/types";
import { BACK_AGAIN, isTriedAgain } from "./back";
import { startCall } from "./calling";
import type { CallNow } from "./types";

const made = vi.hoisted((): { telephone: Partial<Telephone>; options: TelephoneOptions | null } => ({
  telephone: {},
  options: null,
}));
vi.mock("../../telephone/telephone", () => ({
  createTelephone: (options: TelephoneOptions) => {
    made.options = options;
    return made.telephone;
  },
}));

describe("a call that could not be taken back", () => {
  it.each(["forbidden", "busy", "no_answer", "failed", "microphone_busy"] as const)("is tried again after %s", (end) => {
    expect(isTriedAgain(end, 0)).toBe(true);
  });

  it.each(["not_found", "here", "there", "left", "canceled", "microphone_refused"] as const)("is over after %s", (end) => {
    expect(isTriedAgain(end, 0)).toBe(false);
  });

  it("is tried for as long as the telephone system keeps it", () => {
    expect([14_000, 15_000].map((tried) => isTriedAgain("failed", tried))).toEqual([true, false]);
  });
});

describe("a page after the page that had the call", () => {
  const CALL = { id: "1", state: "calling", muted: false, end: null } as Call;
  const seen: CallNow[] = [];
  let tries: number;
  let ends: (end: CallEnd) => void;
  let answers: () => void;
  const latest = () => seen.at(-1);

  beforeEach(() => {
    vi.useFakeTimers();
    seen.length = tries = 0;
    const tell = (part: Partial<Call>) => made.options?.events.call?.({ ...CALL, ...part });
    ends = (end) => tell({ state: "ended", end });
    answers = () => tell({ state: "talking" });
    made.telephone = {
      start: () => Promise.resolve(),
      stop: vi.fn(),
      leave: vi.fn(),
      hangUp: vi.fn(),
      setMuted: vi.fn(),
      setVolume: vi.fn(),
      takeBack: () => {
        tries += 1;
        return Promise.resolve(CALL);
      },
    };
  });
  afterEach(() => vi.useRealTimers());

  async function begins() {
    const port = { ticket: () => Promise.reject(new Error()), changed: (now: CallNow) => seen.push(now) };
    const calling = startCall(port, { since: 1000, muted: true, volume: 0.5 });
    await vi.advanceTimersByTimeAsync(0);
    return calling;
  }

  it("tries again after refusals, and goes on as the call was", async () => {
    await begins();
    for (const end of ["forbidden", "failed"] as const) {
      ends(end);
      expect(latest()?.phase).toBe("back");
      await vi.advanceTimersByTimeAsync(BACK_AGAIN);
    }
    answers();
    expect([tries, latest()?.phase, latest()?.since]).toEqual([3, "up", 1000]);
    const { setMuted, setVolume } = made.telephone;
    expect(setMuted).toHaveBeenCalledWith("1", true);
    expect(setVolume).toHaveBeenCalledWith(0.5);
  });

  it("ends it where there is none", async () => {
    await begins();
    ends("not_found");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([tries, latest()?.phase, latest()?.end]).toEqual([1, "ended", "not_found"]);
  });

  it("gives up in the end", async () => {
    await begins();
    for (let second = 0; second < 20 && latest()?.phase === "back"; second += 1) {
      ends("forbidden");
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect([latest()?.phase, latest()?.end, tries]).toEqual(["ended", "forbidden", 16]);
  });

  it.each(["hang up", "leave"] as const)("tries no more after %s", async (what) => {
    const calling = await begins();
    ends("failed");
    if (what === "leave") calling.leave();
    else calling.hangUp();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toBe(1);
  });
});
