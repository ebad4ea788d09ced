/** What the script tag says. */
export interface Tag {
  readonly site: string;
  readonly language: string;
  readonly customer: string | null;
  readonly proof: string;
  /** The cart of the built-in shop, with the shop's proof of it. */
  readonly cart: { readonly id: string; readonly proof: string } | null;
  readonly step: string | null;
  readonly position: "start" | "end";
  readonly theme: "auto" | "light" | "dark";
  /** Where the widget's files and its API are: ends with a slash. */
  readonly base: string;
  /** The tag's nonce, for what it loads under a policy with nonces. */
  readonly nonce: string;
}

/** Reads the tag; null when there is no site to speak for. */
export function readTag(script: HTMLScriptElement, pageLanguage: string): Tag | null {
  const { site, language, customer, customerProof, cart, cartProof, step, position, theme } = script.dataset;
  if (!site) return null;
  return {
    site,
    language: language ?? pageLanguage,
    customer: customer ?? null,
    proof: customerProof ?? "",
    cart: cart ? { id: cart, proof: cartProof ?? "" } : null,
    step: step ?? null,
    position: position === "start" ? "start" : "end",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    base: new URL(".", script.src).href,
    nonce: script.nonce,
  };
}
