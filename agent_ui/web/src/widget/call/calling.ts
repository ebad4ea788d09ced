import { credentialsOf } from "../../telephone/credentials";
import { createTelephone } from "../../telephone/telephone";
import type { Call, CallEnd, MicrophoneProblem } from "../../telephone/types";
import { Refusal, type Ticket } from "../api";
import { BACK_AGAIN, isTriedAgain } from "./back";
import { STARTING, type CallBefore, type CallNow, type CallPort, type Calling } from "./types";

/** Calls the site's number, or with `before` takes the call back that an earlier page had. */
export function startCall(port: CallPort, before: CallBefore | null): Calling {
  let now: CallNow = before ? { ...STARTING, ...before, phase: "back" } : STARTING;
  let call: Call | null = null;
  let ticket: Ticket | null = null;
  let hungUp = false;
  const gaveUp = () => hungUp;
  let keep = before !== null;
  let leaving = false;
  const began = Date.now();

  function change(part: Partial<CallNow>): void {
    if (leaving || now.phase === "ended" || now.phase === "elsewhere") return;
    now = { ...now, ...part };
    port.changed(now);
    if (now.phase === "ended") telephone.stop();
  }

  const telephone = createTelephone({
    credentials: async () => {
      ticket = await port.ticket(keep);
      keep = true;
      return credentialsOf(ticket);
    },
    media: {},
    events: {
      link: (link, why) => {
        if (link === "refused") change({ phase: "ended", end: why ?? "failed" });
        else change({ lost: link === "lost" });
      },
      call: (changed) => {
        call = changed;
        followed(changed);
      },
      quality: (quality) => change({ quality }),
      silentMicrophone: (silent) => change({ silent }),
      microphone: (microphone) => change({ microphone }),
      soundBlocked: () => change({ soundBlocked: true }),
    },
  });

  function followed(changed: Call): void {
    switch (changed.state) {
      case "calling":
        if (now.phase === "starting") change({ phase: "ringing" });
        return;
      case "talking":
      case "held":
        change({ phase: "up", since: now.since ?? Date.now() });
        if (now.muted && !changed.muted) telephone.setMuted(changed.id, true);
        return;
      case "ended":
        if (changed.end === "left") change({ phase: "elsewhere" });
        else ended(changed.end ?? "failed");
        return;
      default:
    }
  }

  /** The end, or only of a try: a call that waits to be taken back is not lost by a server that is busy. */
  function ended(end: CallEnd): void {
    if (leaving || now.phase !== "back" || !isTriedAgain(end, Date.now() - began)) change({ phase: "ended", end });
    else setTimeout(() => void takeBack(), BACK_AGAIN);
  }

  async function takeBack(): Promise<void> {
    if (leaving || now.phase !== "back") return;
    change({ microphone: null });
    try {
      placed(await telephone.takeBack());
    } catch (error) {
      ended(problemOf(error));
    }
  }

  async function begin(): Promise<void> {
    port.changed(now);
    telephone.setVolume(now.volume);
    try {
      await telephone.start({ register: false });
      if (gaveUp()) return;
      if (before) await takeBack();
      else placed(await telephone.call(ticket?.number ?? ""));
    } catch (error) {
      change({ phase: "ended", end: problemOf(error) });
    }
  }

  function placed(one: Call): void {
    call = one;
    if (gaveUp()) telephone.hangUp(one.id);
  }

  void begin();
  return {
    hangUp: () => {
      hungUp = true;
      if (call) telephone.hangUp(call.id);
      change({ phase: "ended", end: "here" });
    },
    setMuted: (muted) => {
      if (call) telephone.setMuted(call.id, muted);
      change({ muted });
    },
    setVolume: (volume) => {
      telephone.setVolume(volume);
      change({ volume });
    },
    press: (key) => {
      if (call) telephone.sendDigit(call.id, key);
    },
    playSound: () => {
      void telephone.playSound().then(() => change({ soundBlocked: false }));
    },
    leave: () => {
      leaving = true;
      telephone.leave();
    },
    setMicrophone: (id) => void telephone.setMicrophone(id).catch(() => change({ microphone: "microphone_busy" })),
    setSpeaker: (id) => void telephone.setSpeaker(id),
  };
}

/** The telephone's errors carry the microphone's problem; a refusal of the server came with its own words. */
function problemOf(error: unknown): CallEnd {
  if (error instanceof Refusal) return "forbidden";
  const problem = (error as { problem?: unknown }).problem;
  return isMicrophone(problem) ? problem : "failed";
}

function isMicrophone(problem: unknown): problem is MicrophoneProblem {
  return typeof problem === "string" && problem.startsWith("microphone_");
}
