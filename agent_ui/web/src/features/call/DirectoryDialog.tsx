import { useState } from "react";

import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Dialog } from "../../ui/Dialog";
import type { Desk } from "../desk/model";
import { CommandButton } from "../session/Command";
import { useDialogAct, useSession } from "../session/context";
import { Directory } from "./Directory";
import type { Destination } from "./destination";

interface Props {
  readonly contact: ContactView;
  readonly desk: Desk;
  readonly purpose: "transfer" | "conference";
  readonly onClose: () => void;
}

/** Asks where a contact should go, or who should join. */
export function DirectoryDialog({ contact, desk, purpose, onClose }: Props) {
  const texts = useTexts();
  const { api } = useSession();
  const { busy, act, problem } = useDialogAct();
  const [chosen, setChosen] = useState<Destination | null>(null);
  const go = (command: (target: string) => Promise<void>) => {
    if (chosen) act(() => command(chosen.target).then(onClose));
  };
  return (
    <Dialog title={texts.say(purpose === "transfer" ? "transfer.title" : "conference.title")} onClose={onClose} problem={problem}>
      <Directory chosen={chosen} onChoose={setChosen} without={desk.me?.id ?? null} queues={purpose === "transfer"} />
      {purpose === "transfer" ? (
        <div className="dialog-actions">
          <CommandButton
            disabled={busy || chosen === null}
            onClick={() => go((target) => api.transfer(contact.id, { kind: "blind", target }))}
          >
            {texts.say("transfer.blind")}
          </CommandButton>
          <CommandButton
            kind="primary"
            disabled={busy || chosen === null || chosen.kind === "queue"}
            onClick={() => go((target) => api.transfer(contact.id, { kind: "consult", target }))}
          >
            {texts.say("transfer.consult")}
          </CommandButton>
        </div>
      ) : (
        <div className="dialog-actions">
          <CommandButton
            kind="primary"
            disabled={busy || chosen === null}
            onClick={() => go((target) => api.conference(contact.id, { target }))}
          >
            {texts.say("conference.add")}
          </CommandButton>
        </div>
      )}
    </Dialog>
  );
}
