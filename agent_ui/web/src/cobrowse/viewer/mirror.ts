// The picture of the customer's page: rrweb's replayer, live, made anew from time to time.

import { Replayer } from "@rrweb/replay";

import { EVENT, type RecordedEvent } from "../protocol";
import { OPEN_POPOVERS } from "./popovers";

/** The replayer keeps every event it was given; a new one begins from a snapshot. */
const MOST_EVENTS = 5000;

interface Shown {
  replayer: Replayer;
  epoch: string;
  events: number;
  root: HTMLElement;
}

export interface Place {
  node: number;
  fx: number;
  fy: number;
  element: Element;
}

export class Mirror {
  #shown: Shown | null = null;
  #coming: Shown | null = null;
  #awaiting = true;
  #scale = 1;

  constructor(
    private readonly stage: HTMLElement,
    private readonly wantSnapshot: () => void,
  ) {
    new ResizeObserver(() => this.#fit()).observe(stage);
  }

  get epoch(): string {
    return this.#shown?.epoch ?? "";
  }

  get scale(): number {
    return this.#scale;
  }

  get document(): Document | null {
    return this.#shown?.replayer.iframe.contentDocument ?? null;
  }

  get events(): number {
    return this.#shown?.events ?? 0;
  }

  /** Whether there is something to see. */
  get ready(): boolean {
    return this.#shown !== null;
  }

  /** A batch as it arrives. */
  take(epoch: string, reset: boolean, events: RecordedEvent[]): void {
    if (epoch !== (this.#coming ?? this.#shown)?.epoch || reset) {
      this.#awaiting = true;
    }
    for (const event of events) {
      this.#one(epoch, event);
    }
    const shown = this.#shown;
    if (shown && shown.events > MOST_EVENTS && !this.#awaiting && !this.#coming) {
      this.startOver();
    }
  }

  /** Begin anew with the next snapshot, and ask for it. */
  startOver(): void {
    this.#awaiting = true;
    this.wantSnapshot();
  }

  /** Show nothing any more. */
  clear(): void {
    this.#drop(this.#shown);
    this.#drop(this.#coming);
    this.#shown = this.#coming = null;
    this.#awaiting = true;
  }

  element(node: number): Element | null {
    const found = this.#shown?.replayer.getMirror().getNode(node);
    return isElement(found) ? found : (found?.parentElement ?? null);
  }

  /** An element's rectangle in this document's pixels. */
  rectOf(element: Element): DOMRect | null {
    const frame = this.#shown?.replayer.iframe.getBoundingClientRect();
    if (!frame || element.ownerDocument !== this.document) {
      return null;
    }
    const rect = element.getBoundingClientRect();
    const scale = this.#scale;
    return new DOMRect(frame.left + rect.left * scale, frame.top + rect.top * scale, rect.width * scale, rect.height * scale);
  }

  /** What lies under a point of this document. */
  at(x: number, y: number): Place | null {
    const shown = this.#shown;
    const frame = shown?.replayer.iframe.getBoundingClientRect();
    if (!shown || !frame || !this.document) {
      return null;
    }
    const [px, py] = [(x - frame.left) / this.#scale, (y - frame.top) / this.#scale];
    const element = deepest(this.document, px, py);
    return element && this.place(element, px, py);
  }

  /** Where in an element a point of the mirrored page is. */
  place(element: Element, px: number, py: number): Place | null {
    const node = this.#shown?.replayer.getMirror().getId(element) ?? -1;
    const rect = element.getBoundingClientRect();
    if (node <= 0 || rect.width === 0 || rect.height === 0) {
      return null;
    }
    return { node, element, fx: (px - rect.left) / rect.width, fy: (py - rect.top) / rect.height };
  }

  idOf(element: Element): number {
    return this.#shown?.replayer.getMirror().getId(element) ?? -1;
  }

  #one(epoch: string, event: RecordedEvent): void {
    // The customer's clock is theirs: what arrives now happens now.
    const now = { ...event, timestamp: Date.now() };
    const begins = event.type === EVENT.META || event.type === EVENT.FULL;
    if (begins && this.#awaiting) {
      this.#begin(epoch, event.type === EVENT.FULL);
    } else if (begins && !this.#coming) {
      return;
    }
    const target = this.#coming ?? this.#shown;
    if (target?.epoch === epoch) {
      target.events += 1;
      target.replayer.addEvent(now);
    }
  }

  #begin(epoch: string, whole: boolean): void {
    if (whole) {
      this.#awaiting = false;
    }
    if (this.#coming?.epoch === epoch && this.#coming.events <= 1) {
      return;
    }
    this.#drop(this.#coming);
    const root = document.createElement("div");
    root.className = this.#shown ? "page behind" : "page";
    this.stage.append(root);
    const replayer = new Replayer([], {
      root,
      liveMode: true,
      mouseTail: false,
      triggerFocus: false,
      useVirtualDom: false,
      showWarning: false,
      showDebug: false,
      UNSAFE_replayCanvas: false,
      insertStyleRules: [OPEN_POPOVERS],
      speed: 1,
    });
    const coming: Shown = { replayer, epoch, events: 0, root };
    this.#coming = coming;
    replayer.on("resize", () => this.#fit());
    replayer.on("fullsnapshot-rebuilded", () => this.#swap(coming));
    replayer.startLive(Date.now());
  }

  /** The new page stands: the old one goes. */
  #swap(coming: Shown): void {
    if (this.#coming !== coming) {
      return;
    }
    this.#drop(this.#shown);
    this.#shown = coming;
    this.#coming = null;
    coming.root.className = "page";
    coming.replayer.iframe.setAttribute("tabindex", "-1");
    coming.replayer.iframe.setAttribute("title", "");
    this.#fit();
  }

  #drop(shown: Shown | null): void {
    shown?.replayer.destroy();
    shown?.root.remove();
  }

  #fit(): void {
    for (const shown of [this.#shown, this.#coming]) {
      const frame = shown?.replayer.iframe;
      if (shown && frame && frame.offsetWidth > 0) {
        const scale = Math.min(1, this.stage.clientWidth / frame.offsetWidth, this.stage.clientHeight / frame.offsetHeight);
        shown.replayer.wrapper.style.transform = `scale(${scale})`;
        this.#scale = shown === this.#shown ? scale : this.#scale;
      }
    }
  }
}

/** What lies under a point, into the shadow roots. */
function deepest(root: Document | ShadowRoot, x: number, y: number): Element | null {
  const found = root.elementFromPoint(x, y);
  const inner = found?.shadowRoot ? deepest(found.shadowRoot, x, y) : null;
  return inner ?? found;
}

/** The mirror's elements belong to another window, whose classes are others. */
function isElement(node: unknown): node is Element {
  return (node as Node | null | undefined)?.nodeType === 1;
}
