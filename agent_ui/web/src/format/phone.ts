/** Groups the digits of an E.164 number so that it can be read: +33 612 345 678. */
export function phone(number: string): string {
  const digits = number.replace(/\s/g, "");
  if (!/^\+\d{6,15}$/.test(digits)) return number;
  const country = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/.exec(digits)?.[0] ?? "+";
  return `${country} ${grouped(digits.slice(country.length))}`;
}

/** Groups of three, the last ones of two or four rather than one alone. */
function grouped(digits: string): string {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > 4) {
    groups.push(rest.slice(0, 3));
    rest = rest.slice(3);
  }
  return [...groups, rest].filter(Boolean).join(" ");
}
