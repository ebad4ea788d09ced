import { isUnderWay } from "../cobrowse/capture/memory";
import type { startSharing } from "../cobrowse/capture/start";

/** The part that is loaded when the page is to be shared. */
export interface ShareChunk {
  readonly startSharing: typeof startSharing;
}

export interface ShareOptions {
  readonly base: string;
  readonly language: string;
  readonly load: () => Promise<ShareChunk>;
  readonly token: () => Promise<string>;
}

/** Shares the page with an agent who asks; the customer is asked first. Goes on after a page load by itself. */
export function createShare({ base, language, load, token }: ShareOptions) {
  let leave: (() => void) | null = null;
  let loading = false;

  async function begin(offer: boolean): Promise<void> {
    if (leave !== null || loading) return;
    loading = true;
    const url = new URL("cobrowse", base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    try {
      const chunk = await load();
      const over = () => {
        leave = null;
      };
      leave = chunk.startSharing({ url: url.href, token, language, offer, over });
    } finally {
      loading = false;
    }
  }

  const quietly = (offer: boolean) => void begin(offer).catch(() => undefined);
  return {
    start: () => quietly(false),
    /** The customer wants to share, without having been asked. */
    offer: () => quietly(true),
    resume: () => {
      if (isUnderWay()) quietly(false);
    },
    leave: () => {
      leave?.();
      leave = null;
    },
  };
}
