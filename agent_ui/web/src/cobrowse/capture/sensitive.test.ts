import { describe, expect, it } from "vitest";

import { hasCardNumber } from "./cards";
import { saysSensitive } from "./sensitive";

describe("names of fields", () => {
  it.each(["cardnumber", "card-number", "cc_num", "payment[pan]", "CVC2", "expiryDate", "iban", "securityCode"])(
    "%s speaks of a payment",
    (name) => {
      expect(saysSensitive(name)).toBe(true);
    },
  );

  it.each(["company", "discard", "expand", "span", "email", "postcode", "deliveryCity"])("%s does not", (name) => {
    expect(saysSensitive(name)).toBe(false);
  });
});

describe("card numbers", () => {
  it("are found however they are grouped", () => {
    expect(hasCardNumber("4111 1111 1111 1111")).toBe(true);
    expect(hasCardNumber("pay with 378282246310005 now")).toBe(true);
    expect(hasCardNumber("4111 1111 1111 1112")).toBe(false);
  });
});
