// What the customer sees of the sharing: the question, the banner, the border, and the agent's marks. In a closed
// shadow root that is never recorded, above the page's own dialogs.

import { MARK_STYLES, Marks } from "../marks";
import type { State, Tier } from "../protocol";
import { type Words, withAgent } from "./words";

export interface Choices {
  answer(question: number, granted: boolean): void;
  pause(): void;
  resume(): void;
  stop(): void;
  revoke(tier: Tier): void;
}

const STYLES = `
:host{all:initial;position:fixed;inset:0;width:0;height:0;border:0;padding:0;margin:0;overflow:visible;
  background:none;z-index:2147483646;pointer-events:none}
*{box-sizing:border-box}
.border{position:fixed;inset:0;border:3px solid #2457d6;pointer-events:none}
.border.off{border-color:#7a7f8c;border-style:dashed}
.bar,.ask{position:fixed;left:50%;transform:translateX(-50%);pointer-events:auto;background:#fff;color:#14181f;
  border:1px solid #c7ccd6;border-radius:10px;box-shadow:0 4px 18px #0003;font:15px/1.45 system-ui,sans-serif;
  max-width:calc(100vw - 24px)}
.bar{bottom:10px;display:flex;flex-wrap:wrap;align-items:center;gap:8px;padding:6px 8px 6px 14px}
.bar strong{font-weight:600}
.ask{bottom:76px;width:420px;padding:16px}
.ask p{margin:0 0 12px}
.ask p:first-child{font-weight:600}
.row{display:flex;gap:8px;justify-content:flex-end}
button{font:600 14px/1.4 system-ui,sans-serif;padding:6px 12px;border-radius:8px;border:1px solid #8b92a1;
  background:#fff;color:#14181f;cursor:pointer}
button.main{background:#2457d6;border-color:#2457d6;color:#fff}
button:focus-visible{outline:3px solid #e08600;outline-offset:2px}
${MARK_STYLES}`;

const DIALOGS_EVERY = 400;

export class Overlay {
  readonly marks: Marks;
  readonly #host = document.createElement("comptoir-cobrowse");
  readonly #root = this.#host.attachShadow({ mode: "closed" });
  readonly #body = document.createElement("div");
  readonly #watching: ReturnType<typeof setInterval>;
  #shown = "";

  constructor(
    private readonly words: Words,
    private readonly choices: Choices,
  ) {
    this.#host.className = "rr-block";
    this.#host.setAttribute("popover", "manual");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [sheet];
    const layer = document.createElement("div");
    layer.className = "marks";
    this.#root.append(this.#body, layer);
    this.marks = new Marks(layer, (target) => target.getBoundingClientRect());
    this.#raise();
    this.#watching = setInterval(() => this.#raise(), DIALOGS_EVERY);
  }

  /** Shows how the session stands. */
  show(state: State): void {
    const signature = JSON.stringify([state.phase, state.tiers, state.question, state.paying, this.#who(state)]);
    if (signature === this.#shown) {
      return;
    }
    this.#shown = signature;
    const parts: Node[] = [];
    if (state.tiers.view) {
      parts.push(this.#border(state), this.#bar(state));
    }
    if (state.question) {
      parts.push(this.#ask(state.question.id, state.question.tier, state.question.by, state.kept));
    }
    this.#body.replaceChildren(...parts);
    this.#raise();
    if (!state.tiers.view) {
      this.marks.clear();
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

  #who(state: State): string {
    return state.watchers.map((one) => one.name).join(", ");
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
    text.setAttribute("role", "status");
    text.textContent = this.#status(state);
    bar.append(text);
    if (state.tiers.control && state.phase === "running") {
      bar.append(button(this.words.take_back, () => this.choices.revoke("control")));
    }
    const paused = state.phase === "paused";
    bar.append(
      button(paused ? this.words.resume : this.words.pause, () =>
        paused ? this.choices.resume() : this.choices.pause(),
      ),
      button(this.words.stop, () => this.choices.stop()),
    );
    return bar;
  }

  #status(state: State): string {
    const who = this.#who(state);
    if (state.phase === "paused") {
      return this.words.paused;
    }
    if (who === "") {
      return this.words.waits;
    }
    const seen = withAgent(this.words.sees, who);
    const also = state.paying ? this.words.paying : state.tiers.control ? withAgent(this.words.controls, who) : "";
    const kept = state.kept ? this.words.kept : "";
    return [seen, kept, also].filter((part) => part !== "").join(". ");
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
    const allow = button(this.words.allow, () => this.choices.answer(question, true));
    allow.className = "main";
    row.append(
      button(this.words.refuse, () => this.choices.answer(question, false)),
      allow,
    );
    box.append(title, why, row);
    return box;
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
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
