import type { PressedKey } from "../../contract/contract";
import type { Texts } from "../../i18n/texts";

/** The flow's own words, or ours for the flow that is shipped, or the name of the step. */
export function wordsOf(pressed: PressedKey, flow: string | null, texts: Texts): string {
  const own = texts.pick(pressed.words);
  if (own !== "") return own;
  const key = `pressed.${flow ?? ""}.${pressed.node}`;
  const step = pressed.node.replaceAll("_", " ");
  return texts.find(`${key}.${pressed.keys}`) ?? texts.find(key) ?? texts.say("pressed.other", { step });
}
