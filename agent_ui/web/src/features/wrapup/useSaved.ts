import { useEffect, useRef, useState } from "react";

import { useExplain, useSession } from "../session/context";

/** What an agent writes about a contact; null is what was not touched here, and stays as it is. */
export interface Draft {
  readonly disposition: string | null;
  readonly note: string | null;
}

const PAUSE = 500;

interface Saved {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** Whether the server has all of it. */
  readonly saved: boolean;
  /** Stops waiting to save and gives what is written now, for the caller to save. */
  readonly settle: () => Promise<Draft>;
}

/** Saves a draft shortly after each change, so that nothing is lost when the time runs out. */
export function useSaved(save: (draft: Draft) => Promise<void>): Saved {
  const { say } = useSession();
  const explain = useExplain();
  const [draft, setDraft] = useState<Draft>({ disposition: null, note: null });
  const [saved, setSaved] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    setSaved(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      latest
        .current(next)
        .then(() => setSaved(true))
        .catch((error: unknown) => say(explain(error)));
    }, PAUSE);
  };
  const settle = () => {
    clearTimeout(timer.current);
    return Promise.resolve(draft);
  };
  return { draft, change, saved, settle };
}
