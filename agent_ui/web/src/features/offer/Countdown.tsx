import { secondsUntil } from "../../format/time";
import { useTexts } from "../../i18n/context";
import { useNow } from "../../ui/useNow";

const AROUND = 2 * Math.PI * 16;

interface Props {
  readonly from: string;
  readonly to: string;
  readonly skew: number;
}

/** Time left, as a number and a ring that empties. */
export function Countdown({ from, to, skew }: Props) {
  const texts = useTexts();
  const now = useNow(skew, 250);
  const left = secondsUntil(to, now);
  const whole = Math.max(1, (Date.parse(to) - Date.parse(from)) / 1000);
  const part = Math.min(1, Math.max(0, (Date.parse(to) - now) / 1000 / whole));
  return (
    <span className="countdown" role="timer" aria-live="off" aria-label={texts.count("offer.left", left)}>
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle className="countdown-track" cx="18" cy="18" r="16" />
        <circle
          className="countdown-part"
          cx="18"
          cy="18"
          r="16"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - part)}
        />
      </svg>
      <span className="numbers" aria-hidden="true">
        {left}
      </span>
    </span>
  );
}
