/** The part of the Web Locks API that is used. */
export type Locks = Pick<LockManager, "request">;

export interface TabListener {
  /** This tab has the telephone. */
  readonly mine: () => void;
  /** Another tab has it. */
  readonly others: () => void;
}

export interface TabLock {
  /** Takes the telephone from the tab that has it. */
  readonly take: () => void;
  readonly stop: () => void;
}

/**
 * One tab of a browser has the telephone. Another waits, and gets it when the first one goes or it is told to take it;
 * the first one then waits in its turn.
 */
export function oneTab(name: string, listener: TabListener, locks: Locks = navigator.locks): TabLock {
  let free: (() => void) | null = null;
  let waiting = new AbortController();
  let stopped = false;

  const hold = () => {
    if (stopped) return undefined;
    listener.mine();
    return new Promise<void>((resolve) => (free = resolve));
  };
  const taken = () => {
    free = null;
    if (stopped) return;
    listener.others();
    wait();
  };
  const wait = () => {
    waiting = new AbortController();
    const { signal } = waiting;
    // A held lock that is taken away is rejected; so is a wait that is given up, which means nothing.
    locks.request(name, { signal }, hold).catch(() => signal.aborted || taken());
  };
  const ask = async () => {
    const got = await locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? Promise.resolve(false) : hold()?.then(() => true)));
    if (got === false && !stopped) taken();
  };

  ask().catch(taken);
  return {
    take: () => {
      if (free !== null || stopped) return;
      waiting.abort();
      locks.request(name, { steal: true }, hold).catch(taken);
    },
    stop: () => {
      stopped = true;
      waiting.abort();
      free?.();
    },
  };
}
