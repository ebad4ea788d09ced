import { clock, secondsSince } from "../format/time";
import { useNow } from "./useNow";

/** Time since a moment, counting up. Not announced: it would talk every second. */
export function Elapsed({ since, skew }: { readonly since: string; readonly skew: number }) {
  const now = useNow(skew);
  return (
    <span className="numbers" role="timer" aria-live="off">
      {clock(secondsSince(since, now))}
    </span>
  );
}
