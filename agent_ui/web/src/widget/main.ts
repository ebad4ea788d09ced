import { readTag } from "./script";
import { startWidget } from "./widget";

const IDLE_WITHIN_MS = 2000;

/** The page comes first: the widget starts when the browser has nothing else to do, but at once to take a call back. */
function begin(): void {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  const tag = readTag(script, document.documentElement.lang || navigator.language);
  if (!tag) return;
  const start = () => {
    // Without a session there is no widget, and the page goes on without a word.
    void startWidget(tag).catch(() => undefined);
  };
  if (hasCall()) whenThereIsABody(start);
  else whenIdle(() => whenThereIsABody(start));
}

function hasCall(): boolean {
  try {
    return sessionStorage.getItem("comptoir")?.includes('"call":{') ?? false;
  } catch {
    return false;
  }
}

function whenIdle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: IDLE_WITHIN_MS });
  else setTimeout(work, 1);
}

function whenThereIsABody(work: () => void): void {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", work, { once: true });
  else work();
}

begin();
