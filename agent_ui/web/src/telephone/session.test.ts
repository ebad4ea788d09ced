import type { RTCSession } from "jssip/lib/RTCSession";
import { expect, it } from "vitest";

import { keepWhenBroken } from "./session";

function sessionThatIs(taken: boolean) {
  const ended: unknown[] = [];
  const session = { terminate: (options?: unknown) => ended.push(options) } as unknown as RTCSession;
  keepWhenBroken(session, () => taken);
  return { session, ended };
}

it("goes on when its audio is lost and it can be taken back", () => {
  const { session, ended } = sessionThatIs(true);
  session.terminate({ cause: "RTP Timeout", status_code: 408 });
  expect(ended).toEqual([]);
});

it("ends when its audio is lost and nothing can be taken back", () => {
  const { session, ended } = sessionThatIs(false);
  session.terminate({ cause: "RTP Timeout", status_code: 408 });
  expect(ended).toEqual([{ cause: "RTP Timeout", status_code: 408 }]);
});

it("ends when somebody hangs up", () => {
  const { session, ended } = sessionThatIs(true);
  session.terminate();
  session.terminate({ status_code: 603 });
  expect(ended).toEqual([undefined, { status_code: 603 }]);
});
