import { useEffect } from "react";

import type { SharedPage } from "../../cobrowse/protocol";
import type { ContactFile } from "../../contract/contract";
import { useTexts } from "../../i18n/context";
import { Icon } from "../../ui/Icon";
import { notify } from "../offer/notify";
import { CommandButton } from "../session/Command";
import { useSession } from "../session/context";
import { useShortcuts } from "../shortcuts/shortcuts";
import { useSoftphone } from "../softphone/context";
import { Mirror } from "./Mirror";
import { openingOf } from "./model";
import { useMirror } from "./useMirror";

interface Props {
  readonly file: ContactFile;
  /** How the customer's page is shared, if it is. */
  readonly page: SharedPage | undefined;
}

/** The customer's page: asked for by a button, or offered by the customer, and then shown beside the cart. */
export function Cobrowse({ file, page }: Props) {
  const texts = useTexts();
  const { preferences, say } = useSession();
  const { busy, mirror, open, close } = useMirror();
  const opening = openingOf(page, file.live);
  const offered = mirror === null && opening === "shown";
  useNotice(offered, file.contact.id);
  const toggle = () => {
    if (mirror !== null) close();
    else if (opening === "no_page") say(texts.say("cobrowse.no_page"));
    else open(file.contact.id);
  };
  useShortcuts({ cobrowse: toggle }, preferences.shortcuts);
  return (
    <section className="card cobrowse" aria-label={texts.say("cobrowse.title")}>
      {mirror !== null && <Mirror {...mirror} onClose={close} />}
      {mirror === null && (
        <div className={offered ? "cobrowse-closed cobrowse-offered" : "cobrowse-closed"}>
          <p role="alert" hidden={!offered}>
            {offered && (
              <>
                <Icon name="eye" />
                {texts.say("cobrowse.offered")}
              </>
            )}
          </p>
          <CommandButton
            command="cobrowse"
            icon="eye"
            kind={offered ? "primary" : "plain"}
            disabled={busy || opening === "no_page"}
            onClick={toggle}
          >
            {texts.say(offered ? "cobrowse.look" : "cobrowse.ask_view")}
          </CommandButton>
          {opening === "no_page" && <p className="soft small">{texts.say("cobrowse.no_page")}</p>}
        </div>
      )}
    </section>
  );
}

/** Says outside of the page, while it is not looked at, that the customer shows theirs. */
function useNotice(offered: boolean, contact: string): void {
  const texts = useTexts();
  const { choices } = useSoftphone();
  const wanted = offered && choices.notify;
  useEffect(
    () => (wanted ? notify(`page ${contact}`, texts.say("cobrowse.title"), texts.say("cobrowse.offered")) : undefined),
    [wanted, contact, texts],
  );
}
