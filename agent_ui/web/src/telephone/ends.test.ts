import { expect, it } from "vitest";

import { endOf, type Ending } from "./ends";

const OUT: Ending = { direction: "out", answered: false, by: "remote", status: null };
const IN: Ending = { direction: "in", answered: false, by: "remote", status: null };

it.each([
  ["they hung up", { ...OUT, answered: true }, "there"],
  ["we hung up", { ...OUT, answered: true, by: "local" }, "here"],
  ["we declined", { ...IN, by: "local" }, "here"],
  ["the caller gave up, or another phone answered", IN, "canceled"],
  ["they are busy", { ...OUT, status: 486 }, "busy"],
  ["there is nothing to take back", { ...OUT, status: 404 }, "not_found"],
  ["a guest may not call this", { ...OUT, status: 403 }, "forbidden"],
  ["the token has expired", { ...OUT, status: 401 }, "forbidden"],
  ["nobody answered", { ...OUT, status: 408 }, "no_answer"],
  ["the system is overloaded", { ...OUT, status: 503 }, "failed"],
  ["their answer has no way for the audio", { ...OUT, status: 200 }, "blocked"],
  ["the connection broke", { ...OUT, by: "system" }, "failed"],
] as const)("%s", (_, ending, end) => {
  expect(endOf(ending)).toBe(end);
});
