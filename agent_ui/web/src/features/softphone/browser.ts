export type Browser = "chromium" | "firefox" | "safari" | "other";

/** Which browser this is, to say where its permissions are. */
export function browserOf(userAgent: string): Browser {
  if (userAgent.includes("Firefox/")) return "firefox";
  if (/(Chrome|Chromium|Edg)\//.test(userAgent)) return "chromium";
  return userAgent.includes("Safari/") ? "safari" : "other";
}
