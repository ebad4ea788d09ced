import { createContext, useContext } from "react";

import { textsIn, type Texts } from "./texts";

export const TextsContext = createContext<Texts>(textsIn("en"));

export function useTexts(): Texts {
  return useContext(TextsContext);
}
