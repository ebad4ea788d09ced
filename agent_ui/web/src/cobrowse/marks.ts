// Marks on a page, anchored to elements: they go where the element goes. Used on both sides.

import type { Point } from "./protocol";

const SVG = "http://www.w3.org/2000/svg";

export interface Placed {
  kind: "cursor" | "highlight" | "draw" | "please_click";
  target: Element;
  fx: number;
  fy: number;
  points: Point[];
  label: string;
  /** Drawn by the customer, and not by an agent. */
  customer?: boolean;
  /** Milliseconds after which it goes by itself; 0 stays. */
  lasts: number;
}

interface Drawn {
  placed: Placed;
  element: HTMLElement | SVGElement;
  until: number;
}

export type RectOf = (target: Element) => DOMRect | null;

/** Draws marks in a layer that covers the window, and moves them with every picture while there are any. */
export class Marks {
  #drawn = new Map<string, Drawn>();
  #running = false;

  constructor(
    private readonly layer: HTMLElement,
    private readonly rectOf: RectOf,
  ) {}

  put(key: string, placed: Placed): void {
    const before = this.#drawn.get(key);
    const element = before?.placed.kind === placed.kind ? before.element : this.#element(placed);
    if (before && before.element !== element) {
      before.element.remove();
    }
    if (!element.isConnected) {
      this.layer.append(element);
    }
    this.#drawn.set(key, { placed, element, until: placed.lasts > 0 ? performance.now() + placed.lasts : Infinity });
    this.#place();
    this.#run();
  }

  remove(key: string): void {
    this.#drawn.get(key)?.element.remove();
    this.#drawn.delete(key);
  }

  clear(): void {
    for (const key of [...this.#drawn.keys()]) {
      this.remove(key);
    }
  }

  #element(placed: Placed): HTMLElement | SVGElement {
    if (placed.kind === "draw") {
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("class", placed.customer ? "draw customer" : "draw");
      svg.append(document.createElementNS(SVG, "polyline"));
      return svg;
    }
    const element = document.createElement("div");
    element.className = placed.kind;
    if (placed.label) {
      const label = document.createElement("span");
      label.textContent = placed.label;
      element.append(label);
    }
    return element;
  }

  #run(): void {
    if (!this.#running) {
      this.#running = true;
      const step = () => {
        this.#place();
        this.#running = this.#drawn.size > 0;
        if (this.#running) {
          requestAnimationFrame(step);
        }
      };
      requestAnimationFrame(step);
    }
  }

  #place(): void {
    const now = performance.now();
    for (const [key, { placed, element, until }] of this.#drawn) {
      const rect = placed.target.isConnected ? this.rectOf(placed.target) : null;
      if (now > until) {
        this.remove(key);
      } else if (rect === null) {
        element.style.display = "none";
      } else {
        element.style.display = "";
        place(placed, element, rect);
      }
    }
  }
}

function place(placed: Placed, element: HTMLElement | SVGElement, rect: DOMRect): void {
  if (placed.kind === "draw") {
    const points = placed.points.map(([x, y]) => `${rect.left + x * rect.width},${rect.top + y * rect.height}`);
    element.firstElementChild?.setAttribute("points", points.join(" "));
  } else if (placed.kind === "cursor") {
    const [x, y] = [rect.left + placed.fx * rect.width, rect.top + placed.fy * rect.height];
    element.style.transform = `translate(${x}px,${y}px)`;
  } else {
    element.style.transform = `translate(${rect.left}px,${rect.top}px)`;
    element.style.width = `${rect.width}px`;
    element.style.height = `${rect.height}px`;
  }
}

export const MARK_STYLES = `
.marks{position:fixed;inset:0;overflow:hidden;pointer-events:none}
.cursor,.highlight,.please_click{position:absolute;left:0;top:0;box-sizing:border-box}
.cursor::before{content:"";position:absolute;width:14px;height:14px;margin:-7px;border-radius:50%;
  background:#2457d6;border:2px solid #fff;box-shadow:0 0 3px #0008}
.cursor span{position:absolute;left:12px;top:8px;padding:1px 6px;border-radius:6px;background:#2457d6;color:#fff;
  font:600 12px/1.5 system-ui,sans-serif;white-space:nowrap}
.highlight,.please_click{border:3px solid #e08600;border-radius:6px;box-shadow:0 0 0 3px #fff9}
.please_click span{position:absolute;left:0;top:100%;margin-top:6px;padding:3px 8px;border-radius:6px;
  background:#e08600;color:#000;font:600 13px/1.5 system-ui,sans-serif;white-space:nowrap}
.draw{position:absolute;inset:0;width:100%;height:100%}
.draw polyline{fill:none;stroke:#e08600;stroke-width:4;stroke-linecap:round;stroke-linejoin:round}
.draw.customer polyline{stroke:#2457d6}
`;
