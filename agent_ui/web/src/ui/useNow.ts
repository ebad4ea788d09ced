import { useEffect, useState } from "react";

/** The server's time in milliseconds, renewed every `interval`. */
export function useNow(skew: number, interval = 1000): number {
  const [now, setNow] = useState(() => Date.now() + skew);
  useEffect(() => {
    const tick = () => setNow(Date.now() + skew);
    tick();
    const timer = setInterval(tick, interval);
    return () => clearInterval(timer);
  }, [skew, interval]);
  return now;
}
