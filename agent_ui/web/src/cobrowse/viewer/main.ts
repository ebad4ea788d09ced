// The viewer: a document of its own, embedded in the desk, that shows the mirror and nothing else.
//
// The desk gives it tickets and says what the agent wants; it tells the desk how the session stands.

import type { Line } from "../anchor";
import { Link } from "../link";
import { Marks, MARK_STYLES } from "../marks";
import type { State, ToViewer } from "../protocol";
import type { FromViewer, ToViewerDocument } from "./embedding";
import { Mirror } from "./mirror";
import { type Act, Tools } from "./tools";

const HIDDEN_FOR_LONG = 1000;
const CURSOR_LASTS = 8000;
const MARK_LASTS = 12_000;

/** The desk's origin: tickets come from there, and nobody else is told anything. */
const desk = document.documentElement.dataset.desk ?? "";
const stage = required("stage");
const glass = required("glass");

class Viewer {
  readonly #mirror = new Mirror(stage, () => this.#link.send({ type: "snapshot" }));
  readonly #marks = new Marks(required("marks"), (target) => this.#mirror.rectOf(target));
  readonly #tools = new Tools(glass, this.#mirror, (act) => this.#act(act), (line) => this.#sketch(line), { value: "" });
  readonly #link: Link<ToViewer>;
  #tickets: ((ticket: string) => void)[] = [];
  #epoch = "";
  #seq = 0;
  #numbers = 0;
  #marksPut = 0;
  #hiddenAt = 0;

  constructor() {
    addEventListener("message", (event: MessageEvent<ToViewerDocument>) => {
      if (event.source === parent && event.origin === desk) {
        this.#asked(event.data);
      }
    });
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#link = new Link<ToViewer>(socketUrl(), {
      hello: async () => {
        const ticket = await this.#ticket();
        const have = this.#mirror.ready ? { epoch: this.#epoch, seq: this.#seq } : {};
        return { type: "hello", ticket, ...have };
      },
      message: (message) => this.#told(message),
      lost: () => this.#tell({ type: "link", up: false }),
      refused: () => undefined,
    });
  }

  #ticket(): Promise<string> {
    return new Promise((resolve) => {
      this.#tickets.push(resolve);
      this.#tell({ type: "ticket_please" });
    });
  }

  #asked(message: ToViewerDocument): void {
    switch (message.type) {
      case "ticket":
        for (const resolve of this.#tickets.splice(0)) {
          resolve(message.ticket);
        }
        return;
      case "say":
        this.#link.send(message.message);
        return;
      case "tool":
        this.#tools.use(message.tool);
        if (message.tool === "control") {
          glass.focus();
        }
        return;
      case "clear":
        this.#marks.clear();
        this.#act({ action: "clear", node: 0 });
        return;
      case "close":
        this.#link.stop();
    }
  }

  #told(message: ToViewer): void {
    switch (message.type) {
      case "events":
        this.#events(message);
        return;
      case "cursor":
        this.#cursor(message.epoch, message.node, message.fx, message.fy);
        return;
      case "mark":
        this.#mark(message);
        return;
      case "state":
        this.#stand(message);
        return;
      case "ended":
        this.#mirror.clear();
        this.#marks.clear();
        this.#link.stop();
        break;
      default:
    }
    this.#tell({ type: "told", message });
  }

  #events(message: Extract<ToViewer, { type: "events" }>): void {
    this.#epoch = message.epoch;
    this.#seq = message.seq;
    if (!document.hidden) {
      this.#mirror.take(message.epoch, message.reset, message.events);
    }
    this.#link.send({ type: "ack", epoch: message.epoch, seq: message.seq });
  }

  /** A hidden tab draws nothing, and what it missed is not worth keeping: it starts over when it is seen again. */
  #seen(): void {
    if (document.hidden) {
      this.#hiddenAt = performance.now();
    } else if (performance.now() - this.#hiddenAt > HIDDEN_FOR_LONG || this.#mirror.ready) {
      this.#mirror.startOver();
    }
  }

  #stand(state: State): void {
    const shared = state.tiers.view && state.phase === "running";
    document.body.dataset.paying = String(state.paying);
    document.body.dataset.shared = String(shared);
    if (!shared) {
      this.#mirror.clear();
      this.#marks.clear();
    }
    this.#tell({ type: "told", message: state });
  }

  #cursor(epoch: string, node: number, fx: number, fy: number): void {
    const target = epoch === this.#mirror.epoch ? this.#mirror.element(node) : null;
    if (target) {
      this.#marks.put("customer", { kind: "cursor", target, fx, fy, points: [], label: "", lasts: CURSOR_LASTS });
    }
  }

  #mark(message: Extract<ToViewer, { type: "mark" }>): void {
    if (message.action === "clear") {
      this.#marks.clear();
      return;
    }
    const target = message.epoch === this.#mirror.epoch ? this.#mirror.element(message.node) : null;
    if (target) {
      const kind = message.action === "draw" ? "draw" : "highlight";
      const { fx, fy, points, by } = message;
      const customer = by === "customer";
      this.#marks.put(this.#keyOf(by, kind), { kind, target, fx, fy, points, label: "", customer, lasts: MARK_LASTS });
    }
  }

  /** Lines are drawn beside each other; of what somebody highlights, the last counts. */
  #keyOf(by: string, kind: string): string {
    this.#marksPut += 1;
    return kind === "draw" ? `${by} draw ${this.#marksPut}` : `${by} ${kind}`;
  }

  /** What the agent is drawing, before anybody else sees it. */
  #sketch(line: Line | null): void {
    if (line) {
      this.#marks.put("sketch", { kind: "draw", ...line, fx: 0, fy: 0, label: "", lasts: 0 });
    } else {
      this.#marks.remove("sketch");
    }
  }

  #act(act: Act): void {
    this.#numbers += 1;
    this.#link.send({ type: "command", id: this.#numbers, epoch: this.#mirror.epoch, ...act });
    const own = act.action === "highlight" || act.action === "draw" || act.action === "please_click";
    const target = own ? this.#mirror.element(act.node) : null;
    if (target) {
      const kind = act.action === "draw" ? "draw" : "highlight";
      const points = act.points ?? [];
      this.#marks.put(this.#keyOf("own", kind), { kind, target, fx: 0, fy: 0, points, label: "", lasts: MARK_LASTS });
    }
  }

  #tell(message: FromViewer): void {
    if (parent !== window && desk !== "") {
      parent.postMessage(message, desk);
    }
  }
}

function socketUrl(): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/cobrowse/v1/watch`;
}

function required(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`the viewer's document has no ${id}`);
  }
  return found;
}

const style = document.createElement("style");
style.textContent = MARK_STYLES;
document.head.append(style);
new Viewer();
