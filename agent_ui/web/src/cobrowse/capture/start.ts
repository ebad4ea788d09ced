// The customer's side: asks for consent, records while it is given, shows marks, carries out commands.
//
// Loaded by the widget when a session is wanted, and again after each page load while one is under way.

import type { Line } from "../anchor";
import { Link } from "../link";
import type { Command, RecordedEvent, State, Tier, ToPage } from "../protocol";
import { carryOut, Refused } from "./control";
import { Echoes } from "./echoes";
import { Outbox } from "./outbox";
import { Overlay } from "./overlay";
import { idOf, nodeOf, type Recorder, startRecorder } from "./recorder";
import { forgetUnderWay, rememberUnderWay, tabId } from "./memory";
import { isField, isSensitive, type MaskPolicy } from "./sensitive";
import { wordsIn } from "./words";

export interface Sharing {
  /** The WebSocket's address: `/widget/v1/cobrowse` of the pages' server. */
  url: string;
  /** The visitor's token; asked for anew at every connection. */
  token: () => Promise<string> | string;
  language: string;
  /** The customer wants to share, without having been asked. */
  offer: boolean;
  /** Whether the page is shown now; told after every change. */
  shown?: (shown: boolean) => void;
  /** The session is over, or there is none. */
  over: (reason: string) => void;
}

export interface Shared {
  /** The customer wants to share after all. */
  offer: () => void;
  /** Leaves the session, as a page that unloads does. */
  leave: () => void;
}

const CURSOR_EVERY = 50;
const OWN_INPUT_EVERY = 500;
const OWN_INPUT = 2000;
const HIGHLIGHT_LASTS = 12_000;
const DRAWING_LASTS = 20_000;
const POINTER_LASTS = 4000;
const PAYMENT_FRAMES = "iframe.psp,iframe[data-cc-pay]";

/** Shares the page until the session ends. */
export function startSharing(sharing: Sharing): Shared {
  const page = new SharedPage(sharing);
  return { offer: () => page.offer(), leave: () => page.leave() };
}

class SharedPage {
  readonly #epoch = randomId();
  readonly #overlay: Overlay;
  readonly #link: Link<ToPage>;
  readonly #outbox: Outbox;
  readonly #listening = new AbortController();
  /** What must not be repeated outlives a pause: the page may show it still. */
  readonly #echoes = new Echoes();
  #policy: MaskPolicy = { site: "", version: 0, share: [], pay: [] };
  #recorder: Recorder | null = null;
  #state: State | null = null;
  #offer: boolean;
  #ownInputAt = -Infinity;
  #ownInputToldAt = -Infinity;
  #cursorAt = 0;
  #paying = false;
  #drawn = 0;
  /** What the customer was last asked to click. */
  #pleased: Element | null = null;
  /** A tick that is set by a script fires events that look like the customer's own. */
  #acting = false;

