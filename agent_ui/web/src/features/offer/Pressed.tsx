import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { wordsOf } from "./words";

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
