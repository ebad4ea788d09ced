import { useState } from "react";

import type { LiveCart } from "../../contract/contract";
import { useExplain } from "../session/context";

/** What was refused, and at which control to say so. */
interface Problem {
  readonly at: string;
  readonly text: string;
}

export interface Editing {
  readonly busy: (at: string) => boolean;
  readonly problem: (at: string) => string | null;
  /** Runs a change; several controls may be at work at a time, each with one change. */
  readonly run: (at: string, change: () => Promise<LiveCart>, done?: () => void) => void;
  readonly forget: () => void;
}

/** Changes of the cart: each answers with the cart as it is now; what is refused is said beside its control. */
export function useEditing(onCart: (live: LiveCart) => void): Editing {
  const explain = useExplain();
  const [under, setUnder] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = (at: string, change: () => Promise<LiveCart>, done?: () => void) => {
    setUnder((all) => [...all, at]);
    setProblem(null);
    change()
      .then((live) => {
        onCart(live);
        done?.();
      })
      .catch((error: unknown) => setProblem({ at, text: explain(error) }))
      .finally(() => setUnder((all) => all.filter((one) => one !== at)));
  };
  return {
    run,
    busy: (at) => under.includes(at),
    problem: (at) => (problem?.at === at ? problem.text : null),
    forget: () => setProblem(null),
  };
}
