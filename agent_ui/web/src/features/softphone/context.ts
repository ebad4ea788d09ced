import { createContext, useContext, useSyncExternalStore } from "react";

import { NO_SOFTPHONE, type Softphone } from "./model";
import { USUAL, type Choices } from "./choices";
import type { SoftphoneHere } from "./softphone";

/** Null for somebody who takes no calls. */
export const SoftphoneContext = createContext<SoftphoneHere | null>(null);

export interface Using {
  readonly here: SoftphoneHere | null;
  readonly phone: Softphone;
  readonly choices: Choices;
  readonly choose: (change: Partial<Choices>) => void;
}

/** The telephone in this page, as it is now. */
export function useSoftphone(): Using {
  const here = useContext(SoftphoneContext);
  const phone = useSyncExternalStore(here?.store.subscribe ?? never, here?.store.get ?? noPhone);
  const choices = useSyncExternalStore(here?.choices.subscribe ?? never, here?.choices.get ?? usual);
  const choose = (change: Partial<Choices>) => here?.choices.dispatch(change);
  return { here, phone, choices, choose };
}

const never = () => () => undefined;
const noPhone = () => NO_SOFTPHONE;
const usual = () => USUAL;
