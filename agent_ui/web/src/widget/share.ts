import { isUnderWay } from "../cobrowse/capture/memory";
import type { Shared, startSharing } from "../cobrowse/capture/start";

/** The part that is loaded when the page is to be shared. */
export interface ShareChunk {
  readonly startSharing: typeof startSharing;
}

export interface ShareOptions {
  readonly base: string;
  readonly language: string;
  readonly load: () => Promise<ShareChunk>;
  readonly token: () => Promise<string>;
  /** It has changed whether the page is shown. */
  readonly changed: () => void;
  /** What the customer offered came to nothing. */
  readonly failed: () => void;
}

/** Shares the page with an agent: one who asks, or by the customer's own wish. Goes on after a page load by itself. */
export function createShare({ base, language, load, token, changed, failed }: ShareOptions) {
  let page: Shared | null = null;
  let shown = false;
  let loading = false;
  let offered = false;

  async function begin(offer: boolean): Promise<void> {
    if (page !== null || loading) return;
    loading = true;
    const url = new URL("cobrowse", base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    try {
      const chunk = await load();
      page = chunk.startSharing({ url: url.href, token, language, offer, shown: stands, over });
    } finally {
      loading = false;
    }
  }

  function stands(now: boolean): void {
    if (now) offered = false;
    if (now === shown) return;
    shown = now;
    changed();
  }

  function over(): void {
    page = null;
    stands(false);
    if (offered) gaveUp();
  }

  function gaveUp(): void {
    offered = false;
    failed();
  }

  return {
    start: () => void begin(false).catch(() => undefined),
    /** The customer wants to share, without having been asked. */
    offer: () => {
      offered = true;
      if (page) page.offer();
      else void begin(true).catch(gaveUp);
    },
    isShown: () => shown,
    resume: () => {
      if (isUnderWay()) void begin(false).catch(() => undefined);
    },
    leave: () => {
      page?.leave();
      page = null;
    },
  };
}
