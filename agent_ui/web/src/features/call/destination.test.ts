import { describe, expect, it } from "vitest";

import type { DirectoryEntry } from "../../contract/contract";
import { matching, numberDestination } from "./destination";

function entry(target: string, label: string, available = true): DirectoryEntry {
  return { target, kind: target.startsWith("queue") ? "queue" : "agent", label, available };
}

const ENTRIES = [
  entry("agent:alice", "Alice"),
  entry("agent:carla", "Carla", false),
  entry("agent:benoit", "Benoît"),
  entry("queue:sales", "Sales"),
];

describe("a written number", () => {
  it.each([
    ["+351 912 345 678", "number:+351912345678"],
    ["(020) 7946-0001", "number:02079460001"],
    ["4001", "number:4001"],
  ])("%s can be called", (written, target) => {
    expect(numberDestination(written)?.target).toBe(target);
  });

  it.each(["", "7", "Benoît", "12a4", "+", "sip:x@y"])("%j cannot", (written) => {
    expect(numberDestination(written)).toBeNull();
  });
});

describe("the directory", () => {
  it("leaves oneself out and puts those who are available first", () => {
    expect(matching(ENTRIES, "", "alice", true).map((one) => one.label)).toEqual(["Benoît", "Sales", "Carla"]);
  });

  it("finds by a part of the name, in any case", () => {
    expect(matching(ENTRIES, " CAR ", null, true).map((one) => one.label)).toEqual(["Carla"]);
  });

  it("has no queues where only people can be called", () => {
    expect(matching(ENTRIES, "", null, false).map((one) => one.label)).toEqual(["Alice", "Benoît", "Carla"]);
  });
});
