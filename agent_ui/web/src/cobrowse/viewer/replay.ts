// The viewer of a kept page: a document of its own, embedded in the desk. It is handed all it shows by message, asks
// nobody for anything, and follows the desk's clock, which is the recording's.

import { Replayer } from "@rrweb/replay";

import { gapAt, type Kept, readKept } from "./kept";
import { OPEN_POPOVERS } from "./popovers";
import type { FromReplay, ToReplay } from "./replaying";
import "./viewer.css";
import "./replay.css";

/** Milliseconds of drift that are let be: less is not noticed, and each correction costs a redraw. */
const DRIFT = 80;
const TELL_EVERY = 250;

const desk = document.documentElement.dataset.desk ?? location.origin;
const stage = required("stage");
const note = required("gap");

class Replay {
  #kept: Kept | null = null;
  #replayer: Replayer | null = null;
  #playing = false;
  #speed = 1;
  #at = 0;

  constructor() {
    addEventListener("message", (event: MessageEvent<ToReplay>) => {
      if (event.source === parent && event.origin === desk) {
        this.#asked(event.data);
      }
    });
    new ResizeObserver(() => this.#fit()).observe(stage);
    setInterval(() => this.#tellWhere(), TELL_EVERY);
    tell({ type: "ready" });
  }

  #asked(message: ToReplay): void {
    if (message.type === "load") {
      this.#load(message.text);
    } else {
      const late = message.playing ? (Date.now() - message.sent) * message.speed : 0;
      this.#follow(message.at + late, message.playing, message.speed);
    }
  }

  #load(text: string): void {
    try {
      const kept = readKept(text);
      this.#kept = kept;
      this.#show(kept);
      tell({ type: "loaded", pages: kept.pages, gaps: kept.gaps });
    } catch {
      tell({ type: "failed" });
    }
  }

  #show(kept: Kept): void {
    this.#replayer?.destroy();
    stage.replaceChildren();
    if (kept.events.length < 2) {
      return;
    }
    const replayer = new Replayer(kept.events, {
      root: stage,
      mouseTail: false,
      triggerFocus: false,
      useVirtualDom: false,
      showWarning: false,
      showDebug: false,
      pauseAnimation: true,
      UNSAFE_replayCanvas: false,
      insertStyleRules: [OPEN_POPOVERS],
    });
    this.#replayer = replayer;
    replayer.on("resize", () => this.#fit());
    replayer.on("fullsnapshot-rebuilded", () => this.#dress(replayer));
    replayer.on("finish", () => (this.#playing = false));
    replayer.pause(0);
    this.#fit();
  }

  /** Show what was seen at this moment, and go on from there if it plays. */
  #follow(at: number, playing: boolean, speed: number): void {
    const [kept, replayer] = [this.#kept, this.#replayer];
    this.#at = at;
    if (!kept || !replayer) {
      return;
    }
    if (speed !== this.#speed) {
      this.#speed = speed;
      replayer.setConfig({ speed });
    }
    // What happens at the very moment is not shown yet: after the end, all of it is.
    const [end, there] = [kept.last + 1, clamp(at, kept.first, kept.last + 1)];
    const goes = playing && at >= kept.first && at < end;
    const off = Math.abs(this.#where() - there);
    if (goes !== this.#playing || off > (goes ? DRIFT : 1)) {
      const offset = there - kept.first;
      this.#playing = goes;
      if (goes) {
        replayer.play(offset);
      } else {
        replayer.pause(offset);
      }
    }
    this.#say(kept, at);
  }

  #where(): number {
    return this.#kept && this.#replayer ? this.#kept.first + this.#replayer.getCurrentTime() : this.#at;
  }

  #tellWhere(): void {
    if (this.#kept) {
      tell({ type: "at", at: this.#playing ? this.#where() : this.#at, told: Date.now(), playing: this.#playing });
    }
  }

  /** Where nothing was seen, why that is. */
  #say(kept: Kept, at: number): void {
    const why = at < kept.first ? "nothing" : (gapAt(kept, at)?.why ?? "");
    const text = why === "" ? "" : (note.dataset[why] ?? note.dataset.nothing ?? "");
    if (note.textContent !== text) {
      note.textContent = text;
    }
    note.hidden = text === "";
    document.body.dataset.gap = String(text !== "");
    document.body.dataset.before = String(at < kept.first);
  }

  #dress(replayer: Replayer): void {
    replayer.iframe.setAttribute("tabindex", "-1");
    replayer.iframe.setAttribute("title", "");
    this.#fit();
  }

  #fit(): void {
    const frame = this.#replayer?.iframe;
    if (this.#replayer && frame && frame.offsetWidth > 0) {
      const scale = Math.min(1, stage.clientWidth / frame.offsetWidth, stage.clientHeight / frame.offsetHeight);
      this.#replayer.wrapper.style.transform = `scale(${scale})`;
    }
  }
}

function tell(message: FromReplay): void {
  if (parent !== window) {
    parent.postMessage(message, desk);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function required(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the viewer's document has no ${id}`);
  }
  return found;
}

new Replay();
