/** Something to speak into or to hear with. */
export interface Device {
  readonly id: string;
  readonly kind: "microphone" | "speaker";
  /** "" until the browser has been allowed to name it. */
  readonly label: string;
}

const KINDS: Readonly<Record<string, Device["kind"]>> = { audioinput: "microphone", audiooutput: "speaker" };

/** The audio devices there are, without the browser's aliases for its own choice. */
export async function listDevices(): Promise<readonly Device[]> {
  const found = await mediaDevices()?.enumerateDevices();
  return (found ?? []).flatMap(({ deviceId, kind, label }) => {
    const own = KINDS[kind];
    return own === undefined || ALIASES.has(deviceId) ? [] : [{ id: deviceId, kind: own, label }];
  });
}

/** Calls back with the devices now and after each change; gives what ends that. */
export function watchDevices(changed: (devices: readonly Device[]) => void): () => void {
  const devices = mediaDevices();
  const read = () => {
    listDevices().then(changed, () => undefined);
  };
  read();
  devices?.addEventListener("devicechange", read);
  return () => devices?.removeEventListener("devicechange", read);
}

const ALIASES: ReadonlySet<string> = new Set(["default", "communications", ""]);

/** A chosen device that was there and is gone: its name, to say so. Null when nothing that matters has gone. */
export function unplugged(chosen: string, before: readonly Device[], now: readonly Device[]): Device | null {
  if (chosen === "" || now.some((device) => device.id === chosen)) return null;
  return before.find((device) => device.id === chosen) ?? null;
}

/** The device to use: the chosen one while it is there, else the browser's own choice. Labels are not compared: two
 *  headsets of one make have the same. */
export function deviceFor(chosen: string, devices: readonly Device[]): string {
  return devices.some((device) => device.id === chosen) ? chosen : "";
}

function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}
