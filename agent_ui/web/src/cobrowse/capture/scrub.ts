// Goes over every event before it leaves the page. What the recorder's own options miss (hidden inputs, a cleared
// field's first value, ticks, placeholders, repeated card numbers) is masked here.

import { EVENT, type RecordedEvent, SOURCE } from "../protocol";
import type { Echoes } from "./echoes";
import {
  type Field,
  isButton,
  isField,
  isFieldOfAFrame,
  isSensitive,
  isShared,
  isToggle,
  keepPrivate,
  MASK,
  type MaskPolicy,
} from "./sensitive";

type Attributes = Record<string, unknown>;

interface Serialized {
  id: number;
  type: number;
  tagName?: string;
  attributes?: Attributes;
  childNodes?: Serialized[];
  textContent?: string;
}

interface Mutation {
  adds: { node: Serialized }[];
  attributes: { id: number; attributes: Attributes }[];
  texts: { id: number; value: string | null }[];
}

interface Input {
  source: number;
  id: number;
  text: string;
  isChecked: boolean;
}

const STYLES = new Set<number>([SOURCE.RULE, SOURCE.DECLARATION, SOURCE.ADOPTED]);
/** Attributes in which a mask in place of the whole would do harm. */
const UNREAD = new Set(["style", "class", "d", "points", "viewBox", "transform", "_cssText", "rr_width", "rr_height"]);

export class Scrub {
  /** Lists and fields that were met and whose value the recorder's nodes do not tell. */
  readonly #met: Field[] = [];

  constructor(
    private readonly node: (id: number) => Node | null,
    private readonly policy: MaskPolicy,
    private readonly echoes: Echoes,
  ) {}

  /** Masks an event in place; gives it with what has to follow it. */
  event(event: RecordedEvent, idOf: (node: Node) => number): RecordedEvent[] {
    this.echoes.note();
    if (event.type === EVENT.FULL) {
      this.#tree((event.data as { node: Serialized }).node, null);
    } else if (event.type === EVENT.INCREMENTAL) {
      this.#incremental(event.data as { source: number });
    } else if (event.type === EVENT.META) {
      const data = event.data as { href: string };
      data.href = this.#address(data.href.replace(/[?#].*$/s, ""));
    }
    return [event, ...this.#chosen(event.timestamp, idOf)];
  }

  #incremental(data: { source: number }): void {
    if (data.source === SOURCE.MUTATION) {
      this.#mutation(data as unknown as Mutation);
    } else if (data.source === SOURCE.INPUT) {
      this.#input(data as Input);
    } else if (STYLES.has(data.source)) {
      this.#cover(data);
    }
  }

  /** Where the page is; a part of the address that repeats a secret takes the rest with it. */
  #address(href: string): string {
    return this.echoes.has(href) ? new URL("/", href).href : href;
  }

  /** Masks what repeats a secret in all texts of a style. */
  #cover(style: object): void {
    for (const [name, value] of Object.entries(style)) {
      if (typeof value === "string") {
        (style as Record<string, unknown>)[name] = this.echoes.covered(value, MASK);
      } else if (typeof value === "object" && value !== null) {
        this.#cover(value as object);
      }
    }
  }

  #mutation(mutation: Mutation): void {
    for (const added of mutation.adds) {
      this.#tree(added.node, this.node(added.node.id)?.parentNode ?? null);
    }
    for (const change of mutation.attributes) {
      const element = this.node(change.id);
      if (element instanceof Element) {
        this.#attributes(element, element.localName, change.attributes);
      }
    }
    for (const change of mutation.texts) {
      change.value = this.#text(change.value ?? "", this.node(change.id)?.parentNode ?? null);
    }
  }

  #input(data: Input): void {
    const field = this.node(data.id);
    const shared = isField(field) && isShared(field, this.policy);
    if (isField(field) && isToggle(field)) {
      data.text = "";
      data.isChecked = shared && data.isChecked;
    } else if (!shared || this.echoes.has(data.text)) {
      data.text = data.text === "" ? "" : MASK;
    }
  }

  #tree(top: Serialized, above: Node | null): void {
    const stack: [Serialized, Node | null][] = [[top, above]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [one, parent] = next;
      const node = this.node(one.id);
      if (isFieldOfAFrame(node)) {
        keepPrivate(node);
      }
      if (one.attributes && one.tagName) {
        this.#attributes(node instanceof Element ? node : null, one.tagName, one.attributes);
      } else if (one.type === 3 && one.textContent) {
        one.textContent = this.#text(one.textContent, parent ?? node?.parentNode ?? null);
      } else if (one.type === 5) {
        one.textContent = "";
      }
      for (const child of one.childNodes ?? []) {
        stack.push([child, node]);
      }
    }
  }

  #attributes(element: Element | null, tag: string, attributes: Attributes): void {
    if (tag === "option") {
      delete attributes.selected;
    } else if (isField(element) ? !isButton(element) : ["input", "textarea", "select"].includes(tag)) {
      this.#field(element as Field | null, attributes);
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "object" && value !== null) {
        this.#cover(value);
      } else if (typeof value === "string" && UNREAD.has(name)) {
        attributes[name] = this.echoes.covered(value, MASK);
      } else if (typeof value === "string" && this.echoes.has(value)) {
        attributes[name] = MASK;
      }
    }
  }

  #field(field: Field | null, attributes: Attributes): void {
    const shared = field !== null && isShared(field, this.policy);
    const sensitive = field === null || isSensitive(field);
    if (field !== null && isToggle(field)) {
      delete attributes.value;
      if (!shared) {
        delete attributes.checked;
      }
    } else if (!shared && attributes.value) {
      attributes.value = MASK;
    }
    if (sensitive && typeof attributes.placeholder === "string") {
      attributes.placeholder = MASK;
    }
    if (field !== null && shared) {
      this.#met.push(field);
    }
  }

  #text(text: string, parent: Node | null): string {
    const hidden = isField(parent) && parent.localName === "textarea" && !isShared(parent, this.policy);
    const style = parent instanceof Element && parent.localName === "style";
    if (style) {
      return this.echoes.covered(text, MASK);
    }
    if (hidden || this.echoes.has(text)) {
      return text.trim() === "" ? "" : MASK;
    }
    return text;
  }

  /** The recorder never tells what is chosen in a list while lists are masked: shared ones are told as inputs. */
  #chosen(timestamp: number, idOf: (node: Node) => number): RecordedEvent[] {
    const told: RecordedEvent[] = [];
    for (const field of this.#met.splice(0)) {
      const id = idOf(field);
      if (id > 0 && field.localName === "select" && !this.echoes.has(field.value)) {
        const data = { source: SOURCE.INPUT, id, text: field.value, isChecked: false };
        told.push({ type: EVENT.INCREMENTAL, data, timestamp });
      }
    }
    return told;
  }
}
