// The customer's pen: lines over the page, each anchored to the smallest element that holds all of it.

import type { Point } from "../protocol";

export interface Line {
  target: Element;
  /** Where in the target's rectangle, 0 to 1. */
  points: Point[];
}

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
    const target = points.length > 1 ? anchorOf(points, this.sheet, this.known) : null;
    if (target) {
      this.drawn({ target, points: partsOf(points, target.getBoundingClientRect()) });
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

/** From what lies under the line's beginning upwards: the first that is known to the mirror and holds the line. */
function anchorOf(points: Point[], sheet: Element, known: (element: Element) => boolean): Element | null {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  const own = (sheet.getRootNode() as ShadowRoot).host;
  const [x, y] = points[0] ?? [0, 0];
  for (let one = deepest(document, x, y, own); one; one = above(one)) {
    const rect = one.getBoundingClientRect();
    const holds =
      rect.left <= box.left && rect.right >= box.right && rect.top <= box.top && rect.bottom >= box.bottom;
    if (known(one) && rect.width > 0 && rect.height > 0 && (holds || one === document.documentElement)) {
      return one;
    }
  }
  return null;
}

function deepest(root: Document | ShadowRoot, x: number, y: number, own: Element): Element | null {
  const found = root.elementsFromPoint(x, y).find((one) => one !== own) ?? null;
  const inner = found?.shadowRoot ? deepest(found.shadowRoot, x, y, own) : null;
  return inner ?? found;
}

function above(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

function partsOf(points: Point[], rect: DOMRect): Point[] {
  const part = (value: number) => Math.round(value * 10_000) / 10_000;
  return points.map(([x, y]) => [part((x - rect.left) / rect.width), part((y - rect.top) / rect.height)]);
}
