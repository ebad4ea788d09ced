import { describe, expect, it } from "vitest";

import { oneTab, type Locks } from "./lock";

interface Waiting {
  readonly grant: () => void;
  readonly signal: AbortSignal | undefined;
}

/** Web Locks for one name, as far as they are used: first come first served, `ifAvailable`, `steal` and `signal`. */
class FakeLocks {
  #held: { readonly lose: () => void } | null = null;
  readonly #waiting: Waiting[] = [];

  readonly request = ((_name: string, options: LockOptions, callback: (lock: Lock | null) => unknown) =>
    new Promise((resolve, reject) => {
      const grant = () => {
        const held = { lose: () => reject(new DOMException("stolen", "AbortError")) };
        this.#held = held;
        void Promise.resolve(callback({ name: _name, mode: "exclusive" })).then((value) => {
          if (this.#held === held) this.#free();
          resolve(value);
        });
      };
      if (options.steal === true) {
        this.#held?.lose();
        grant();
      } else if (this.#held === null) grant();
      else if (options.ifAvailable === true) resolve(callback(null));
      else this.#wait({ grant, signal: options.signal }, reject);
    })) as unknown as Locks["request"];

  #wait(one: Waiting, reject: (error: unknown) => void): void {
    this.#waiting.push(one);
    one.signal?.addEventListener("abort", () => {
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      reject(new DOMException("given up", "AbortError"));
    });
  }

  #free(): void {
    this.#held = null;
    this.#waiting.shift()?.grant();
  }
}

function tabs(...names: string[]) {
  const locks = new FakeLocks();
  const seen: string[] = [];
  const open = (name: string) =>
    oneTab("phone", { mine: () => seen.push(`${name} has it`), others: () => seen.push(`${name} waits`) }, locks);
  return { seen, open, all: names.map(open) };
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe("the telephone", () => {
  it("is in the first tab; a second one waits", async () => {
    const { seen } = tabs("first", "second");
    await settled();
    expect(seen).toEqual(["first has it", "second waits"]);
  });

  it("comes to the second tab when the first is gone", async () => {
    const { seen, all } = tabs("first", "second");
    await settled();
    all[0]?.stop();
    await settled();
    expect(seen).toEqual(["first has it", "second waits", "second has it"]);
  });

  it("is taken by the second tab when somebody says so, and the first waits in its turn", async () => {
    const { seen, all } = tabs("first", "second");
    await settled();
    all[1]?.take();
    await settled();
    expect(seen).toEqual(["first has it", "second waits", "second has it", "first waits"]);
    all[1]?.stop();
    await settled();
    expect(seen.at(-1)).toBe("first has it");
  });

  it("stays where it is when the tab that has it asks again", async () => {
    const { seen, all } = tabs("first");
    await settled();
    all[0]?.take();
    await settled();
    expect(seen).toEqual(["first has it"]);
  });

  it("is nobody's after everybody has stopped", async () => {
    const { seen, all } = tabs("first", "second");
    await settled();
    all[1]?.stop();
    all[0]?.stop();
    await settled();
    expect(seen).toEqual(["first has it", "second waits"]);
  });
});
