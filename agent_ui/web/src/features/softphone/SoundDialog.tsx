import { useEffect, useId, useState } from "react";

import { useTexts } from "../../i18n/context";
import { canChooseSpeaker } from "../../telephone/speaker";
import { createMeter } from "../../telephone/meter";
import { MicrophoneError, openMicrophone } from "../../telephone/microphone";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { beep } from "../offer/ring";
import type { Choices } from "./choices";
import { useSoftphone } from "./context";
import { deviceFor, type Device } from "./devices";
import { Meter } from "./Meter";

/** Which microphone, speaker and ring device to use, each tried at once. */
export function SoundDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { phone, choices, choose } = useSoftphone();
  const of = (kind: Device["kind"]) => phone.devices.filter((device) => device.kind === kind);
  const speakers = of("speaker");
  const [trying, setTrying] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const failed = (error: unknown) => {
    setTrying(false);
    setProblem(texts.say(`softphone.${error instanceof MicrophoneError ? error.problem : "microphone_unsupported"}`));
  };
  return (
    <Dialog title={texts.say("softphone.devices")} onClose={onClose} problem={problem}>
      <div className="form">
        <Choice
          name="microphone"
          label={texts.say("softphone.microphone")}
          devices={of("microphone")}
          first
          test={
            <button type="button" className="button" aria-pressed={trying} onClick={() => setTrying(!trying)}>
              {texts.say(trying ? "softphone.test_stop" : "softphone.test")}
            </button>
          }
        />
        <div className="sound-test">
          {trying ? <MicrophoneTest key={choices.microphone} deviceId={deviceFor(choices.microphone, phone.devices)} onFailed={failed} /> : <p className="soft small">{texts.say("softphone.test_note")}</p>}
        </div>
        {canChooseSpeaker && speakers.length > 0 ? (
          (["speaker", "ring"] as const).map((name) => (
            <Choice
              key={name}
              name={name}
              label={texts.say(`softphone.${name}`)}
              devices={speakers}
              test={
                <button type="button" className="button" onClick={() => beep(deviceFor(choices[name], phone.devices))}>
                  {texts.say("softphone.test")}
                </button>
              }
            />
          ))
        ) : (
          <p className="soft small">{texts.say("softphone.no_speaker_choice")}</p>
        )}
        <Volume />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => choose({ microphone: "", speaker: "", ring: "", volume: 1 })}>
            {texts.say("softphone.usual_devices")}
          </button>
          <button type="button" className="button button-primary" onClick={onClose}>
            {texts.say("dialog.close")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** How loud callers are, in steps of a twentieth; it counts at once, also in a call. */
function Volume() {
  const texts = useTexts();
  const id = useId();
  const { choices, choose } = useSoftphone();
  return (
    <div className="field">
      <label htmlFor={id}>{texts.say("softphone.volume")}</label>
      <input
        id={id}
        type="range"
        className="sound-volume"
        min={0}
        max={100}
        step={5}
        value={Math.round(choices.volume * 100)}
        onChange={(event) => choose({ volume: Number(event.target.value) / 100 })}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly name: keyof Choices & ("microphone" | "speaker" | "ring");
  readonly label: string;
  readonly devices: readonly Device[];
  readonly first?: boolean;
  readonly test: React.ReactNode;
}

function Choice({ name, label, devices, first = false, test }: ChoiceProps) {
  const texts = useTexts();
  const id = useId();
  const { choices, choose } = useSoftphone();
  const named = devices.filter((device) => device.label !== "");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="sound-choice">
        <select
          id={id}
          className="input"
          data-first-focus={first || undefined}
          value={deviceFor(choices[name], devices)}
          onChange={(event) => choose({ [name]: event.target.value })}
        >
          <option value="">{texts.say("softphone.usual")}</option>
          {named.map((device) => (
            <option key={device.id} value={device.id}>
              {device.label}
            </option>
          ))}
        </select>
        {test}
      </div>
    </div>
  );
}

/** Opens the microphone for as long as it is shown, and shows how loud it is. */
function MicrophoneTest({ deviceId, onFailed }: { readonly deviceId: string; readonly onFailed: (error: unknown) => void }) {
  const texts = useTexts();
  const [listen, setListen] = useState<((listener: (level: number) => void) => () => void) | null>(null);
  useEffect(() => {
    let wanted = true;
    let stop: () => void = () => undefined;
    openMicrophone(deviceId).then((stream) => {
      const meter = createMeter();
      stop = () => {
        for (const track of stream.getTracks()) track.stop();
        meter.stop();
      };
      if (!wanted) {
        stop();
        return;
      }
      meter.watch("microphone", stream);
      setListen(() => (listener: (level: number) => void) => {
        const timer = setInterval(() => listener(meter.read("microphone") ?? 0), 100);
        return () => clearInterval(timer);
      });
    }, onFailed);
    return () => {
      wanted = false;
      stop();
    };
    // The device is what it opens; whoever hears of a failure does not matter to it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [deviceId]);
  return (
    <p className="sound-meter">
      <Icon name="mic" />
      <Meter label={texts.say("softphone.level")} listen={listen ?? silent} />
    </p>
  );
}

const silent = () => () => undefined;
