import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import type { Key } from "../../i18n/texts";
import { Icon, type IconName } from "../../ui/Icon";
import { ownLeg, type Desk } from "../desk/model";
import { useAct, useSession } from "../session/context";
import { keyOf, useShortcuts, type Command } from "../shortcuts/shortcuts";
import { useSoftphone } from "../softphone/context";

/** What is open beside the call. */
export type Open = "keypad" | "transfer" | "conference" | null;

interface Props {
  readonly contact: ContactView;
  readonly desk: Desk;
  readonly open: Open;
  readonly onOpen: (open: Open) => void;
  readonly onKeypad: () => void;
}

interface Control {
  readonly command: Command;
  readonly icon: IconName;
  readonly label: Key;
  readonly pressed?: boolean;
  readonly run: () => void;
}

/** Hold, mute, keypad, transfer, conference, and the recording if there is one. */
export function Controls(props: Props) {
  const { preferences } = useSession();
  const { busy, controls } = useControls(props);
  const bindings = Object.fromEntries(controls.map((one) => [one.command, one.run]));
  useShortcuts(busy ? {} : bindings, preferences.shortcuts);
  return (
    <div className="controls">
      {controls.map((control) => (
        <ControlButton key={control.command} control={control} busy={busy} shortcuts={preferences.shortcuts} />
      ))}
    </div>
  );
}

function useControls({ contact, desk, open, onOpen, onKeypad }: Props) {
  const { api } = useSession();
  const { busy, act } = useAct();
  const { here } = useSoftphone();
  const held = contact.state === "held";
  const muted = ownLeg(contact, desk.me)?.muted ?? false;
  const consulting = contact.participants.some((leg) => leg.role === "consulted");
  const hold: Control = {
    command: "hold",
    icon: held ? "play" : "pause",
    label: held ? "call.resume" : "call.hold",
    pressed: held,
    run: () => act(() => (held ? api.resume(contact.id) : api.hold(contact.id))),
  };
  const mute: Control = {
    command: "mute",
    icon: muted ? "micOff" : "mic",
    label: muted ? "call.unmute" : "call.mute",
    pressed: muted,
    run: () => {
      // The microphone in this page at once; then everywhere, through the telephone system.
      here?.setMuted(!muted);
      act(() =>
        (muted ? api.unmute(contact.id) : api.mute(contact.id)).catch((error: unknown) => {
          here?.setMuted(muted);
          throw error;
        }),
      );
    },
  };
  const keypad: Control = {
    command: "keypad",
    icon: "keypad",
    label: "call.keypad",
    pressed: open === "keypad",
    run: onKeypad,
  };
  const reach: Control[] = [
    { command: "transfer", icon: "transfer", label: "call.transfer", run: () => onOpen("transfer") },
    { command: "conference", icon: "addPerson", label: "call.add", run: () => onOpen("conference") },
  ];
  // While somebody is consulted, what to do next is asked there.
  const shown = consulting ? [mute, keypad] : [hold, mute, keypad, ...reach];
  return { busy, controls: [...shown, ...recordingControls(contact, act, api)] };
}

function recordingControls(
  contact: ContactView,
  act: ReturnType<typeof useAct>["act"],
  api: ReturnType<typeof useSession>["api"],
): Control[] {
  if (contact.recording !== "recording" && contact.recording !== "paused") return [];
  const paused = contact.recording === "paused";
  const run = () => act(() => (paused ? api.resumeRecording(contact.id) : api.pauseRecording(contact.id)));
  return [
    {
      command: "recording",
      icon: "record",
      label: paused ? "call.resume_recording" : "call.pause_recording",
      pressed: paused,
      run,
    },
  ];
}

interface ControlButtonProps {
  readonly control: Control;
  readonly busy: boolean;
  readonly shortcuts: boolean;
}

function ControlButton({ control, busy, shortcuts }: ControlButtonProps) {
  const texts = useTexts();
  const key = shortcuts ? keyOf(control.command) : "";
  return (
    <button
      type="button"
      className="control"
      data-command={control.command}
      data-on={control.pressed ?? false}
      aria-keyshortcuts={key || undefined}
      disabled={busy}
      onClick={control.run}
    >
      <Icon name={control.icon} />
      <span>{texts.say(control.label)}</span>
    </button>
  );
}
