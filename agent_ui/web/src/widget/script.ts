/** What the script tag says. */
export interface Tag {
  readonly site: string;
  readonly language: string;
  readonly customer: string | null;
  readonly proof: string;
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
  const { site, language, customer, customerProof, step, position, theme } = script.dataset;
  if (!site) return null;
  return {
    site,
    language: language ?? pageLanguage,
    customer: customer ?? null,
    proof: customerProof ?? "",
    step: step ?? null,
    position: position === "start" ? "start" : "end",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    base: new URL(".", script.src).href,
    nonce: script.nonce,
  };
}
