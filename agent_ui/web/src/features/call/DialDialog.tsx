import { useState } from "react";

import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import { CommandButton } from "../session/Command";
import { useDialogAct, useSession } from "../session/context";
import { useSoftphone } from "../softphone/context";
import { Directory } from "./Directory";
import type { Destination } from "./destination";

/** Calls somebody: one's own phone rings first, then theirs. */
export function DialDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { api, boot } = useSession();
  const { busy, act, problem } = useDialogAct();
  const { phone } = useSoftphone();
  const page = phone.place === "here" && phone.link === "registered";
  const dial = (target: string) => api.dial(page ? { target, device: "page" } : { target });
  const [chosen, setChosen] = useState<Destination | null>(null);
  return (
    <Dialog title={texts.say("dial.open")} onClose={onClose} problem={problem}>
      <Directory chosen={chosen} onChoose={setChosen} without={boot.agent_id} queues={false} />
      <p className="soft small">{texts.say(page ? "softphone.dial_note" : "dial.note")}</p>
      <div className="dialog-actions">
        <CommandButton
          kind="primary"
          icon="phone"
          disabled={busy || chosen === null}
          onClick={() => chosen && act(() => dial(chosen.target).then(onClose))}
        >
          {texts.say("dial.call")}
        </CommandButton>
      </div>
    </Dialog>
  );
}
