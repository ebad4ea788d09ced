import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import { useSession } from "../session/context";
import { SHORTCUTS } from "./shortcuts";

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { preferences, prefer } = useSession();
  return (
    <Dialog title={texts.say("shortcut.help")} onClose={onClose}>
      {!preferences.shortcuts && (
        <div className="notice">
          <p>{texts.say("shortcut.off")}</p>
          <button type="button" className="button button-small" onClick={() => prefer({ shortcuts: true })}>
            {texts.say("shortcut.turn_on")}
          </button>
        </div>
      )}
      <dl className="shortcut-list">
        {SHORTCUTS.map(({ key, label }) => (
          <div key={key}>
            <dt>{texts.say(label)}</dt>
            <dd>
              <kbd className="key">{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="soft small">{texts.say("shortcut.note")}</p>
    </Dialog>
  );
}
