// The customer's pen: lines over the page, each anchored to the smallest element that holds all of it.

import { anchored, type Line } from "../anchor";
import type { Point } from "../protocol";

const NEAREST = 3;
const MOST_POINTS = 400;
const STEP = 12;
const LEAP = 48;
const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A sheet over the page that takes the mouse, the finger or the arrow keys, as long as it is there. */
export class Pen {
  readonly sheet = document.createElement("div");
  readonly #line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  readonly #tip = document.createElement("div");
  #points: Point[] | null = null;
  #at: Point = [innerWidth / 2, innerHeight / 2];

  constructor(
    name: string,
    private readonly known: (element: Element) => boolean,
    private readonly drawn: (line: Line) => void,
  ) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("class", "draw customer");
    picture.append(this.#line);
    this.#tip.className = "tip";
    this.sheet.className = "pen";
    this.sheet.tabIndex = 0;
    this.sheet.setAttribute("role", "application");
    this.sheet.setAttribute("aria-label", name);
    this.sheet.append(picture, this.#tip);
    this.sheet.addEventListener("pointerdown", (event) => this.#down(event));
    this.sheet.addEventListener("pointermove", (event) => this.#moved(event));
    this.sheet.addEventListener("pointerup", () => this.#lift());
    this.sheet.addEventListener("pointercancel", () => this.#drop());
    this.sheet.addEventListener("keydown", (event) => this.#key(event));
    this.#show();
  }

  #down(event: PointerEvent): void {
    if (event.isTrusted && event.button === 0) {
      this.sheet.setPointerCapture(event.pointerId);
      this.#tip.hidden = true;
      this.#points = [];
      this.#to([event.clientX, event.clientY]);
    }
  }

  #moved(event: PointerEvent): void {
    if (event.isTrusted && this.#points) {
      this.#to([event.clientX, event.clientY]);
    }
  }

  /** Arrows move the pen, Space puts it down and lifts it. */
  #key(event: KeyboardEvent): void {
    const way = ARROWS[event.key];
    if (!event.isTrusted || (!way && event.key !== " " && event.key !== "Enter" && event.key !== "Escape")) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.#tip.hidden = false;
    if (way) {
      const step = event.shiftKey ? LEAP : STEP;
      const inside = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
      this.#to([inside(this.#at[0] + way[0] * step, innerWidth), inside(this.#at[1] + way[1] * step, innerHeight)]);
    } else if (this.#points) {
      this.#lift();
    } else if (event.key !== "Escape") {
      this.#points = [this.#at];
    }
    this.#show();
  }

  #to(place: Point): void {
    this.#at = place;
    const last = this.#points?.at(-1);
    const far = !last || Math.hypot(place[0] - last[0], place[1] - last[1]) >= NEAREST;
    if (this.#points && far && this.#points.length < MOST_POINTS) {
      this.#points.push(place);
    }
    this.#show();
  }

  #lift(): void {
    const points = this.#points ?? [];
    this.#drop();
    const [first] = points;
    if (first && points.length > 1) {
      const own = (this.sheet.getRootNode() as ShadowRoot).host;
      const under = deepest(document, first[0], first[1], own);
      const line = anchored(points, under, (one) => one.getBoundingClientRect(), this.known);
      if (line) {
        this.drawn(line);
      }
    }
  }

  #drop(): void {
    this.#points = null;
    this.#show();
  }

  #show(): void {
    this.#line.setAttribute("points", (this.#points ?? []).map((point) => point.join(",")).join(" "));
    this.#tip.style.transform = `translate(${this.#at[0]}px,${this.#at[1]}px)`;
    this.#tip.classList.toggle("down", this.#points !== null);
  }
}

function deepest(root: Document | ShadowRoot, x: number, y: number, own: Element): Element | null {
  const found = root.elementsFromPoint(x, y).find((one) => one !== own) ?? null;
  const inner = found?.shadowRoot ? deepest(found.shadowRoot, x, y, own) : null;
  return inner ?? found;
}
