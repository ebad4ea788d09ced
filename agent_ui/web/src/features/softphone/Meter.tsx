import { useEffect, useRef } from "react";

interface Props {
  readonly label: string;
  /** Tells the loudness 0..1 some times a second; gives what ends that. */
  readonly listen: (listener: (level: number) => void) => () => void;
}

/** Below this many dB the bar is empty. */
const FLOOR = 60;
const CALM = 1000;

/** A bar that is as long as a sound is loud. Only a transform changes: nothing around it moves. */
export function Meter({ label, listen }: Props) {
  const part = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let drawn = -Infinity;
    let loudest = 0;
    return listen((level) => {
      loudest = Math.max(loudest, level);
      if (calm && performance.now() - drawn < CALM) return;
      drawn = performance.now();
      if (part.current !== null) part.current.style.transform = `scaleX(${fractionOf(loudest).toFixed(3)})`;
      loudest = 0;
    });
  }, [listen]);
  return (
    <span className="meter" role="img" aria-label={label}>
      <span ref={part} className="meter-part" />
    </span>
  );
}

/** How much of the bar a loudness fills: ears hear decibels. */
export function fractionOf(level: number): number {
  if (level <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(level)) / FLOOR));
}
