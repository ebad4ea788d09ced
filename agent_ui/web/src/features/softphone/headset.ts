import { buttonsIn, isOn, lightsIn, reportOf, TELEPHONY, type Button, type Light, type Report } from "./hid";

/** The part of WebHID that is used; browsers other than Chromium's do not have it. */
interface HidDevice extends EventTarget {
  readonly productName: string;
  readonly opened: boolean;
  readonly collections: readonly { readonly usagePage?: number; readonly inputReports?: readonly Report[]; readonly outputReports?: readonly Report[] }[];
  open: () => Promise<void>;
  close: () => Promise<void>;
  sendReport: (report: number, data: BufferSource) => Promise<void>;
}

interface HidReportEvent extends Event {
  readonly reportId: number;
  readonly data: DataView;
}

interface Hid extends EventTarget {
  getDevices: () => Promise<HidDevice[]>;
  requestDevice: (options: { readonly filters: readonly { readonly usagePage: number }[] }) => Promise<HidDevice[]>;
}

export interface Headset {
  readonly name: string;
  readonly show: (lights: ReadonlySet<Light>) => void;
  readonly stop: () => void;
}

export const hasHeadsets = typeof navigator !== "undefined" && "hid" in navigator;

/** Asks the person which headset to listen to: only from a click. Null when none was chosen. */
export async function askForHeadset(pressed: (button: Button) => void): Promise<Headset | null> {
  const [device] = await hid().requestDevice({ filters: [{ usagePage: TELEPHONY }] });
  return device === undefined ? null : listenTo(device, pressed);
}

/** A headset that was chosen before, if it is there. */
export async function knownHeadset(pressed: (button: Button) => void): Promise<Headset | null> {
  if (!hasHeadsets) return null;
  const device = (await hid().getDevices()).find((one) => one.collections.some(isTelephony));
  return device === undefined ? null : listenTo(device, pressed);
}

async function listenTo(device: HidDevice, pressed: (button: Button) => void): Promise<Headset> {
  if (!device.opened) await device.open();
  const own = device.collections.filter(isTelephony);
  const buttons = buttonsIn(own.flatMap((one) => one.inputReports ?? []));
  const lights = lightsIn(device.collections.flatMap((one) => one.outputReports ?? []));
  const down = new Set<Button>();
  const reported = (event: Event) => {
    const { reportId, data } = event as HidReportEvent;
    for (const button of buttons.filter((one) => one.report === reportId)) {
      const on = isOn(button, data);
      // The hook switch says how it is; it counts when it changes, in either direction. Mute is a push button.
      const counts = on !== down.has(button.name) && (on || button.name === "hook");
      if (on) down.add(button.name);
      else down.delete(button.name);
      if (counts) pressed(button.name);
    }
  };
  device.addEventListener("inputreport", reported);
  return {
    name: device.productName,
    show: (wanted) => {
      for (const report of new Set(lights.map((light) => light.report))) {
        const on = lights.filter((light) => light.report === report && wanted.has(light.name));
        device.sendReport(report, reportOf(on)).catch(() => undefined);
      }
    },
    stop: () => {
      device.removeEventListener("inputreport", reported);
      device.close().catch(() => undefined);
    },
  };
}

function isTelephony({ usagePage }: { readonly usagePage?: number }): boolean {
  return usagePage === TELEPHONY;
}

function hid(): Hid {
  return (navigator as unknown as { readonly hid: Hid }).hid;
}
