import { describe, expect, it, vi } from "vitest";

import { createShare, type ShareChunk } from "./share";

function scene(load?: () => Promise<ShareChunk>) {
  const page = { offer: vi.fn(), leave: vi.fn() };
  const startSharing = vi.fn<ShareChunk["startSharing"]>(() => page);
  const [changed, failed] = [vi.fn(), vi.fn()];
  const loads = vi.fn(load ?? (() => Promise.resolve({ startSharing })));
  const options = { base: "https://desk.example/widget/v1/", language: "fr", token: () => Promise.resolve("t") };
  const share = createShare({ ...options, load: loads, changed, failed });
  const told = () => {
    const sharing = startSharing.mock.calls.at(-1)?.[0];
    if (!sharing) throw new Error("nothing is shared");
    return sharing;
  };
  return { page, startSharing, loads, share, changed, failed, told };
}

describe("sharing the page", () => {
  it("loads its part once, and connects to the pages' server", async () => {
    const { share, loads, startSharing, told } = scene();
    share.start();
    share.start();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    expect(loads).toHaveBeenCalledOnce();
    expect(told()).toMatchObject({ url: "wss://desk.example/widget/v1/cobrowse", language: "fr", offer: false });
  });

  it("can be begun again after it is over, and is left with the page", async () => {
    const { share, startSharing, page, told } = scene();
    share.start();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    told().over("stopped");
    share.offer();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledTimes(2));
    expect(told().offer).toBe(true);
    share.leave();
    expect(page.leave).toHaveBeenCalledOnce();
  });

  it("offers what was refused before over the connection that there is", async () => {
    const { share, startSharing, page } = scene();
    share.start();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    share.offer();
    expect(page.offer).toHaveBeenCalledOnce();
    expect(startSharing).toHaveBeenCalledOnce();
  });

  it("says when the page begins to be shown and when no longer", async () => {
    const { share, startSharing, changed, failed, told } = scene();
    share.offer();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    told().shown?.(true);
    told().shown?.(true);
    expect([changed.mock.calls.length, share.isShown()]).toEqual([1, true]);
    told().over("stopped");
    expect([changed.mock.calls.length, share.isShown()]).toEqual([2, false]);
    expect(failed).not.toHaveBeenCalled();
  });

  it("says when an offer comes to nothing: nobody is there, or its part cannot be loaded", async () => {
    const { share, startSharing, failed, told } = scene();
    share.offer();
    await vi.waitFor(() => expect(startSharing).toHaveBeenCalledOnce());
    told().over("none");
    expect(failed).toHaveBeenCalledOnce();
    const away = scene(() => Promise.reject(new Error("away")));
    away.share.offer();
    await vi.waitFor(() => expect(away.failed).toHaveBeenCalledOnce());
  });
});
