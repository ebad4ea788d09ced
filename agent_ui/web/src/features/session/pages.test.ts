import { expect, it } from "vitest";

import { initials } from "./initials";
import { pageOf } from "./pages";

it("shows the page in the address, if it is allowed", () => {
  expect(pageOf("/users", ["wallboard", "users"])).toBe("users");
  expect(pageOf("/users", ["desk"])).toBe("desk");
  expect(pageOf("/", ["wallboard", "users"])).toBe("wallboard");
});

it.each([
  ["Olivia Hartwell", "OH"],
  ["Maria do Carmo Nogueira", "MN"],
  ["alice", "A"],
  ["  ", ""],
])("abbreviates %j to %j", (name, short) => {
  expect(initials(name)).toBe(short);
});