  constructor(private readonly sharing: Sharing) {
    this.#offer = sharing.offer;
    this.#overlay = new Overlay(wordsIn(sharing.language), sharing.language, {
      answer: (question, granted) => this.#link.send({ type: "answer", question, granted }),
      pause: () => this.#halt("pause"),
      resume: () => this.#link.send({ type: "resume" }),
      stop: () => this.#halt("stop"),
      revoke: (tier) => this.#revoke(tier),
      known: (element) => idOf(element) > 0,
      draw: (line) => this.#draw(line),
    });
    this.#outbox = new Outbox(
      this.#epoch,
      { send: (text) => this.#link.sendText(text) },
      () => this.#recorder?.snapshot(),
    );
    this.#link = new Link<ToPage>(sharing.url, {
      hello: async () => ({
        type: "hello",
        token: await sharing.token(),
        tab: tabId(),
        epoch: this.#epoch,
        visible: document.visibilityState === "visible",
        offer: this.#offer,
      }),
      message: (message) => this.#told(message),
      lost: () => undefined,
      refused: () => undefined,
    });
    this.#listen();
    this.#echoes.watch(this.#listening.signal);
  }

  offer(): void {
    this.#offer = true;
    this.#link.send({ type: "offer" });
  }

  leave(): void {
    this.#stopRecorder();
    this.#listening.abort();
    this.#link.stop();
    this.#overlay.remove();
  }

  #told(message: ToPage): void {
    switch (message.type) {
      case "welcome":
        this.#policy = JSON.parse(message.policy.policy) as MaskPolicy;
        this.#offer = false;
        this.#paying = false;
        this.#outbox.resume(message.have);
        return;
      case "state":
        this.#stand(message);
        return;
      case "ack":
        this.#outbox.acknowledged(message.seq);
        return;
      case "again":
        this.#outbox.resume(message.have);
        return;
      case "snapshot":
        this.#recorder?.snapshot();
        return;
      case "command":
        this.#command(message);
        return;
      case "ended":
      case "none":
        this.#over(message.type === "ended" ? message.reason : "none");
        return;
      default:
    }
  }

  #stand(state: State): void {
    this.#state = state;
    this.#overlay.show(state);
    this.sharing.shown?.(state.tiers.view);
    if (state.tiers.view) {
      this.#offer = false;
      rememberUnderWay();
    }
    if (state.record && !this.#recorder) {
      this.#recorder = startRecorder(this.#policy, this.#echoes, (event) => this.#recorded(event));
      this.#outbox.flush();
    } else if (!state.record) {
      this.#stopRecorder();
    }
    this.#looksAtPayment();
  }

  #recorded(event: RecordedEvent): void {
    if (document.designMode === "on") {
      // Everything on the page is a text field now.
      this.#halt("pause");
      return;
    }
    this.#outbox.add(event);
  }

  /** Nothing leaves from the moment of the click on, whatever the server says later. */
  #halt(how: "pause" | "stop"): void {
    this.#stopRecorder();
    this.#link.send({ type: how });
    if (how === "stop") {
      this.#over("stopped");
    }
  }

  #revoke(tier: Tier): void {
    if (this.#state?.tiers[tier]) {
      this.#state = { ...this.#state, tiers: { ...this.#state.tiers, [tier]: false } };
      this.#link.send({ type: "revoke", tier });
    }
  }

  #stopRecorder(): void {
    this.#recorder?.stop();
    this.#recorder = null;
    this.#outbox.clear();
    this.#overlay.marks.clear();
  }

  #over(reason: string): void {
    forgetUnderWay();
    this.leave();
    this.sharing.over(reason);
  }

  #command(command: Command): void {
    let reason = "";
    try {
      this.#perform(command);
    } catch (error) {
      reason = error instanceof Refused ? error.message : "failed";
    }
    this.#link.send({ type: "done", ref: command.ref, ok: reason === "", reason });
  }

  #perform(command: Command): void {
    const node = nodeOf(command.node);
    if (command.epoch !== this.#epoch || !this.#recorder) {
      throw new Refused("other_page");
    }
    const pointing = ["point", "highlight", "draw", "please_click", "clear"].includes(command.action);
    if (!this.#state?.tiers[pointing ? "point" : "control"]) {
      throw new Refused("no_consent");
    }
    if (pointing) {
      this.#mark(command, node);
    } else {
      if (performance.now() - this.#ownInputAt < OWN_INPUT) {
        throw new Refused("customer_acts");
      }
      this.#acting = true;
      try {
        carryOut(command, node, this.#policy);
      } finally {
        this.#acting = false;
      }
    }
  }

  #mark(command: Command, node: Node | null): void {
    const marks = this.#overlay.marks;
    if (command.action === "clear") {
      marks.clear();
      return;
    }
    const target = node instanceof Element ? node : node?.parentElement;
    if (!target?.isConnected) {
      throw new Refused("gone");
    }
    const { fx, fy, points, by } = command;
    const words = wordsIn(this.sharing.language);
    if (command.action === "point") {
      marks.put(`cursor:${by}`, { kind: "cursor", target, fx, fy, points, label: by, lasts: POINTER_LASTS });
    } else if (command.action === "draw") {
      const lasts = DRAWING_LASTS;
      marks.put(`draw:${command.ref}`, { kind: "draw", target, fx, fy, points, label: "", lasts });
    } else {
      const please = command.action === "please_click";
      if (please) {
        target.scrollIntoView({ block: "nearest", behavior: "smooth" });
      }
      const kind = please ? "please_click" : "highlight";
      const label = please ? words.please_click : "";
      marks.put(kind, { kind, target, fx, fy, points, label, lasts: HIGHLIGHT_LASTS });
      if (please) {
        this.#pleased = target;
        this.#overlay.announce(`${by}: ${words.please_click}: ${nameOf(target)}`);
      }
    }
  }

  /** What the customer draws is seen by the agents at the same element, and here. */
  #draw({ target, points }: Line): void {
    this.#drawn += 1;
    const placed = { kind: "draw", target, fx: 0, fy: 0, points, label: "", customer: true } as const;
    this.#overlay.marks.put(`own ${this.#drawn}`, { ...placed, lasts: DRAWING_LASTS });
    this.#link.send({ type: "mark", action: "draw", epoch: this.#epoch, node: idOf(target), points });
  }

  #listen(): void {
    const options = { capture: true, passive: true, signal: this.#listening.signal };
    const own = (event: Event) => this.#own(event);
    for (const name of ["keydown", "pointerdown", "wheel", "input", "touchmove"]) {
      addEventListener(name, own, options);
    }
    addEventListener("click", (event) => this.#clicked(event), options);
    addEventListener("pointermove", (event) => this.#moved(event), options);
    addEventListener("focusin", () => this.#looksAtPayment(), options);
    addEventListener("focusout", () => setTimeout(() => this.#looksAtPayment()), options);
    addEventListener("blur", () => setTimeout(() => this.#looksAtPayment()), options);
    addEventListener("focus", () => setTimeout(() => this.#looksAtPayment()), options);
    document.addEventListener(
      "visibilitychange",
      () => this.#link.send({ type: "seen", on: document.visibilityState === "visible" }),
      options,
    );
    addEventListener("pagehide", () => this.#outbox.flush(), options);
  }

  /** What the agent asked for is done: the mark has served. */
  #clicked(event: MouseEvent): void {
    const target = this.#pleased;
    if (target && event.isTrusted && event.composedPath().includes(target)) {
      this.#pleased = null;
      this.#overlay.marks.remove("please_click");
    }
  }

  /** What the customer does with their own hands. */
  #own(event: Event): void {
    if (!event.isTrusted || this.#acting) {
      return;
    }
    const escapes = event instanceof KeyboardEvent && event.key === "Escape";
    if (escapes && this.#overlay.drawing) {
      this.#overlay.stopDrawing();
      return;
    }
    if (!this.#state?.tiers.control) {
      return;
    }
    if (escapes) {
      this.#revoke("control");
      return;
    }
    const now = performance.now();
    this.#ownInputAt = now;
    if (now - this.#ownInputToldAt > OWN_INPUT_EVERY) {
      this.#ownInputToldAt = now;
      this.#link.send({ type: "own_input" });
    }
  }

  #moved(event: PointerEvent): void {
    const target = event.composedPath()[0];
    if (!this.#recorder || !(target instanceof Element) || event.timeStamp - this.#cursorAt < CURSOR_EVERY) {
      return;
    }
    this.#cursorAt = event.timeStamp;
    const [node, rect] = [idOf(target), target.getBoundingClientRect()];
    if (node > 0 && rect.width > 0 && rect.height > 0 && this.#link.buffered === 0) {
      const part = (value: number) => Math.round(value * 1000) / 1000;
      const fx = part((event.clientX - rect.left) / rect.width);
      const fy = part((event.clientY - rect.top) / rect.height);
      if (fx >= 0 && fx <= 1 && fy >= 0 && fy <= 1) {
        this.#link.send({ type: "cursor", node, fx, fy });
      }
    }
  }

  /** While a card's field or the payment frame has the focus, the customer is paying. */
  #looksAtPayment(): void {
    const active = document.activeElement;
    const frame = active instanceof HTMLIFrameElement && active.matches(PAYMENT_FRAMES);
    const field = isField(active) && isSensitive(active) && isOfPayment(active);
    const paying = (frame || field) && this.#state?.tiers.view === true;
    if (paying !== this.#paying) {
      this.#paying = paying;
      this.#link.send({ type: "paying", on: paying });
    }
  }
}

function isOfPayment(field: Element): boolean {
  return (field.getAttribute("type") ?? "").toLowerCase() !== "password";
}

/** What an element is called, as far as that is short. */
function nameOf(element: Element): string {
  return (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 80);
}

/** Also where `crypto.randomUUID` is missing: pages without TLS. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
