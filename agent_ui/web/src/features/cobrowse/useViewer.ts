import { useEffect, useReducer, useRef, type RefObject } from "react";

import type { FromViewer, ToViewerDocument } from "../../cobrowse/viewer/embedding";
import type { Tier } from "../../cobrowse/protocol";
import type { Tool } from "../../cobrowse/viewer/tools";
import { useSession } from "../session/context";
import { afterShared, NOTHING_SHARED, type Shared } from "./model";

export interface ViewerControls {
  readonly frame: RefObject<HTMLIFrameElement | null>;
  readonly shared: Shared;
  readonly ask: (tier: Tier) => void;
  readonly use: (tool: Tool) => void;
  readonly clear: () => void;
  readonly stop: () => void;
}

/**
 * Speaks with the embedded viewer: gives it tickets, hears how the session stands, hands it tools.
 *
 * `viewer` is the viewer's address, of an origin of its own: nothing is said to, or heard from, any other.
 * `asks`: the customer is asked to show the page, unless it is shown already.
 */
export function useViewer(contact: string, viewer: string, asks: boolean): ViewerControls {
  const { api } = useSession();
  const frame = useRef<HTMLIFrameElement>(null);
  const origin = new URL(viewer).origin;
  const [shared, dispatch] = useReducer(afterShared, NOTHING_SHARED);

  const send = (message: ToViewerDocument) => frame.current?.contentWindow?.postMessage(message, origin);

  useEffect(() => {
    const answer = (message: ToViewerDocument) =>
      frame.current?.contentWindow?.postMessage(message, origin);
    let asked = !asks;
    const took = (message: FromViewer) => {
      if (message.type === "ticket_please") {
        api.cobrowseTicket(contact).then(
          ({ ticket }) => answer({ type: "ticket", ticket }),
          () => undefined,
        );
      } else if (message.type === "link") {
        dispatch(message);
      } else {
        dispatch({ type: "told", message: message.message });
        // Whoever opens the mirror wants to see the page: that is asked at once, and once.
        const state = message.message;
        if (!asked && state.type === "state" && !state.tiers.view && state.question === null) {
          asked = true;
          answer({ type: "say", message: { type: "ask", tier: "view" } });
        }
      }
    };
    const listener = (event: MessageEvent<FromViewer>) => {
      if (event.source === frame.current?.contentWindow && event.origin === origin) took(event.data);
    };
    window.addEventListener("message", listener);
    return () => window.removeEventListener("message", listener);
  }, [api, contact, origin, asks]);

  return {
    frame,
    shared,
    ask: (tier) => send({ type: "say", message: { type: "ask", tier } }),
    use: (tool) => {
      dispatch({ type: "tool", tool });
      send({ type: "tool", tool });
      if (tool === "control") frame.current?.focus();
    },
    clear: () => send({ type: "clear" }),
    stop: () => send({ type: "say", message: { type: "stop" } }),
  };
}
