export type Child = Node | string | null | false | undefined;
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** An element. An attribute that is true is there, one that is false or null is not; `onclick` and the like listen. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  element.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return element;
}

/** Sets, changes or removes an attribute. */
export function set(element: HTMLElement, key: string, value: Attribute): void {
  if (typeof value === "function") element.addEventListener(key.slice(2), value);
  else if (value === false || value === null || value === undefined) element.removeAttribute(key);
  else element.setAttribute(key, value === true ? "" : String(value));
}

const SVG = "http://www.w3.org/2000/svg";

/** A picture of lines; it says nothing to a screen reader. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  talk: "M4 12a8 8 0 1 1 3.4 6.5L4 20l1-3.6A8 8 0 0 1 4 12M9 11h.01M12 11h.01M15 11h.01",
  phone:
    "M6.6 3.5 9 3l1.6 4.2-2 1.5a12 12 0 0 0 6.2 6.2l1.5-2L20.5 14.500l-.5 2.400c-.3 1.500-1.600 2.500-3.100 2.300C9.900 18.500 5.300 13.900 4.400 6.900c-.2-1.600.7-3.100 2.200-3.400",
  back: "M3 12a9 9 0 1 0 3-6.700M3 4v5h5",
  code: "M5 9h14M5 15h14M10 4 8 20M16 4l-2 16",
  eye: "M3 12s3.300-6 9-6 9 6 9 6-3.300 6-9 6-9-6-9-6M12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5",
  close: "M6 6l12 12M18 6 6 18",
  arrow: "M15 6l-6 6 6 6",
  down: "M6 9l6 6 6-6",
  mute: "M9 6a3 3 0 0 1 6 0v5M15 14.500A3 3 0 0 1 9 12V9M5 11a7 7 0 0 0 11 5.700M19 11a7 7 0 0 1-.5 2.600M12 18v3M4 4l16 16",
  microphone: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
  keys: "M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01",
  sound: "M4 10v4h4l5 4V6L8 10H4M16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  hangup: "M3 14c5-5.300 13-5.300 18 0l-2.200 2.600-4-1.500v-2.500a11 11 0 0 0-5.600 0v2.500l-4 1.500L3 14",
} as const;
