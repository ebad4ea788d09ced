import { beforeEach, describe, expect, it, vi } from "vitest";

import { Echoes } from "./echoes";

const fields: { value: string; files?: { name: string }[] }[] = [];
vi.mock("./sensitive", () => ({ sensitiveFields: () => fields, isField: () => false, isSensitive: () => false }));

function noted(...held: typeof fields): Echoes {
  fields.splice(0, fields.length, ...held);
  const echoes = new Echoes();
  echoes.note();
  return echoes;
}

describe("what repeats a sensitive field", () => {
  beforeEach(() => fields.splice(0));

  it("is found in texts, however they are grouped, written or put into an address", () => {
    const echoes = noted({ value: "Secret 12.34-ab" });
    for (const text of ["secret1234ab", "S e c r e t 1 2 3 4 a b", "you typed SECRET 12/34 AB!", "/x?y=Secret%2012.34-ab"]) {
      expect(echoes.has(text), text).toBe(true);
    }
    expect(echoes.has("a secret")).toBe(false);
    expect(echoes.has("100%")).toBe(false);
  });

  it("is found in groups of a number", () => {
    const echoes = noted({ value: "4929 4212 3460 0821" });
    expect(echoes.has("3460")).toBe(true);
    expect(echoes.has("3461")).toBe(false);
  });

  it("is covered in styles, and the rest of them stays", () => {
    const echoes = noted({ value: "4929 4212 3460 0821" }, { value: "#fff" });
    expect(echoes.covered('p::after { content: "4929-4212 34600821"; color: #fff }', "•")).toBe('p::after { content: "•"; color: #fff }');
  });

  it("stays found after its field was cleared", () => {
    const echoes = noted({ value: "sentinel" });
    fields.splice(0, 1, { value: "" });
    echoes.note();
    expect(echoes.has("sentinel")).toBe(true);
  });

  it("can be a file's name", () => {
    expect(noted({ value: "C:\\fakepath\\me.pdf", files: [{ name: "me.pdf" }] }).has("You chose me.pdf")).toBe(true);
  });
});
