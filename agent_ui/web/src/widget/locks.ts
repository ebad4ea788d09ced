/** How long a page waits for the one before it to be gone. */
const WAIT_MS = 3000;

/** Makes this tab the one that has the call: a copy of a tab has the same memory, and must not take the call away.
 * Resolves to what lets go of it, or to null when another tab has it. */
export async function holdCall(visitor: string): Promise<(() => void) | null> {
  // Type-wise it is always there; browsers leave it out of pages that are not secure.
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return () => undefined;
  return new Promise((resolve) => {
    locks
      .request(`comptoir-call-${visitor}`, { signal: AbortSignal.timeout(WAIT_MS) }, () => {
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(null));
  });
}
