import { io } from "socket.io-client";

import type { SharedPage } from "../cobrowse/protocol";
import type { ContactFile, DeskState, Happened, Left, LinkState, LiveCart, ScreenPop, TimelineNews, WallboardState } from "../contract/contract";

/** What the server tells a page. */
export type Message =
  | { readonly name: "desk"; readonly body: DeskState }
  | { readonly name: "wallboard"; readonly body: WallboardState }
  | { readonly name: "offer"; readonly body: ScreenPop }
  | { readonly name: "file"; readonly body: ContactFile }
  | { readonly name: "cart"; readonly body: LiveCart }
  | { readonly name: "cobrowse"; readonly body: SharedPage }
  | { readonly name: "timeline"; readonly body: TimelineNews }
  | { readonly name: "left"; readonly body: Left }
  | { readonly name: "event"; readonly body: Happened }
  | { readonly name: "link"; readonly body: LinkState };

export interface Listener {
  told: (message: Message) => void;
  connected: (up: boolean) => void;
  /** The server does not let this page in any more: the session ended. */
  refused: () => void;
}

const NAMES: readonly Message["name"][] = ["desk", "wallboard", "offer", "file", "cart", "cobrowse", "timeline", "left", "event", "link"];

/** Listens to the server, through reconnects; gives what ends that. */
export function listen(csrf: string, listener: Listener): () => void {
  const socket = io({ transports: ["websocket", "polling"], auth: { csrf }, reconnectionDelayMax: 3000 });
  socket.on("connect", () => listener.connected(true));
  socket.on("disconnect", (reason) => {
    listener.connected(false);
    if (reason === "io server disconnect") listener.refused();
  });
  socket.on("connect_error", () => {
    // An active socket tries again by itself; an inactive one was refused by the server.
    if (!socket.active) listener.refused();
  });
  for (const name of NAMES) {
    socket.on(name, (body: unknown) => listener.told({ name, body } as Message));
  }
  return () => {
    socket.disconnect();
  };
}
