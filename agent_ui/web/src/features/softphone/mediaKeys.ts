export interface MediaKeys {
  readonly hangUp: () => void;
  readonly toggleMute: () => void;
}

type Action = "hangup" | "togglemicrophone";

/** Listens to the system's own call buttons (Media Session), where there are any; gives what ends that. */
export function listenToMediaKeys(keys: MediaKeys): () => void {
  const actions: Readonly<Record<Action, () => void>> = { hangup: keys.hangUp, togglemicrophone: keys.toggleMute };
  for (const [action, run] of Object.entries(actions)) bind(action as Action, run);
  return () => {
    for (const action of Object.keys(actions)) bind(action as Action, null);
  };
}

export function showMicrophone(active: boolean): void {
  const session = mediaSession();
  session?.setMicrophoneActive?.(active)?.catch(() => undefined);
}

/** An action that this browser does not know throws. */
function bind(action: Action, run: (() => void) | null): void {
  try {
    mediaSession()?.setActionHandler(action as MediaSessionAction, run);
  } catch {
    return;
  }
}

function mediaSession(): (Omit<MediaSession, "setMicrophoneActive"> & { setMicrophoneActive?: (active: boolean) => Promise<void> | undefined }) | undefined {
  return (navigator as { mediaSession?: MediaSession }).mediaSession;
}
