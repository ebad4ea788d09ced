import { describe, expect, it } from "vitest";

import { textsIn } from "./texts";

describe("texts", () => {
  it("put values where they belong", () => {
    expect(textsIn("en").say("offer.announced", { who: "Olivia" })).toBe("Incoming call from Olivia");
  });

  it("leave a place without a value as it is", () => {
    expect(textsIn("en").say("offer.announced")).toBe("Incoming call from {who}");
  });

  it.each([
    ["en", 0, "0 orders"],
    ["en", 1, "1 order"],
    ["fr", 0, "0 commande"],
    ["fr", 2, "2 commandes"],
    ["pt", 1, "1 encomenda"],
  ] as const)("count in %s: %d", (language, count, said) => {
    expect(textsIn(language).count("customer.orders", count)).toBe(said);
  });

  it("know that nobody wrote a message for a key made of data", () => {
    expect(textsIn("fr").find("pbx.something_new")).toBeUndefined();
    expect(textsIn("fr").find("pbx.not_allowed")).toBe("Vous n’y êtes pas autorisé.");
  });

  it("pick a wording in the language, or else one there is", () => {
    expect(textsIn("fr").pick({ en: "Lunch", fr: "Déjeuner" })).toBe("Déjeuner");
    expect(textsIn("pt").pick({ en: "Lunch" })).toBe("Lunch");
    expect(textsIn("pt").pick({ fr: "Déjeuner" })).toBe("Déjeuner");
    expect(textsIn("pt").pick({})).toBe("");
  });
});
