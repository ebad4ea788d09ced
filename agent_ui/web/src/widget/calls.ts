import type { Api } from "./api";
import { duration, lineOf } from "./call/words";
import { STARTING, type CallBefore, type CallChunk, type Calling, type CallNow, type CallView } from "./call/types";
import type { CallMessage } from "./live";
import { holdCall } from "./locks";
import type { Memory, Remembered } from "./memory";
import { repeat, type View } from "./menu";
import { tellShop } from "./shop";
import type { Say } from "./texts";

const PLACE_EVERY_MS = 10_000;

export interface CallsOptions {
  readonly say: Say;
  readonly api: Api;
  readonly memory: Memory;
  readonly load: () => Promise<CallChunk>;
  /** The call begins, changes or ends: time to say so. */
  readonly changed: () => void;
  readonly showCall: () => void;
  readonly showCallback: () => void;
}

/** The one call that this page may have: begun here, or taken back from the page before. */
export function createCalls(options: CallsOptions) {
  const { say, api, memory, load, changed } = options;
  let now: CallNow | null = null;
  let contact: CallMessage | null = null;
  let place: number | null = null;
  let calling: Calling | null = null;
  let view: CallView | null = null;
  let chunk: CallChunk | null = null;
  let release: (() => void) | null = null;
  let stopAsking: (() => void) | null = null;

  const isLive = () => now !== null && now.phase !== "ended" && now.phase !== "elsewhere";

  function set(next: CallNow): void {
    const before = now;
    now = next;
    if (next.phase === "up" && next.since !== null)
      memory.change({ call: rememberedOf(next, next.since, memory.get()?.call?.open ?? true) });
    if (next.phase === "ended" || next.phase === "elsewhere") over();
    if (before?.phase !== next.phase) tellShop("call", { state: next.phase });
    refresh();
  }

  function over(): void {
    memory.change({ call: null });
    calling = null;
    contact = null;
    release?.();
    release = null;
    stopAsking?.();
    stopAsking = null;
  }

  function refresh(): void {
    if (now) view?.show(now, contact, place);
    changed();
  }

  async function begin(before: CallBefore | null): Promise<void> {
    set(before ? { ...STARTING, phase: "back", since: before.since } : STARTING);
    const visitor = memory.get()?.visitor;
    const held = visitor ? holdCall(visitor) : Promise.resolve(() => undefined);
    try {
      [chunk, release] = await Promise.all([chunk ?? load(), held]);
    } catch {
      void held.then((free) => free?.());
      set({ ...STARTING, phase: "ended", end: "failed" });
      return;
    }
    options.showCall();
    if (!release) set({ ...STARTING, phase: "elsewhere" });
    else if (now?.phase === "ended") over();
    else calling = chunk.startCall({ ticket: (back) => api.ticket(back), changed: set }, before);
  }

  /** While the customer waits, their place in the queue. */
  function followPlace(): void {
    const waits = contact?.state === "queued";
    if (waits && !stopAsking)
      stopAsking = repeat(PLACE_EVERY_MS, async () => {
        place = (await api.status()).place;
        refresh();
      });
    if (waits) return;
    stopAsking?.();
    stopAsking = null;
    place = null;
  }

  /** What the view presses goes to the call that is up, also when it began after the view was made. */
  const pressed: Calling = {
    hangUp: () => {
      // A call that is not back yet goes on without a page, and no page's telephone can end it.
      if (now?.phase === "back") void api.hangUp().catch(() => undefined);
      if (calling) calling.hangUp();
      else if (now) set({ ...now, phase: "ended", end: "here" });
    },
    setMuted: (muted) => calling?.setMuted(muted),
    setVolume: (volume) => calling?.setVolume(volume),
    press: (key) => calling?.press(key),
    playSound: () => calling?.playSound(),
    leave: () => calling?.leave(),
    setMicrophone: (id) => calling?.setMicrophone(id),
    setSpeaker: (id) => calling?.setSpeaker(id),
  };

  // Any click in the page lets the browser play sound; the customer need not find ours.
  document.addEventListener("pointerup", () => {
    if (now?.soundBlocked) calling?.playSound();
  });

  return {
    isLive,
    start: () => {
      if (!isLive()) void begin(null);
    },
    /** After a page load: takes the call back that the page before had. */
    resume: () => {
      const before = memory.get()?.call;
      if (before && !calling) void begin(before);
    },
    contact: (message: CallMessage | null) => {
      contact = message;
      followPlace();
      refresh();
    },
    /** The page goes. */
    leave: () => {
      if (!calling || (now?.phase !== "up" && now?.phase !== "back")) return;
      calling.leave();
      calling = null;
      api.moving();
      // A page that comes back from the browser's cache takes the call back like any other.
      release?.();
      now = { ...now, phase: "back" };
    },
    /** The panel's part; null until the chunk is there. */
    view: (): View | null => {
      if (!chunk || !now) return null;
      const made = chunk.callView({
        say,
        phone: memory.get()?.phone ?? null,
        calling: pressed,
        callBack: options.showCallback,
        again: () => void begin(null),
      });
      view = made;
      made.show(now, contact, place);
      return {
        root: made.root,
        title: "call.title",
        stop: () => {
          made.stop();
          if (view === made) view = null;
        },
      };
    },
    /** The line that says how the call stands, and how long it has lasted. */
    line: () => {
      if (!now) return null;
      const { key, values } = lineOf(now, contact, place);
      const lasted = now.phase === "up" && now.since !== null ? duration(Date.now() - now.since) : "";
      return { words: say(key, values), lasted, soundBlocked: now.soundBlocked };
    },
  };
}

function rememberedOf({ muted, volume }: CallNow, since: number, open: boolean): NonNullable<Remembered["call"]> {
  return { since, open, muted, volume };
}

export type Calls = ReturnType<typeof createCalls>;
