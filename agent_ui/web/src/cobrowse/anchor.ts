// To which element a line belongs: the smallest that holds all of it and that both sides know.

import type { RectOf } from "./marks";
import type { Point } from "./protocol";

export interface Line {
  target: Element;
  /** Where in the target's rectangle, 0 to 1. */
  points: Point[];
}

/** A line of places in the window, begun at an element; null when nothing there is known. */
export function anchored(
  places: Point[],
  first: Element | null,
  rectOf: RectOf,
  known: (element: Element) => boolean,
): Line | null {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (let one = first; one; one = above(one)) {
    const rect = rectOf(one);
    if (rect && rect.width > 0 && rect.height > 0 && known(one)) {
      const holds = rect.left <= left && rect.right >= right && rect.top <= top && rect.bottom >= bottom;
      if (holds || one === one.ownerDocument.documentElement) {
        return { target: one, points: partsOf(places, rect) };
      }
    }
  }
  return null;
}

export function partsOf(places: Point[], rect: DOMRect): Point[] {
  const part = (value: number) => Math.round(value * 10_000) / 10_000;
  return places.map(([x, y]) => [part((x - rect.left) / rect.width), part((y - rect.top) / rect.height)]);
}

/** Also out of a shadow root. The mirror's elements are of another window, whose classes are others. */
function above(element: Element): Element | null {
  return element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host ?? null;
}
