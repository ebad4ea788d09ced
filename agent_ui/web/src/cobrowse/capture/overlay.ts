// What the customer sees of the sharing: the question, the banner, the border, the agent's marks, and their own pen. In
// a closed shadow root that is never recorded, above the page's own dialogs.

import type { Line } from "../anchor";
import { MARK_STYLES, Marks } from "../marks";
import type { State, Tier } from "../protocol";
import { Pen } from "./pen";
import { listOf, type Words, withAgent } from "./words";

export interface Choices {
  answer(question: number, granted: boolean): void;
  pause(): void;
  resume(): void;
  stop(): void;
  revoke(tier: Tier): void;
  /** Whether the mirror knows an element, so that something can be shown at it. */
  known(element: Element): boolean;
  draw(line: Line): void;
}

const STYLES = `
:host{all:initial;position:fixed;inset:0;width:0;height:0;border:0;padding:0;margin:0;overflow:visible;
  background:none;z-index:2147483646;pointer-events:none}
*{box-sizing:border-box}
.border{position:fixed;inset:0;border:3px solid #2457d6;pointer-events:none}
.border.off{border-color:#7a7f8c;border-style:dashed}
.bar,.ask{position:fixed;left:12px;right:12px;width:fit-content;margin:0 auto;pointer-events:auto;background:#fff;
  color:#14181f;border:1px solid #c7ccd6;border-radius:10px;box-shadow:0 4px 18px #0003;
  font:15px/1.45 system-ui,sans-serif;max-width:min(680px,calc(100vw - 24px))}
.bar{bottom:10px;display:flex;flex-wrap:wrap;align-items:center;gap:8px;padding:6px 8px 6px 14px}
.bar strong{font-weight:600}
.ask{bottom:76px;width:420px;padding:16px}
@media (pointer:coarse){button{min-height:44px}}
/* The widget's own button is in the corner. */
@media (max-width:1100px){.bar{bottom:80px}.ask{bottom:150px}}
.ask p{margin:0 0 12px}
.ask p:first-child{font-weight:600}
.row{display:flex;gap:8px;justify-content:flex-end}
button{font:600 14px/1.4 system-ui,sans-serif;padding:6px 12px;border-radius:8px;border:1px solid #8b92a1;
  background:#fff;color:#14181f;cursor:pointer}
button[aria-pressed=true]{background:#dfe8fb;border-color:#2457d6}
button.main{background:#2457d6;border-color:#2457d6;color:#fff}
button:focus-visible{outline:3px solid #e08600;outline-offset:2px}
.pen{position:fixed;inset:0;pointer-events:auto;cursor:crosshair;touch-action:none;outline:0}
.pen:focus-visible{outline:3px dashed #e08600;outline-offset:-8px}
.tip{position:fixed;left:-8px;top:-8px;width:16px;height:16px;border-radius:50%;border:3px solid #2457d6;background:#fff}
.tip.down{background:#2457d6}
.tip[hidden],.pen:not(:focus-visible) .tip{display:none}
.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
${MARK_STYLES}`;

const DIALOGS_EVERY = 400;

export class Overlay {
  readonly marks: Marks;
  readonly #host = document.createElement("comptoir-cobrowse");
  readonly #root = this.#host.attachShadow({ mode: "closed" });
  readonly #body = document.createElement("div");
  readonly #said = document.createElement("p");
  readonly #watching: ReturnType<typeof setInterval>;
  #shown = "";
  #state: State | null = null;
  #pen: Pen | null = null;

  constructor(
    private readonly words: Words,
    private readonly language: string,
    private readonly choices: Choices,
  ) {
    this.#host.className = "rr-block";
    this.#host.setAttribute("popover", "manual");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [sheet];
    const layer = document.createElement("div");
    layer.className = "marks";
    this.#said.className = "said";
    this.#said.setAttribute("role", "status");
    this.#root.append(this.#body, layer, this.#said);
    this.marks = new Marks(layer, (target) => target.getBoundingClientRect());
    this.#raise();
    this.#watching = setInterval(() => this.#raise(), DIALOGS_EVERY);
  }

