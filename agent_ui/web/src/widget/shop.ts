import type { Customer } from "./api";
import { cartMessage } from "./cart";

/** What a shop's page can say: `comptoir("cart", {...})`, see docs/widget.md. */
export interface Commands {
  readonly cart: (message: object) => void;
  readonly customer: (customer: Customer | null) => void;
  readonly page: (step: string | null) => void;
  readonly open: () => void;
  readonly close: () => void;
  readonly call: () => void;
}

type Said = readonly unknown[];
type Comptoir = ((...said: Said) => void) & { q?: ArrayLike<unknown>[] };

/** Takes what the page said before the widget was there, and everything after. The only global there is. */
export function listenToShop(commands: Commands): void {
  const page = window as { comptoir?: Comptoir };
  const before = page.comptoir?.q ?? [];
  page.comptoir = (...said) => carryOut(commands, said);
  for (const said of before) carryOut(commands, Array.from(said));
  for (const cart of document.querySelectorAll<HTMLScriptElement>('script[type="application/json"][data-comptoir="cart"]'))
    carryOut(commands, ["cart", parsed(cart.text)]);
}

function carryOut(commands: Commands, [verb, what, proof]: Said): void {
  switch (verb) {
    case "cart": {
      const message = cartMessage(what);
      if (message) commands.cart(message);
      return;
    }
    case "customer":
      commands.customer(customerOf(what, proof));
      return;
    case "page":
      commands.page(stepOf(what));
      return;
    case "open":
    case "close":
    case "call":
      commands[verb]();
  }
}

function customerOf(id: unknown, proof: unknown): Customer | null {
  return typeof id === "string" && id ? { id, proof: typeof proof === "string" ? proof : "" } : null;
}

function stepOf(what: unknown): string | null {
  const step = typeof what === "object" && what !== null ? (what as { step?: unknown }).step : null;
  return typeof step === "string" ? step : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tells the shop's page something; it listens with `document.addEventListener("comptoir:cart", ...)`. */
export function tellShop(name: "cart" | "order" | "call", detail: object): void {
  document.dispatchEvent(new CustomEvent(`comptoir:${name}`, { detail }));
}
