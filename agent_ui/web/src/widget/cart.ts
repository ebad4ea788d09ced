/** A cart as a shop's page publishes it: `comptoir("cart", cart)`. */
export interface ShopCart {
  readonly currency: string;
  readonly lines?: readonly {
    readonly name: string;
    readonly sku?: string;
    readonly quantity: number;
    /** In the currency's minor unit: cents. */
    readonly unitPrice: number;
  }[];
  /** Of the built-in shop only: the cart's id, and the shop's proof of it. */
  readonly id?: string;
  readonly proof?: string;
}

const LONGEST_NAME = 200;
const LONGEST_SKU = 64;
const MOST_LINES = 100;

/** The message of a cart; null when it is none that can be told. What is too long is cut, not refused. */
export function cartMessage(cart: unknown): object | null {
  if (typeof cart !== "object" || cart === null) return null;
  const { currency, lines = [], id, proof } = cart as Partial<ShopCart>;
  if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency) || !Array.isArray(lines)) return null;
  const told = (lines as NonNullable<ShopCart["lines"]>).slice(0, MOST_LINES).map(lineOf);
  if (told.some((line) => line === null)) return null;
  return { type: "cart", currency, lines: told, ...(id ? { id, proof: proof ?? "" } : {}) };
}

function lineOf(line: NonNullable<ShopCart["lines"]>[number]): object | null {
  const { name, sku = "", quantity, unitPrice } = line;
  const whole = Number.isSafeInteger(quantity) && quantity >= 1 && Number.isSafeInteger(unitPrice) && unitPrice >= 0;
  if (typeof name !== "string" || typeof sku !== "string" || !whole) return null;
  return {
    name: name.slice(0, LONGEST_NAME),
    sku: sku.slice(0, LONGEST_SKU),
    quantity,
    unit_price: unitPrice,
  };
}
