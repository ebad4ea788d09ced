import { createContext, useContext, useState, type RefObject } from "react";

import type { Api } from "../../api/http";
import { Refused } from "../../api/refusal";
import type { Boot, PreferencesView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { MicrophoneError } from "../../telephone/microphone";

/** What every part of a page may use. */
export interface Session {
  readonly boot: Boot;
  readonly api: Api;
  readonly preferences: PreferencesView;
  readonly prefer: (wanted: Partial<PreferencesView>) => void;
  readonly say: (text: string) => void;
  /** When a key was last pressed in a field, by the page's clock. */
  readonly lastTyped: RefObject<number>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("used outside of a session");
  return session;
}

export interface Acting {
  readonly busy: boolean;
  readonly act: (command: () => Promise<unknown>) => void;
}

/** Runs one command at a time; what the server refuses is said in a toast, or the way that is given. */
export function useAct(tell?: (problem: string) => void): Acting {
  const { say } = useSession();
  const explain = useExplain();
  const [busy, setBusy] = useState(false);
  const act = (command: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    command()
      .catch((error: unknown) => (tell ?? say)(explain(error)))
      .finally(() => setBusy(false));
  };
  return { busy, act };
}

/** Like `useAct`, for a dialog, which has its own place for what is refused: a toast would be behind it. */
export function useDialogAct(): Acting & { readonly problem: string | null } {
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, act } = useAct(setProblem);
  const afresh = (command: () => Promise<unknown>) => {
    setProblem(null);
    act(command);
  };
  return { busy, act: afresh, problem };
}

/** Why something failed, in the reader's language. */
export function useExplain(): (error: unknown) => string {
  const texts = useTexts();
  return (error) => {
    if (error instanceof MicrophoneError) return texts.say(`softphone.${error.problem}`);
    if (!(error instanceof Refused)) return texts.say("server.error");
    return texts.find(error.id, error.params) ?? texts.say("server.refused");
  };
}
