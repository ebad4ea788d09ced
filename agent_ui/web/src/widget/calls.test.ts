import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Api } from "./api";
import { STARTING, type CallChunk, type Calling, type CallNow, type CallPort, type CallViewOptions } from "./call/types";
import { createCalls } from "./calls";
import type { Memory, Remembered } from "./memory";

const BEFORE = { since: 1000, muted: false, open: true };

describe("the call of a page", () => {
  let locks: { request: (name: string, options: object, hold: () => Promise<void>) => Promise<void> };
  let held: number;
  let port: CallPort | null;
  let pressed: Calling | null;
  const hangUp = vi.fn(() => Promise.resolve(null));
  const calling = { hangUp: vi.fn() } as unknown as Calling;

  beforeEach(() => {
    held = 0;
    port = pressed = null;
    vi.clearAllMocks();
    locks = {
      request: async (_name, _options, hold) => {
        if (held > 0) throw new Error("held by another");
        held += 1;
        await hold();
        held -= 1;
      },
    };
    vi.stubGlobal("document", new EventTarget());
    vi.stubGlobal("navigator", { locks });
  });
  afterEach(() => vi.unstubAllGlobals());

  function memoryWith(call: typeof BEFORE | null): Memory {
    let known = { visitor: "v1", phone: null, call } as Remembered;
    return { get: () => known, keep: () => undefined, change: (part) => (known = { ...known, ...part }) };
  }

  const chunk: CallChunk = {
    startCall: (given) => {
      port = given;
      return calling;
    },
    callView: (options: CallViewOptions) => {
      pressed = options.calling;
      return { root: {} as HTMLElement, show: () => undefined, stop: () => undefined };
    },
  };

  function callsOf(memory: Memory, load = () => Promise.resolve(chunk)) {
    const calls = createCalls({
      say: (key) => key,
      api: { hangUp, ticket: () => Promise.reject(new Error()) } as unknown as Api,
      memory,
      load,
      changed: () => undefined,
      showCall: () => void calls.view(),
      showCallback: () => undefined,
    });
    return calls;
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
  const is = (phase: CallNow["phase"]) => port?.changed({ ...STARTING, phase, since: 1000 });

  it("is ended by the server when the customer hangs up before it is back", async () => {
    callsOf(memoryWith(BEFORE)).resume();
    await settled();
    pressed?.hangUp();
    expect(hangUp).toHaveBeenCalledOnce();
    expect(calling.hangUp).toHaveBeenCalledOnce();
  });

  it("is ended by the page's telephone once it is there", async () => {
    callsOf(memoryWith(BEFORE)).resume();
    await settled();
    is("up");
    pressed?.hangUp();
    expect(hangUp).not.toHaveBeenCalled();
    expect(calling.hangUp).toHaveBeenCalledOnce();
  });

  it("can be begun again after its part could not be loaded: this page does not stand in its own way", async () => {
    let tries = 0;
    const calls = callsOf(memoryWith(null), () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error("offline")) : Promise.resolve(chunk);
    });
    calls.start();
    await settled();
    expect([calls.isLive(), held]).toEqual([false, 0]);
    calls.start();
    await settled();
    expect([calls.isLive(), held, port]).toEqual([true, 1, expect.anything()]);
  });
});
