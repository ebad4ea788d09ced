import { describe, expect, it, vi } from "vitest";

import { createApi } from "./http";
import { Refused } from "./refusal";

function answering(status: number, body?: unknown) {
  const text = body === undefined ? null : JSON.stringify(body);
  return vi.fn<typeof fetch>(() => Promise.resolve(new Response(text, { status })));
}

async function refusalOf(work: Promise<unknown>): Promise<Refused> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refused);
  return error as Refused;
}

describe("a call of the server", () => {
  it("carries the page's token and its body", async () => {
    const send = answering(204);
    await createApi("token", vi.fn(), send).digits("c/1", { digits: "5" });
    const [path, options] = send.mock.calls[0] ?? [];
    expect(path).toBe("/api/contacts/c%2F1/digits");
    expect(options).toMatchObject({ method: "POST", body: '{"digits":"5"}', headers: { "X-CSRFToken": "token" } });
  });

  it("that is refused says why", async () => {
    const send = answering(409, { id: "pbx.wrong_state", params: { state: "held" } });
    const refused = await refusalOf(createApi("t", vi.fn(), send).hold("c1"));
    expect([refused.id, refused.params]).toEqual(["pbx.wrong_state", { state: "held" }]);
  });

  it("that fails without a reason is an error of the server", async () => {
    expect((await refusalOf(createApi("t", vi.fn(), answering(502)).hold("c1"))).id).toBe("server.error");
  });

  it("that does not arrive says so", async () => {
    const send = vi.fn<typeof fetch>(() => Promise.reject(new TypeError("network")));
    expect((await refusalOf(createApi("t", vi.fn(), send).hold("c1"))).id).toBe("server.unreachable");
  });

  it("without a session leads to the sign-in page", async () => {
    const leave = vi.fn();
    await refusalOf(createApi("t", leave, answering(401, { id: "session.ended", params: {} })).directory());
    expect(leave).toHaveBeenCalledOnce();
  });
});
