import { createStore, type Store } from "../../store/store";

/** How an agent likes to telephone in this browser. Kept here and not with the login: devices differ by machine. */
export interface Choices {
  /** Whether calls are answered in this page, or on a phone beside it. */
  readonly here: boolean;
  readonly autoAnswer: boolean;
  readonly notify: boolean;
  /** Device ids; "" is the browser's own choice. */
  readonly microphone: string;
  readonly speaker: string;
  readonly ring: string;
  /** How loud the other side is played, 0..1. */
  readonly volume: number;
}

export const USUAL: Choices = { here: false, autoAnswer: false, notify: false, microphone: "", speaker: "", ring: "", volume: 1 };

/** What was kept, as far as it can be read. */
export function choicesIn(kept: string | null): Choices {
  const found = parsed(kept);
  const flag = (name: keyof Choices) => found[name] === true;
  const device = (name: keyof Choices) => {
    const value = found[name];
    return typeof value === "string" ? value : "";
  };
  return {
    here: flag("here"),
    autoAnswer: flag("autoAnswer"),
    notify: flag("notify"),
    microphone: device("microphone"),
    speaker: device("speaker"),
    ring: device("ring"),
    volume: volumeIn(found.volume),
  };
}

export function createChoices(username: string, storage: Storage = window.localStorage): Store<Choices, Partial<Choices>> {
  const key = `comptoir.softphone.${username}`;
  const store = createStore((choices: Choices, change: Partial<Choices>) => ({ ...choices, ...change }), choicesIn(storage.getItem(key)));
  store.subscribe(() => storage.setItem(key, JSON.stringify(store.get())));
  return store;
}

function volumeIn(value: unknown): number {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : 1;
}

function parsed(kept: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(kept ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
