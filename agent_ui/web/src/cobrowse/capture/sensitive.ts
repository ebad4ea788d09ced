// Which fields may be seen. Says no at least as often as the server's twin, agent_ui/cobrowse/policy.py.

import { hasCardNumber } from "./cards";

export const MASK = "•••";

export interface MaskPolicy {
  site: string;
  version: number;
  share: string[];
  pay: string[];
}

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const TYPES = new Set(["password", "hidden", "file"]);
const AUTOCOMPLETE = new Set(["one-time-code", "current-password", "new-password"]);
const WORDS = new Set(
  (
    "card cards cardnumber cardno ccnumber ccnum cc pan cvv cvv2 cvc cvc2 csc cvn expiry expiration expires exp " +
    "expdate iban bic otp pin tan passcode password passwd pwd pass secret token carte cartao cartão validade " +
    "vencimento senha cryptogramme motdepasse securitycode ssn"
  ).split(" "),
);
const WORD = /\p{L}+\d?/gu;
const FIELDS = new Set(["input", "textarea", "select"]);
const NAMED = ["name", "id", "placeholder", "aria-label"];
const BUTTONS = new Set(["submit", "button", "reset", "image"]);

/** Fields that once were sensitive stay so, whatever the page does to them. */
const sticky = new WeakSet<Element>();
const known = new Set<Field>();

export function isField(node: unknown): node is Field {
  return node instanceof Element && FIELDS.has(node.localName);
}

export function isToggle(field: Element): field is HTMLInputElement {
  return field.localName === "input" && ["checkbox", "radio"].includes(typeOf(field));
}

export function isButton(field: Element): boolean {
  return field.localName === "input" && BUTTONS.has(typeOf(field));
}

function typeOf(field: Element): string {
  return (field.getAttribute("type") ?? "").toLowerCase();
}

/** Whether a name or label speaks of a card, a code or a password. */
export function saysSensitive(text: string): boolean {
  const spaced = text.replaceAll("_", " ").replace(/([a-z0-9])(?=[A-Z])/g, "$1 ");
  const words = (spaced.match(WORD) ?? []).map((word) => word.toLowerCase());
  return words.some((word, place) => WORDS.has(word) || WORDS.has(word + (words[place + 1] ?? "-")));
}

/** Treat a field as sensitive from now on, whatever it says of itself. */
export function keepPrivate(field: Field): void {
  sticky.add(field);
  known.add(field);
}

/** Whether it is a field of a frame: its classes are others, and all that is typed there is private. */
export function isFieldOfAFrame(node: Node | null): node is Field {
  return node?.nodeType === 1 && !(node instanceof Element) && FIELDS.has((node as Element).localName);
}

export function isSensitive(field: Field): boolean {
  if (!sticky.has(field) && looksSensitive(field)) {
    sticky.add(field);
  }
  if (sticky.has(field)) {
    known.add(field);
    return true;
  }
  return false;
}

function looksSensitive(field: Field): boolean {
  if (TYPES.has(typeOf(field)) || field.type === "password" || field.hasAttribute("data-cc-mask")) {
    return true;
  }
  const hints = (field.getAttribute("autocomplete") ?? "").toLowerCase().split(/\s+/);
  if (hints.some((hint) => hint.startsWith("cc-") || AUTOCOMPLETE.has(hint))) {
    return true;
  }
  const labels = [...(field.labels ?? [])].map((label) => label.textContent);
  const texts = [...NAMED.map((name) => field.getAttribute(name) ?? ""), ...labels];
  return texts.some(saysSensitive) || hasCardNumber(field.value);
}

export function isShared(field: Element, policy: MaskPolicy): boolean {
  const named = policy.share.some((rule) => {
    const colon = rule.indexOf(":");
    return field.getAttribute(rule.slice(0, colon)) === rule.slice(colon + 1);
  });
  return named && isField(field) && !isSensitive(field) && !field.closest("[data-cc-mask],[data-cc-block]");
}

/** The sensitive fields that are on the page now. */
export function sensitiveFields(): Field[] {
  for (const field of known) {
    if (!field.isConnected) {
      known.delete(field);
    }
  }
  return [...known];
}
