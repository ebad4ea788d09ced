// Whether a text holds what looks like a payment card's number. The server looks again, and harder.

const RUNS = /(?<!\d)\d(?:[ \-\u00a0\u2009\u200b\u202f]?\d){12,}/g;

export function hasCardNumber(text: string): boolean {
  return (text.match(RUNS) ?? []).some((run) => {
    const digits = run.replace(/\D/g, "");
    return digits.length <= 19 && passes(digits);
  });
}

function passes(digits: string): boolean {
  let total = 0;
  for (let place = 0; place < digits.length; place++) {
    const value = Number(digits[digits.length - 1 - place]) * (place % 2 === 1 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}
