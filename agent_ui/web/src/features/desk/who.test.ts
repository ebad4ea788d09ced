import { describe, expect, it } from "vitest";

import { file, contact, agent } from "./scene";
import { otherEnd, whoIn } from "./who";

const desk = { me: agent(), names: { benoit: "Benoît Girard", alice: "Alice" } };

describe("the other end", () => {
  it.each([
    [{ direction: "inbound", caller: "+33612345678" }, "+33612345678"],
    [{ direction: "inbound", caller: null }, null],
    [{ direction: "outbound", caller: "alice", called: "+351912345678" }, "+351912345678"],
    [{ direction: "internal", caller: "alice", called: "benoit" }, "benoit"],
    [{ direction: "internal", caller: "benoit", called: "alice" }, "benoit"],
  ] as const)("of %o is %s", (part, other) => {
    expect(otherEnd(contact(part), desk.me)).toBe(other);
  });

  it("has a colleague's name, or a number that can be read", () => {
    expect(whoIn(file({ direction: "internal", caller: "alice", called: "benoit" }), desk)).toBe("Benoît Girard");
    expect(whoIn(file(), desk)).toBe("+33 612 345 678");
    expect(whoIn(file({ caller: null }), desk)).toBeNull();
  });
});
