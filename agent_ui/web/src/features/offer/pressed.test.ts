import { expect, it } from "vitest";

import { textsIn } from "../../i18n/texts";
import { wordsOf } from "./words";

const texts = textsIn("en");

it("says what a key of the shipped flow means", () => {
  expect(wordsOf({ node: "main", keys: "3", words: {} }, "shop", texts)).toBe("Help with the cart");
});

it("prefers the flow's own words", () => {
  const words = { en: "Buy a boat", fr: "Acheter un bateau" };
  expect(wordsOf({ node: "main", keys: "3", words }, "shop", textsIn("fr"))).toBe("Acheter un bateau");
});

it("knows a step whatever was pressed there", () => {
  const pressed = { node: "ask_number", keys: "2001018", words: {} };
  expect(wordsOf(pressed, "shop", texts)).toBe("Keyed in an order number");
});

it("names the step of a flow that nobody described", () => {
  expect(wordsOf({ node: "which_boat", keys: "2", words: {} }, "harbour", texts)).toBe("Step “which boat”");
});
