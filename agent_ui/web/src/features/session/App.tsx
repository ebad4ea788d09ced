import { useEffect, useMemo, useState } from "react";

import { createApi } from "../../api/http";
import { listen, type Listener } from "../../api/socket";
import type { Boot, PreferencesView } from "../../contract/contract";
import { TextsContext } from "../../i18n/context";
import { textsIn } from "../../i18n/texts";
import { createStore, type Store } from "../../store/store";
import { ToastList } from "../../ui/ToastList";
import { createToasts } from "../../ui/toasts";
import { Users } from "../admin/Users";
import { DeskPage } from "../desk/DeskPage";
import { emptyDesk, reduceDesk, type Desk, type DeskAction } from "../desk/model";
import { Attention } from "../offer/Attention";
import { RecordingsPage } from "../recordings/RecordingsPage";
import { useLastTyped } from "../shortcuts/shortcuts";
import { SoftphoneContext } from "../softphone/context";
import { useSoftphoneHere, useSoftphoneOnDesk } from "../softphone/useSoftphoneHere";
import { WallboardPage } from "../wallboard/WallboardPage";
import { emptyWallboard, reduceWallboard, type Wallboard, type WallboardAction } from "../wallboard/model";
import { SessionContext, type Session } from "./context";
import { Header } from "./Header";
import { usePage } from "./pages";

interface Stores {
  readonly desk: Store<Desk, DeskAction>;
  readonly wallboard: Store<Wallboard, WallboardAction>;
}

/** The pages of one signed-in person. */
export function App({ boot }: { readonly boot: Boot }) {
  const [preferences, setPreferences] = useState(boot.preferences);
  const [toasts] = useState(createToasts);
  const [stores] = useState(createStores);
  const { page, go } = usePage(boot.pages);
  const lastTyped = useLastTyped();
  const texts = useMemo(() => textsIn(preferences.language), [preferences.language]);
  const session = useMemo<Session>(() => {
    const api = createApi(boot.csrf, signIn);
    const say = (text: string) => toasts.dispatch({ type: "say", text });
    const prefer = (wanted: Partial<PreferencesView>) => {
      const next = { ...preferences, ...wanted };
      setPreferences(next);
      api.setPreferences(next).catch(() => say(texts.say("preferences.not_kept")));
    };
    return { boot, api, preferences, prefer, say, lastTyped };
  }, [boot, preferences, texts, toasts, lastTyped]);

  const here = useSoftphoneHere(session, texts);
  useSoftphoneOnDesk(here, session, stores.desk);

  useEffect(() => listen(boot.csrf, listenerOf(stores)), [boot.csrf, stores]);
  useEffect(() => {
    document.documentElement.lang = preferences.language;
    document.documentElement.dataset.theme = preferences.theme;
  }, [preferences.language, preferences.theme]);

  return (
    <TextsContext value={texts}>
      <SessionContext value={session}>
        <SoftphoneContext value={here}>
          <Header page={page} go={go} desk={stores.desk} />
          {page === "desk" && <DeskPage store={stores.desk} />}
          {page === "wallboard" && <WallboardPage store={stores.wallboard} />}
          {page === "recordings" && <RecordingsPage />}
          {page === "users" && <Users />}
          {boot.agent_id !== null && <Attention store={stores.desk} go={go} page={page} />}
          <ToastList store={toasts} />
        </SoftphoneContext>
      </SessionContext>
    </TextsContext>
  );
}

function createStores(): Stores {
  return {
    desk: createStore(reduceDesk, emptyDesk),
    wallboard: createStore(reduceWallboard, emptyWallboard),
  };
}

function signIn(): void {
  window.location.assign("/login");
}

/** Hands what the server tells to the stores. */
function listenerOf({ desk, wallboard }: Stores): Listener {
  const both = (action: DeskAction & WallboardAction) => {
    desk.dispatch(action);
    wallboard.dispatch(action);
  };
  return {
    told: (message) => {
      switch (message.name) {
        case "desk":
          desk.dispatch({ type: "state", state: message.body, now: Date.now() });
          break;
        case "wallboard":
          wallboard.dispatch({ type: "state", state: message.body, now: Date.now() });
          break;
        case "offer":
          desk.dispatch({ type: "offer", pop: message.body });
          break;
        case "file":
          desk.dispatch({ type: "file", file: message.body });
          break;
        case "cart":
          desk.dispatch({ type: "cart", live: message.body });
          break;
        case "cobrowse":
          both({ type: "cobrowse", page: message.body });
          break;
        case "timeline":
          desk.dispatch({ type: "timeline", news: message.body });
          break;
        case "left":
          desk.dispatch({ type: "left", contact: message.body.contact });
          break;
        case "event":
          both({ type: "event", event: message.body.event });
          break;
        case "link":
          both({ type: "link", up: message.body.up });
          break;
      }
    },
    connected: (up) => both({ type: "connected", up }),
    refused: signIn,
  };
}