  /** Shows how the session stands. */
  show(state: State): void {
    this.#state = state;
    if (!canDraw(state)) {
      this.#layPenDown();
    }
    const { phase, tiers, question, paying, kept, watchers, controls } = state;
    const signature = JSON.stringify([phase, tiers, question, paying, kept, watchers, controls, this.drawing]);
    if (signature === this.#shown) {
      return;
    }
    this.#shown = signature;
    const held = this.#root.activeElement?.id ?? "";
    const parts: Node[] = [];
    if (state.tiers.view) {
      parts.push(this.#border(state), this.#bar(state));
    }
    if (state.question) {
      parts.push(this.#ask(state.question.id, state.question.tier, state.question.by, state.kept));
    }
    this.#body.replaceChildren(...parts);
    this.#raise();
    if (held) {
      // The keyboard stays where it was.
      this.#root.getElementById(held)?.focus();
    }
    this.announce(state.tiers.view ? this.#status(state) : "");
    if (!state.tiers.view) {
      this.marks.clear();
    }
  }

  /** Read out by a screen reader. */
  announce(text: string): void {
    if (this.#said.textContent !== text) {
      this.#said.textContent = text;
    }
  }

  get drawing(): boolean {
    return this.#pen !== null;
  }

  /** The customer lays the pen down; the keyboard goes back to where it was taken. */
  stopDrawing(): void {
    this.#layPenDown();
    this.#again();
    this.#root.getElementById("draw")?.focus();
  }

  #startDrawing(): void {
    this.#pen = new Pen(
      this.words.pen,
      (element) => this.choices.known(element),
      (line) => this.choices.draw(line),
    );
    this.#root.prepend(this.#pen.sheet);
    this.#again();
    this.#pen.sheet.focus();
    this.announce(this.words.pen);
  }

  #layPenDown(): void {
    this.#pen?.sheet.remove();
    this.#pen = null;
  }

  #again(): void {
    if (this.#state) {
      this.show(this.#state);
    }
  }

  remove(): void {
    clearInterval(this.#watching);
    this.marks.clear();
    this.#host.remove();
  }

  /** The popover of a window dialog's own subtree is all that can be reached while the dialog is open. */
  #raise(): void {
    const dialogs = [...document.querySelectorAll("dialog")].filter((one) => one.matches(":modal"));
    const place = dialogs.at(-1) ?? document.documentElement;
    if (this.#host.parentNode !== place || !this.#host.isConnected) {
      place.append(this.#host);
    }
    if ("showPopover" in this.#host && !this.#host.matches(":popover-open")) {
      this.#host.showPopover();
    }
  }

  #border(state: State): HTMLElement {
    const border = document.createElement("div");
    border.className = state.phase === "running" ? "border" : "border off";
    return border;
  }

  #bar(state: State): HTMLElement {
    const bar = document.createElement("div");
    bar.className = "bar";
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", this.words.region);
    const text = document.createElement("strong");
    text.textContent = this.#status(state);
    bar.append(text);
    if (state.tiers.control && state.phase === "running") {
      bar.append(button("take_back", this.words.take_back, () => this.choices.revoke("control")));
    }
    if (canDraw(state)) {
      bar.append(this.#drawButton());
    }
    const paused = state.phase === "paused";
    bar.append(
      button("pause", paused ? this.words.resume : this.words.pause, () =>
        paused ? this.choices.resume() : this.choices.pause(),
      ),
      button("stop", this.words.stop, () => this.choices.stop()),
    );
    return bar;
  }

  #drawButton(): HTMLElement {
    const made = button("draw", this.drawing ? this.words.draw_end : this.words.draw, () =>
      this.drawing ? this.stopDrawing() : this.#startDrawing(),
    );
    made.setAttribute("aria-pressed", String(this.drawing));
    return made;
  }

  #status(state: State): string {
    const names = state.watchers.map((one) => one.name);
    if (state.phase === "paused") {
      return this.words.paused;
    }
    if (names.length === 0) {
      return this.words.waits;
    }
    const seen = withAgent(names.length > 1 ? this.words.see : this.words.sees, listOf(names, this.language));
    const also = state.paying ? this.words.paying : this.#helps(state.controls);
    const kept = state.kept ? this.words.kept : "";
    return [seen, kept, also].filter((part) => part !== "").join(". ");
  }

  #helps(names: string[]): string {
    const words = names.length > 1 ? this.words.control : this.words.controls;
    return names.length === 0 ? "" : withAgent(words, listOf(names, this.language));
  }

  #ask(question: number, tier: Tier, agent: string, kept: boolean): HTMLElement {
    const box = document.createElement("div");
    box.className = "ask";
    box.setAttribute("role", "alertdialog");
    const [title, why] = [document.createElement("p"), document.createElement("p")];
    title.textContent = withAgent(this.words[`ask_${tier}`], agent);
    const also = kept && tier === "view" ? ` ${this.words.why_kept}` : "";
    why.textContent = this.words[`why_${tier}`] + also;
    title.id = "title";
    why.id = "why";
    box.setAttribute("aria-labelledby", "title");
    box.setAttribute("aria-describedby", "why");
    const row = document.createElement("div");
    row.className = "row";
    const allow = button("allow", this.words.allow, () => this.choices.answer(question, true));
    allow.className = "main";
    row.append(
      button("refuse", this.words.refuse, () => this.choices.answer(question, false)),
      allow,
    );
    box.append(title, why, row);
    return box;
  }
}

/** Nobody sees a line on a page that nobody sees. */
function canDraw(state: State): boolean {
  return state.tiers.view && state.phase === "running" && state.watchers.length > 0;
}

function button(id: string, text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.id = id;
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", (event) => {
    // Only a person agrees: a script of the page cannot reach in here, and its clicks count for nothing.
    if (event.isTrusted) {
      act();
    }
  });
  return made;
}
