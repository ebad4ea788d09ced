import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

import type { Key } from "../../i18n/texts";
import { useSession } from "../session/context";

/** What can be done from the keyboard. */
export type Command =
  | "accept"
  | "decline"
  | "hold"
  | "mute"
  | "keypad"
  | "transfer"
  | "conference"
  | "recording"
  | "hang_up"
  | "finish"
  | "extend"
  | "available"
  | "status"
  | "dial"
  | "add_product"
  | "cobrowse"
  | "help";

/** One key each, without modifiers; they do nothing while somebody types. */
export const SHORTCUTS: readonly { readonly key: string; readonly command: Command; readonly label: Key }[] = [
  { key: "a", command: "accept", label: "shortcut.accept" },
  { key: "d", command: "decline", label: "shortcut.decline" },
  { key: "h", command: "hold", label: "shortcut.hold" },
  { key: "m", command: "mute", label: "shortcut.mute" },
  { key: "k", command: "keypad", label: "shortcut.keypad" },
  { key: "t", command: "transfer", label: "shortcut.transfer" },
  { key: "c", command: "conference", label: "shortcut.conference" },
  { key: "r", command: "recording", label: "shortcut.recording" },
  { key: "x", command: "hang_up", label: "shortcut.hang_up" },
  { key: "e", command: "extend", label: "shortcut.extend" },
  { key: "f", command: "finish", label: "shortcut.finish" },
  { key: "v", command: "available", label: "shortcut.available" },
  { key: "s", command: "status", label: "shortcut.status" },
  { key: "n", command: "dial", label: "shortcut.dial" },
  { key: "p", command: "add_product", label: "shortcut.add_product" },
  { key: "g", command: "cobrowse", label: "shortcut.cobrowse" },
  { key: "?", command: "help", label: "shortcut.help" },
];

export function keyOf(command: Command): string {
  return SHORTCUTS.find((one) => one.command === command)?.key ?? "";
}

/** The part of a keyboard event that decides. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
  readonly typing: boolean;
}

export function commandOf(pressed: Pressed): Command | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.repeat || pressed.typing) return undefined;
  return SHORTCUTS.find((one) => one.key === pressed.key.toLowerCase())?.command;
}

/** How long after a key in a field none counts as a shortcut: a field may go away while somebody types. */
export const AFTER_TYPING = 1500;

export type Bindings = Partial<Record<Command, () => void>>;

/** Runs the bound command of a pressed key. Nothing is bound while a dialog is open: it has its own keys. */
export function useShortcuts(bindings: Bindings, enabled: boolean): void {
  const { lastTyped } = useSession();
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (document.querySelector("dialog[open]") !== null) return;
    const typing = performance.now() - lastTyped.current < AFTER_TYPING;
    const command = commandOf({ ...keysOf(event), typing });
    const run = command === undefined ? undefined : bindings[command];
    if (run === undefined) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => pressed(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [enabled]);
}

/** When a key was last pressed in a field, by the page's clock; watched on the way down, before any shortcut. */
export function useLastTyped(): RefObject<number> {
  const lastTyped = useRef(-Infinity);
  useEffect(() => {
    const watch = (event: KeyboardEvent) => {
      if (isTyping(event.target)) lastTyped.current = performance.now();
    };
    window.addEventListener("keydown", watch, { capture: true });
    return () => window.removeEventListener("keydown", watch, { capture: true });
  }, []);
  return lastTyped;
}

function keysOf({ key, ctrlKey, metaKey, altKey, repeat }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey, repeat };
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}
