import { useState } from "react";

import type { UserCredentials } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import { CommandButton } from "../session/Command";

/** Generated passwords: shown once, to be handed over. */
export function Credentials({ made, onClose }: { readonly made: UserCredentials; readonly onClose: () => void }) {
  const texts = useTexts();
  return (
    <Dialog title={texts.say("credentials.title")} onClose={onClose}>
      <p className="notice notice-warning">{texts.say("credentials.once")}</p>
      <dl className="credentials">
        {made.secrets.map((secret) => (
          <div key={secret.kind}>
            <dt>
              {texts.find(`credentials.${secret.kind}`) ?? secret.kind} · {secret.username}
            </dt>
            <dd>
              <code>{secret.password}</code>
              <Copy text={secret.password} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <CommandButton kind="primary" onClick={onClose}>
          {texts.say("credentials.done")}
        </CommandButton>
      </div>
    </Dialog>
  );
}

/** Absent where the browser does not let pages copy (plain HTTP from another machine). */
function Copy({ text }: { readonly text: string }) {
  const texts = useTexts();
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <CommandButton size="small" icon={copied ? "check" : undefined} onClick={copy}>
      {texts.say(copied ? "credentials.copied" : "credentials.copy")}
    </CommandButton>
  );
}
