import { useState } from "react";

import { useTexts } from "../../i18n/context";
import { useAct, useSession } from "../session/context";

/** The viewer of a contact's page: its address. */
export interface OpenMirror {
  readonly contact: string;
  readonly viewer: string;
}

/** One mirror at a time: opened by the server's leave, closed by hand. */
export function useMirror() {
  const texts = useTexts();
  const { api, say } = useSession();
  const { busy, act } = useAct();
  const [mirror, setMirror] = useState<OpenMirror | null>(null);
  const open = (contact: string) =>
    act(async () => {
      const { viewer } = await api.cobrowseTicket(contact);
      if (viewer === "") say(texts.say("cobrowse.no_page"));
      setMirror(viewer === "" ? null : { contact, viewer });
    });
  return { busy, mirror, open, close: () => setMirror(null) };
}
