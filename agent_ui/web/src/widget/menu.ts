import type { Api, CallbackNow, QueueNow } from "./api";
import { Refusal } from "./api";
import { h, icon, ICONS, type Child } from "./dom";
import type { Key, Say } from "./texts";

const STATUS_EVERY_MS = 10_000;

/** A part of the panel. `focus` is where the keyboard goes when it is shown. */
export interface View {
  readonly root: HTMLElement;
  readonly title: Key;
  readonly focus?: HTMLElement;
  readonly stop?: () => void;
}

export interface MenuOptions {
  readonly say: Say;
  readonly api: Api;
  readonly phone: string | null;
  readonly canCall: boolean;
  readonly call: () => void;
  readonly callback: () => void;
  readonly code: () => void;
}

/** The three ways to reach somebody, under the queue's state. */
export function menuView(options: MenuOptions): View {
  const { say, api, phone } = options;
  const status = h("p", { class: "status", role: "status" });
  const call = entry("call.now", "call.hint", ICONS.phone, options.call, "entry main");
  const root = h(
    "div",
    { class: "menu" },
    status,
    options.canCall && call,
    entry("callback.menu", "callback.hint", ICONS.back, options.callback),
    entry("code.menu", "code.hint", ICONS.code, options.code),
    phone && h("a", { class: "plain", href: `tel:${phone}` }, say("call.phone", { number: phone })),
  );

  function entry(label: Key, hint: Key, path: string, press: () => void, style = "entry"): HTMLButtonElement {
    const words = h("span", {}, h("b", {}, say(label)), h("small", {}, say(hint)));
    return h("button", { type: "button", class: style, onclick: press }, icon(path), words);
  }

  const stop = repeat(STATUS_EVERY_MS, async () => {
    const now = await api.status();
    status.dataset.state = now.state;
    const words = statusWords(say, now);
    if (status.textContent !== words) status.textContent = words;
  });
  return { root, title: "title", ...(options.canCall ? { focus: call } : {}), stop };
}

export function statusWords(say: Say, now: QueueNow): string {
  if (now.state === "busy" && now.wait_minutes !== null && now.wait_minutes > 0)
    return say("status.busy_wait", { minutes: now.wait_minutes });
  return say(`status.${now.state}`);
}

export interface CodeOptions {
  readonly say: Say;
  readonly api: Api;
  readonly language: string;
  /** Calls back when an agent has used the code; returns what ends that. */
  readonly onJoined: (callback: () => void) => () => void;
}

/** Six digits to tell an agent. */
export function codeView({ say, api, language, onJoined }: CodeOptions): View {
  const digits = h("p", { class: "code", role: "status" });
  const until = h("p", { class: "hint" });
  const again = h("button", { type: "button", class: "plain", onclick: () => void draw() }, say("code.again"));
  const root = h("div", { class: "said" }, h("p", {}, say("code.tell")), digits, until, again);

  async function draw(): Promise<void> {
    try {
      const { code, expires_at } = await api.code();
      digits.textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
      const time = new Date(expires_at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
      until.textContent = say("code.until", { time });
    } catch (error) {
      until.textContent = wordsOf(error, say);
    }
  }

  void draw();
  const stop = onJoined(() => {
    digits.textContent = "";
    until.textContent = say("code.joined");
    digits.append(h("span", { class: "done" }, "✓"));
  });
  return { root, title: "code.title", focus: again, stop };
}

const CALLBACK_EVERY_MS = 15_000;

/** Asks for a number to call back, then shows how that stands. */
export function callbackView(say: Say, api: Api): View {
  const number = h("input", {
    id: "number", type: "tel", name: "tel", autocomplete: "tel", inputmode: "tel", maxlength: 40,
    required: true, "aria-describedby": "problem",
  });
  const problem = h("p", { id: "problem", class: "problem", role: "alert" });
  const ask = h("button", { class: "main" }, say("callback.ask"));
  const form = h(
    "form",
    { class: "said", novalidate: true },
    h("label", { for: "number" }, say("callback.number")),
    number,
    problem,
    ask,
  );
  const stand = h("div", { class: "said", hidden: true, role: "status", tabindex: -1 });
  const root = h("div", {}, form, stand);
  let stop: () => void = () => undefined;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });

  async function submit(): Promise<void> {
    if (!number.value.trim() || ask.disabled) {
      number.focus();
      return;
    }
    ask.disabled = true;
    problem.textContent = "";
    try {
      waiting(await api.askCallback(number.value));
      stand.focus();
    } catch (error) {
      problem.textContent = wordsOf(error, say);
      number.setAttribute("aria-invalid", "true");
      number.focus();
    } finally {
      ask.disabled = false;
    }
  }

  function waiting(first: CallbackNow): void {
    form.hidden = true;
    stand.hidden = false;
    show(first);
    stop = repeat(CALLBACK_EVERY_MS, async () => {
      try {
        show(await api.callback());
      } catch (error) {
        if (error instanceof Refusal && error.id === "refused.callback") over();
      }
    });
  }

  function show(now: CallbackNow): void {
    const calling = now.state === "dialing";
    const lines: Child[] = [say(calling ? "callback.calling" : "callback.will", { number: now.number })];
    if (now.place !== null) lines.push(say("callback.place", { place: now.place }));
    if (!calling && now.wait_minutes !== null)
      lines.push(now.wait_minutes > 0 ? say("callback.wait", { minutes: now.wait_minutes }) : say("callback.soon"));
    const cancel = h("button", { type: "button", class: "plain", onclick: () => void end() }, say("callback.cancel"));
    replace(stand, [...lines.map((line) => h("p", {}, line)), calling ? null : cancel]);
  }

  async function end(): Promise<void> {
    try {
      await api.cancelCallback();
      replace(stand, [h("p", {}, say("callback.canceled"))]);
      stand.focus();
      stop();
    } catch (error) {
      stand.append(h("p", { class: "problem" }, wordsOf(error, say)));
    }
  }

  function over(): void {
    stop();
    stand.hidden = true;
    form.hidden = false;
  }

  void api.callback().then(waiting, () => undefined);
  return { root, title: "callback.title", focus: number, stop: () => stop() };
}

/** Replaces the content, keeping the keyboard where it was. */
function replace(parent: HTMLElement, children: readonly (Node | null)[]): void {
  const root = parent.getRootNode();
  const held = root instanceof ShadowRoot && parent.contains(root.activeElement) && root.activeElement !== parent;
  parent.replaceChildren(...children.filter((child) => child !== null));
  if (held) (parent.querySelector("button") ?? parent).focus();
}

export function wordsOf(error: unknown, say: Say): string {
  if (error instanceof Refusal && error.words) return error.words;
  return say(error instanceof Refusal && error.id === "offline" ? "refused.unavailable" : "refused");
}

/** Does it now and again and again; a failure only waits for the next time. Returns what ends it. */
export function repeat(everyMs: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let timer = 0;
  const once = async () => {
    await work().catch(() => undefined);
    if (!stopped) timer = window.setTimeout(() => void once(), everyMs);
  };
  void once();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
  };
}
