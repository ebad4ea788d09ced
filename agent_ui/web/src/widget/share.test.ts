import { describe, expect, it, vi } from "vitest";

import { createShare, type ShareChunk } from "./share";

function scene() {
  const left = vi.fn();
  const startSharing = vi.fn<ShareChunk["startSharing"]>(() => left);
  const load = vi.fn(() => Promise.resolve({ startSharing }));
  const options = { base: "https://desk.example/widget/v1/", language: "fr", load, token: () => Promise.resolve("t") };
  return { left, startSharing, load, share: createShare(options) };
}

describe("sharing the page", () => {
  it("loads its part once, and connects to the pages' server", async () => {
    const { share, load, startSharing } = scene();
    share.start();
    share.start();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    expect(load).toHaveBeenCalledOnce();
    expect(startSharing.mock.calls[0]?.[0]).toMatchObject({
      url: "wss://desk.example/widget/v1/cobrowse",
      language: "fr",
      offer: false,
    });
  });

  it("can be begun again after it is over, and is left with the page", async () => {
    const { share, startSharing, left } = scene();
    share.start();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    startSharing.mock.calls[0]?.[0].over("stopped");
    share.offer();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledTimes(2));
    expect(startSharing.mock.calls[1]?.[0].offer).toBe(true);
    share.leave();
    expect(left).toHaveBeenCalledOnce();
  });
});
