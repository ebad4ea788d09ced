import { useEffect, useState } from "react";

import { useTexts } from "../../i18n/context";

/** Seconds between the beep and the answer. */
export const AUTO_ANSWER_AFTER = 3;

interface Props {
  readonly onBegin: () => void;
  readonly onAnswer: () => void;
}

/** Counts down and answers. Declining, or anything that takes the offer away, takes this away too. */
export function AutoAnswer({ onBegin, onAnswer }: Props) {
  const texts = useTexts();
  const [left, setLeft] = useState(AUTO_ANSWER_AFTER);
  useEffect(() => {
    onBegin();
    const timer = setInterval(() => setLeft((before) => before - 1), 1000);
    return () => clearInterval(timer);
    // Once: the callbacks are new each time the offer is drawn.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    if (left === 0) onAnswer();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [left]);
  return (
    <p className="notice" role="status">
      {texts.count("softphone.answers_in", Math.max(0, left))}
    </p>
  );
}
