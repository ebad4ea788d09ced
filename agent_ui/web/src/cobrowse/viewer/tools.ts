// The agent's hands on the mirror: pointing, marking, drawing, and acting by element.

import { anchored, type Line, partsOf } from "../anchor";
import type { Action, Point } from "../protocol";
import type { Mirror, Place } from "./mirror";

export type Tool = "look" | "point" | "highlight" | "please_click" | "draw" | "control";

export interface Act {
  action: Action;
  node: number;
  fx?: number;
  fy?: number;
  value?: string;
  points?: Point[];
}

const POINT_EVERY = 60;
const NEAREST = 3;
const MOST_POINTS = 400;
const SCROLL_EVERY = 100;
const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]),select,textarea";

export class Tools {
  #tool: Tool = "look";
  #pointedAt = 0;
  #line: { first: Element; places: Point[] } | null = null;
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;
  #scrollBy = 0;
  #editor: HTMLElement | null = null;
  #current: Element | null = null;

  constructor(
    private readonly glass: HTMLElement,
    private readonly mirror: Mirror,
    private readonly act: (act: Act) => void,
    /** The line that is being drawn, as long as it is. */
    private readonly sketch: (line: Line | null) => void,
    private readonly words: { value: string },
  ) {
    glass.addEventListener("pointermove", (event) => this.#moved(event));
    glass.addEventListener("pointerdown", (event) => this.#down(event));
    glass.addEventListener("pointerup", () => this.#lineEnds());
    glass.addEventListener("click", (event) => this.#clicked(event));
    glass.addEventListener("wheel", (event) => this.#wheel(event), { passive: true });
    glass.addEventListener("keydown", (event) => this.#key(event));
  }

  use(tool: Tool): void {
    this.#tool = tool;
    this.#closeEditor();
    this.glass.dataset.tool = tool;
    this.glass.tabIndex = tool === "control" ? 0 : -1;
  }

  #moved(event: PointerEvent): void {
    if (this.#line) {
      this.#lineGoesOn(event);
      return;
    }
    const due = event.timeStamp - this.#pointedAt > POINT_EVERY;
    if (due && (this.#tool === "point" || this.#tool === "control")) {
      const place = this.mirror.at(event.clientX, event.clientY);
      if (place && this.#tool === "point") {
        this.#pointedAt = event.timeStamp;
        this.act({ action: "point", ...where(place) });
      }
    }
  }

  #down(event: PointerEvent): void {
    if (this.#tool !== "draw") {
      return;
    }
    const place = this.mirror.at(event.clientX, event.clientY);
    if (place) {
      this.glass.setPointerCapture(event.pointerId);
      this.#line = { first: place.element, places: [] };
      this.#lineGoesOn(event);
    }
  }

  #lineGoesOn(event: PointerEvent): void {
    const line = this.#line;
    const rect = line && this.mirror.rectOf(line.first);
    if (!line || !rect || line.places.length >= MOST_POINTS) {
      return;
    }
    const [x, y] = line.places.at(-1) ?? [-99, -99];
    if (Math.hypot(event.clientX - x, event.clientY - y) >= NEAREST) {
      line.places.push([event.clientX, event.clientY]);
      this.sketch({ target: line.first, points: partsOf(line.places, rect) });
    }
  }

  #lineEnds(): void {
    const line = this.#line;
    this.#line = null;
    this.sketch(null);
    const known = (element: Element) => this.mirror.idOf(element) > 0;
    const drawn = line && line.places.length > 1 && anchored(line.places, line.first, (one) => this.mirror.rectOf(one), known);
    if (drawn) {
      this.act({ action: "draw", node: this.mirror.idOf(drawn.target), points: drawn.points });
    }
  }

  #clicked(event: MouseEvent): void {
    const place = this.mirror.at(event.clientX, event.clientY);
    if (!place) {
      return;
    }
    if (this.#tool === "highlight" || this.#tool === "please_click") {
      this.act({ action: this.#tool, ...where(place) });
    } else if (this.#tool === "control") {
      this.#control(place);
    }
  }

  #control(place: Place): void {
    const field = place.element.closest(FIELDS);
    this.#current = field;
    this.act({ action: "click", ...where(place) });
    if (field && !isToggle(field)) {
      this.#edit(field);
    }
  }

  /** A field's own editor, over its picture: what is typed here is typed there. */
  #edit(field: Element): void {
    this.#closeEditor();
    const rect = this.mirror.rectOf(field);
    const node = this.mirror.idOf(field);
    if (!rect || node <= 0) {
      return;
    }
    const editor = field.localName === "select" ? this.#list(field, node) : this.#entry(field, node);
    Object.assign(editor.style, {
      left: `${rect.left}px`,
      top: `${rect.top}px`,
      width: `${Math.max(rect.width, 80)}px`,
      height: `${Math.max(rect.height, 24)}px`,
    });
    editor.className = "editor";
    editor.setAttribute("aria-label", field.getAttribute("name") ?? this.words.value);
    this.#editor = editor;
    document.body.append(editor);
    editor.focus();
  }

  #entry(field: Element, node: number): HTMLElement {
    const long = field.localName === "textarea";
    const editor = (long ? document.createElement("textarea") : document.createElement("input")) as HTMLInputElement;
    editor.value = (field as HTMLInputElement).value;
    const typed = () => {
      if (editor.value !== (field as HTMLInputElement).value) {
        this.act({ action: "type", node, value: editor.value });
      }
    };
    editor.addEventListener("input", typed);
    editor.addEventListener("keydown", (event: KeyboardEvent) => {
      const done = event.key === "Enter" && editor.localName === "input";
      if (done || event.key === "Tab" || event.key === "Escape") {
        event.preventDefault();
        this.#closeEditor();
        this.glass.focus();
        if (event.key === "Tab") {
          this.#step(event.shiftKey ? -1 : 1);
        }
      }
    });
    return editor;
  }

  #list(field: Element, node: number): HTMLElement {
    const editor = document.createElement("select");
    for (const option of (field as HTMLSelectElement).options) {
      editor.add(new Option(option.text, option.value, false, option.value === (field as HTMLSelectElement).value));
    }
    editor.addEventListener("change", () => {
      this.act({ action: "choose", node, value: editor.value });
      this.#closeEditor();
      this.glass.focus();
    });
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        this.#closeEditor();
        this.glass.focus();
        if (event.key === "Tab") {
          this.#step(event.shiftKey ? -1 : 1);
        }
      }
    });
    return editor;
  }

  /** Without a mouse: Tab goes from field to field of the mirror, Enter edits or ticks. */
  #key(event: KeyboardEvent): void {
    if (this.#tool !== "control" || event.target !== this.glass) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#step(event.key === "ArrowDown" ? 1 : -1);
    } else if ((event.key === "Enter" || event.key === " ") && this.#current) {
      event.preventDefault();
      const node = this.mirror.idOf(this.#current);
      this.act({ action: "click", node, fx: 0.5, fy: 0.5 });
      if (!isToggle(this.#current)) {
        this.#edit(this.#current);
      }
    }
  }

  #step(by: number): void {
    const fields = [...(this.mirror.document?.querySelectorAll(FIELDS) ?? [])];
    const place = this.#current ? fields.indexOf(this.#current) : by > 0 ? -1 : fields.length;
    const next = fields[place + by];
    if (next) {
      this.#current = next;
      const node = this.mirror.idOf(next);
      if (isToggle(next)) {
        this.act({ action: "highlight", node });
      } else {
        this.#edit(next);
      }
    }
  }

  /** The page scrolls as a whole; its mirror follows. */
  #wheel(event: WheelEvent): void {
    if (this.#tool !== "control") {
      return;
    }
    this.#scrollBy += event.deltaY;
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = setTimeout(() => {
      const root = this.mirror.document?.documentElement;
      const height = root ? root.scrollHeight - root.clientHeight : 0;
      if (root && height > 0) {
        const fy = clamp((root.scrollTop + this.#scrollBy / this.mirror.scale) / height);
        this.act({ action: "scroll", node: this.mirror.idOf(root), fx: 0, fy });
      }
      this.#scrollBy = 0;
    }, SCROLL_EVERY);
  }

  #closeEditor(): void {
    this.#editor?.remove();
    this.#editor = null;
  }
}

function where(place: Place): { node: number; fx: number; fy: number } {
  return { node: place.node, fx: part(place.fx), fy: part(place.fy) };
}

function part(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function isToggle(field: Element): boolean {
  return field.localName === "input" && ["checkbox", "radio"].includes((field.getAttribute("type") ?? "").toLowerCase());
}
