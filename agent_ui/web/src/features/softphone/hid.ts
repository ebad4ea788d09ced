/** What a headset's buttons and lights are in its reports (USB HID Usage Tables, telephony page 0x0B, LED page 0x08). */
export type Button = "hook" | "mute";
export type Light = "offHook" | "ring" | "mute";

export const TELEPHONY = 0x0b;
const BUTTONS: Readonly<Record<number, Button>> = { 0x0b0020: "hook", 0x0b002f: "mute" };
const LIGHTS: Readonly<Record<number, Light>> = { 0x080017: "offHook", 0x080018: "ring", 0x080009: "mute" };

/** One bit of a report. */
export interface Bit<N> {
  readonly name: N;
  readonly report: number;
  readonly offset: number;
}

/** The fields of a report, as WebHID describes them. */
export interface Field {
  readonly usages?: readonly number[] | undefined;
  readonly usageMinimum?: number | undefined;
  readonly reportSize?: number | undefined;
  readonly reportCount?: number | undefined;
}

export interface Report {
  readonly reportId?: number | undefined;
  readonly items?: readonly Field[] | undefined;
}

export function buttonsIn(reports: readonly Report[]): Bit<Button>[] {
  return reports.flatMap((report) => bitsIn(report, BUTTONS));
}

export function lightsIn(reports: readonly Report[]): Bit<Light>[] {
  return reports.flatMap((report) => bitsIn(report, LIGHTS));
}

export function isOn(bit: Bit<unknown>, data: DataView): boolean {
  const place = bit.offset >> 3;
  return place < data.byteLength && ((data.getUint8(place) >> (bit.offset & 7)) & 1) === 1;
}

/** The bytes of a report in which these bits are on. */
export function reportOf(bits: readonly Bit<unknown>[]): Uint8Array<ArrayBuffer> {
  const longest = Math.max(0, ...bits.map((bit) => bit.offset));
  const bytes = new Uint8Array((longest >> 3) + 1);
  for (const { offset } of bits) bytes[offset >> 3] = (bytes[offset >> 3] ?? 0) | (1 << (offset & 7));
  return bytes;
}

function bitsIn<N>({ reportId = 0, items = [] }: Report, names: Readonly<Record<number, N>>): Bit<N>[] {
  const found: Bit<N>[] = [];
  let offset = 0;
  for (const { usages = [], usageMinimum, reportSize = 1, reportCount = 1 } of items) {
    for (let index = 0; index < reportCount; index += 1) {
      const usage = usages[index] ?? (usageMinimum === undefined ? undefined : usageMinimum + index);
      const name = usage === undefined ? undefined : names[usage];
      if (name !== undefined && reportSize === 1) found.push({ name, report: reportId, offset: offset + index });
    }
    offset += reportSize * reportCount;
  }
  return found;
}
