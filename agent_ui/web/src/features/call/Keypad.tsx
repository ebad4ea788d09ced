import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { useExplain, useSession } from "../session/context";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
const SHOWN = 16;

/** Sends keys to the other side; typed ones too, while the focus is here. */
export function Keypad({ contact, onClose }: { readonly contact: ContactView; readonly onClose: () => void }) {
  const texts = useTexts();
  const { api, say } = useSession();
  const explain = useExplain();
  const [sent, setSent] = useState("");
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const send = (key: string) => {
    setSent((before) => (before + key).slice(-SHOWN));
    api.digits(contact.id, { digits: key }).catch((error: unknown) => say(explain(error)));
  };
  const typed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") onClose();
    else if ((KEYS as readonly string[]).includes(event.key)) send(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // The keys bubble up from the buttons, which can be used one by one as well.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div className="keypad" role="group" aria-label={texts.say("call.keypad")} onKeyDown={typed}>
      <p className="keypad-sent numbers" aria-live="polite">
        {sent || <span className="soft small">{texts.say("keypad.hint")}</span>}
      </p>
      <div className="keypad-keys">
        {KEYS.map((key, index) => (
          <button key={key} ref={index === 0 ? first : undefined} type="button" className="keypad-key" onClick={() => send(key)}>
            {key}
          </button>
        ))}
      </div>
    </div>
  );
}
