import type { ContactView, PressedKey } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import type { Texts } from "../../i18n/texts";

/** What the caller chose before, in words. */
export function Pressed({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts();
  if (contact.path.length === 0 && contact.order_number === null) return null;
  return (
    <div className="pressed">
      <h3 className="stage-heading">{texts.say("pressed.title")}</h3>
      <ol className="pressed-list">
        {contact.path.map((pressed, index) => (
          <li key={`${pressed.node}-${index}`}>
            <kbd className="key">{pressed.keys}</kbd>
            {wordsOf(pressed, contact.flow, texts)}
          </li>
        ))}
      </ol>
      {contact.order_number !== null && (
        <p className="small">{texts.say("pressed.order", { number: contact.order_number })}</p>
      )}
    </div>
  );
}

/** The flow's own words, or ours for the flow that is shipped, or the name of the step. */
export function wordsOf(pressed: PressedKey, flow: string | null, texts: Texts): string {
  const own = texts.pick(pressed.words);
  if (own !== "") return own;
  const key = `pressed.${flow ?? ""}.${pressed.node}`;
  const step = pressed.node.replaceAll("_", " ");
  return texts.find(`${key}.${pressed.keys}`) ?? texts.find(key) ?? texts.say("pressed.other", { step });
}
