import { useCallback, useEffect } from "react";

import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import type { Quality, Sample } from "../../telephone/types";
import { Icon } from "../../ui/Icon";
import { ownLeg, type Desk } from "../desk/model";
import { useSoftphone } from "./context";
import { Meter } from "./Meter";
import { liveCall, type Softphone } from "./model";

/** How a call in this page sounds: one's own loudness, the connection, and an alarm when nobody can hear one. */
export function CallAudio({ contact, desk }: { readonly contact: ContactView; readonly desk: Desk }) {
  const texts = useTexts();
  const { here, phone } = useSoftphone();
  const call = liveCall(phone);
  const muted = ownLeg(contact, desk.me)?.muted;
  // Whoever mutes this agent, on whatever screen, mutes the microphone too.
  useEffect(() => {
    if (muted !== undefined) here?.setMuted(muted);
  }, [here, muted, call?.id]);
  const listen = useCallback(
    (listener: (level: number) => void) => here?.listen((microphone) => listener(microphone)) ?? (() => undefined),
    [here],
  );
  if (call === undefined) return null;
  return (
    <div className="call-audio" role="group" aria-label={texts.say("softphone.sound")}>
      <span className="sound-meter">
        <Icon name={call.muted ? "micOff" : "mic"} />
        <Meter label={texts.say("softphone.level")} listen={listen} />
      </span>
      <QualitySign quality={phone.quality} />
      <Note />
    </div>
  );
}

const BARS: Readonly<Record<Quality, number>> = { good: 3, fair: 2, poor: 1 };

function QualitySign({ quality }: { readonly quality: Quality | null }) {
  const texts = useTexts();
  const bars = quality === null ? 0 : BARS[quality];
  return (
    <span className="quality" data-quality={quality ?? "unknown"}>
      <svg viewBox="0 0 16 12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect key={bar} className={bar <= bars ? "quality-on" : "quality-off"} x={(bar - 1) * 6} y={12 - bar * 4} width="4" height={bar * 4} rx="1" />
        ))}
      </svg>
      <span>{texts.say(`softphone.quality.${quality ?? "unknown"}`)}</span>
    </span>
  );
}

/** The one thing that most needs to be said, else the figures behind the word; the room for it is always there. */
function Note() {
  const texts = useTexts();
  const { here, phone } = useSoftphone();
  const trouble = troubleOf(phone);
  if (phone.soundBlocked) {
    return (
      <div className="call-audio-note">
        <button type="button" className="button button-small" onClick={() => here?.playSound()}>
          {texts.say("softphone.play_sound")}
        </button>
      </div>
    );
  }
  return (
    <div className="call-audio-note" data-alarm={trouble === "softphone.silent" || trouble === "softphone.recovering"}>
      <span role={trouble === "softphone.silent" ? "alert" : "status"}>{trouble !== null && texts.say(trouble)}</span>
      {trouble === null && phone.sample && <Figures sample={phone.sample} />}
    </div>
  );
}

/** Not for screen readers: they change every second, and the word says what they mean. */
function Figures({ sample }: { readonly sample: Sample }) {
  const texts = useTexts();
  const figures = {
    loss: Math.round(Math.max(sample.loss ?? 0, sample.lossThere ?? 0)),
    jitter: Math.round(sample.jitterMs ?? 0),
    trip: Math.round(sample.roundTripMs ?? 0),
  };
  return (
    <span className="numbers" aria-hidden="true">
      {texts.say("softphone.figures", figures)}
    </span>
  );
}

function troubleOf(phone: Softphone): "softphone.recovering" | "softphone.reconnecting" | "softphone.silent" | null {
  if (phone.calls.some((call) => call.state === "recovering")) return "softphone.recovering";
  if (phone.link === "lost") return "softphone.reconnecting";
  return phone.silent ? "softphone.silent" : null;
}
