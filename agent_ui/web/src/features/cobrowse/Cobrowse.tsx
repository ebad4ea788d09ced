import { useState } from "react";

import type { ContactView } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { CommandButton } from "../session/Command";
import { useAct, useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { Mirror } from "./Mirror";

/** The customer's page: asked for by a button, and shown beside the cart once the customer agrees. */
export function Cobrowse({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts();
  const { api, preferences, say } = useSession();
  const { busy, act } = useAct();
  const [viewer, setViewer] = useState("");
  const open = () =>
    act(async () => {
      const found = await api.cobrowseTicket(contact.id);
      setViewer(found.viewer);
      if (found.viewer === "") say(texts.say("cobrowse.no_page"));
    });
  const toggle = () => {
    if (viewer === "") open();
    else setViewer("");
  };
  useShortcuts({ cobrowse: toggle }, preferences.shortcuts);
  return (
    <section className="card cobrowse" aria-label={texts.say("cobrowse.title")}>
      {viewer === "" ? (
        <div className="cobrowse-closed">
          <CommandButton command="cobrowse" icon="search" disabled={busy} onClick={toggle}>
            {texts.say("cobrowse.ask_view")}
          </CommandButton>
        </div>
      ) : (
        <Mirror contact={contact.id} viewer={viewer} onClose={() => setViewer("")} />
      )}
    </section>
  );
}
