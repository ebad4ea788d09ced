import { describe, expect, it } from "vitest";

import { SHORTCUTS, commandOf, keyOf, type Pressed } from "./shortcuts";

function pressed(key: string, part: Partial<Pressed> = {}): Pressed {
  return { key, ctrlKey: false, metaKey: false, altKey: false, repeat: false, typing: false, ...part };
}

describe("a shortcut", () => {
  it("is found by its key, in either case", () => {
    expect(commandOf(pressed("a"))).toBe("accept");
    expect(commandOf(pressed("A"))).toBe("accept");
    expect(commandOf(pressed("?"))).toBe("help");
    expect(commandOf(pressed("q"))).toBeUndefined();
  });

  it.each(["ctrlKey", "metaKey", "altKey", "repeat", "typing"] as const)("does nothing with %s", (what) => {
    expect(commandOf(pressed("a", { [what]: true }))).toBeUndefined();
  });

  it("has a key of its own", () => {
    expect(new Set(SHORTCUTS.map((one) => one.key)).size).toBe(SHORTCUTS.length);
    for (const { command, key } of SHORTCUTS) expect(keyOf(command)).toBe(key);
  });
});
