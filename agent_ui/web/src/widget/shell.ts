import { h, icon, ICONS } from "./dom";
import type { View } from "./menu";
import type { Tag } from "./script";
import { STYLES } from "./styles";
import type { Say } from "./texts";

export interface ShellOptions {
  readonly tag: Tag;
  readonly language: string;
  readonly say: Say;
  readonly opened: () => void;
  readonly closed: () => void;
  readonly back: () => void;
}

/** The launcher and the panel in a closed shadow root. The panel is a dialog that does not block the page. */
export function createShell({ tag, language, say, opened, closed, back }: ShellOptions) {
  const host = document.createElement("comptoir-widget");
  host.dataset.position = tag.position;
  host.dataset.theme = tag.theme;
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];

  // The widget's words run from left to right; on which side of the page it is, the page's direction says.
  const inWords = { lang: language, dir: "ltr" };
  const words = h("span", { class: "words" }, say("open"));
  const time = h("span", { class: "time", "aria-hidden": "true" });
  const dot = h("span", { class: "dot", hidden: true });
  const launcher = h(
    "button",
    { ...inWords, type: "button", class: "launcher quiet", "aria-expanded": "false", "aria-haspopup": "dialog", onclick: toggle },
    dot,
    icon(ICONS.talk),
    words,
    time,
  );
  const heading = h("h2", { id: "title", tabindex: -1 });
  const backButton = h(
    "button",
    { type: "button", class: "icon back", "aria-label": say("back"), onclick: back },
    icon(ICONS.arrow),
  );
  const close = h("button", { type: "button", class: "icon", onclick: hide });
  const body = h("div", { class: "body" });
  const panel = h(
    "div",
    { class: "panel", ...inWords, role: "dialog", "aria-modal": "false", "aria-labelledby": "title", hidden: true },
    h("header", {}, backButton, heading, close),
    body,
  );
  const live = h("div", { ...inWords, class: "hidden", role: "status", "aria-live": "polite" });
  const frame = h("div", { class: "frame" }, panel, launcher, live);
  root.append(frame);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    hide();
  });
  let view: View | null = null;

  function toggle(): void {
    if (panel.hidden) opened();
    else hide();
  }

  /** Puts the widget above everything, where the browser can; see `popover`. */
  function attach(): void {
    host.dir = getComputedStyle(document.documentElement).direction;
    document.body.append(host);
    if (typeof host.showPopover !== "function") return;
    host.popover = "manual";
    host.showPopover();
  }

  function show(next: View, options: { back: boolean; small: boolean; focus: boolean }): void {
    view?.stop?.();
    view = next;
    heading.textContent = say(next.title);
    header(options);
    body.replaceChildren(next.root);
    panel.hidden = false;
    launcher.ariaExpanded = "true";
    if (options.focus) (next.focus ?? heading).focus();
  }

  /** What the panel's corners offer: the way back, and to close it or make it small. */
  function header(offers: { back: boolean; small: boolean }): void {
    backButton.hidden = !offers.back;
    const label = say(offers.small ? "minimize" : "close");
    if (close.ariaLabel === label) return;
    close.ariaLabel = label;
    close.replaceChildren(icon(offers.small ? ICONS.down : ICONS.close));
  }

  function hide(): void {
    if (panel.hidden) return;
    const held = root.activeElement !== null && panel.contains(root.activeElement);
    panel.hidden = true;
    launcher.ariaExpanded = "false";
    view?.stop?.();
    view = null;
    body.replaceChildren();
    if (held) launcher.focus();
    closed();
  }

  return {
    attach,
    show,
    header,
    hide,
    isOpen: () => !panel.hidden,
    body,
    /** Read out by a screen reader, even while the panel is closed. */
    announce: (said: string) => {
      if (live.textContent !== said) live.textContent = said;
    },
    /** What the launcher says; in a call it shows for how long, and keeps its words on a small screen. */
    launcher: (label: string, inCall: boolean, shown: string) => {
      if (words.textContent !== label) words.textContent = label;
      dot.hidden = !inCall;
      launcher.classList.toggle("quiet", !inCall);
      time.textContent = shown;
    },
  };
}
