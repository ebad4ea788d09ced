import { useCallback, useEffect } from "react";

import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import type { Quality, Sample } from "../../telephone/types";
import { Icon } from "../../ui/Icon";
import { ownLeg, type Desk } from "../desk/model";
import { useSoftphone } from "./context";
import { Meter } from "./Meter";
import { liveCall } from "./model";

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
      <QualitySign quality={phone.quality} sample={phone.sample} />
      <Note />
    </div>
  );
}

const BARS: Readonly<Record<Quality, number>> = { good: 3, fair: 2, poor: 1 };

function QualitySign({ quality, sample }: { readonly quality: Quality | null; readonly sample: Sample | null }) {
  const texts = useTexts();
  const bars = quality === null ? 0 : BARS[quality];
  const figures = sample && {
    loss: Math.round(Math.max(sample.loss ?? 0, sample.lossThere ?? 0)),
    jitter: Math.round(sample.jitterMs ?? 0),
    trip: Math.round(sample.roundTripMs ?? 0),
  };
  return (
    <span className="quality" data-quality={quality ?? "unknown"} title={figures ? texts.say("softphone.figures", figures) : undefined}>
      <svg viewBox="0 0 16 12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect key={bar} className={bar <= bars ? "quality-on" : "quality-off"} x={(bar - 1) * 6} y={12 - bar * 4} width="4" height={bar * 4} rx="1" />
        ))}
      </svg>
      <span className="visually-hidden">{texts.say("softphone.connection")}:</span>
      <span>{texts.say(`softphone.quality.${quality ?? "unknown"}`)}</span>
    </span>
  );
}

/** The one thing that most needs to be said; the room for it is always there. */
function Note() {
  const texts = useTexts();
  const { here, phone } = useSoftphone();
  const recovering = phone.calls.some((call) => call.state === "recovering");
  const lost = phone.link === "lost";
  const key = recovering || lost ? (recovering ? "softphone.recovering" : "softphone.reconnecting") : phone.silent ? "softphone.silent" : null;
  return (
    <div className="call-audio-note" role={phone.silent ? "alert" : "status"} data-alarm={phone.silent || recovering}>
      {phone.soundBlocked ? (
        <button type="button" className="button button-small" onClick={() => here?.playSound()}>
          {texts.say("softphone.play_sound")}
        </button>
      ) : (
        key !== null && (
          <>
            <Icon name="warning" />
            {texts.say(key)}
          </>
        )
      )}
    </div>
  );
}
