import type { SharedPage, State, Tier, ToViewer } from "../../cobrowse/protocol";
import type { LiveCart } from "../../contract/contract";
import type { Tool } from "../../cobrowse/viewer/tools";
import type { Key } from "../../i18n/texts";

/** What an agent sees of a session, beside the mirror itself. */
export interface Shared {
  readonly state: State | null;
  readonly tool: Tool;
  readonly up: boolean;
  /** Why the session is over, or nothing. */
  readonly ended: string;
  /** The last thing that could not be done, or nothing. */
  readonly refused: string;
}

/** The sessions that are under way, by contact. */
export type SharedPages = Readonly<Record<string, SharedPage>>;

export function withPage(pages: SharedPages, page: SharedPage): SharedPages {
  if (page.ended === "") return { ...pages, [page.contact]: page };
  return Object.fromEntries(Object.entries(pages).filter(([contact]) => contact !== page.contact));
}

/** What can be done about the customer's page before the mirror is open. */
export type Opening = "shown" | "ask" | "no_page";

/** A page that the customer shows is looked at without a question; one that is not open cannot be asked for. */
export function openingOf(page: SharedPage | undefined, live: LiveCart | null): Opening {
  if (page?.tiers.view === true && page.page) return "shown";
  // Without the cart it is not known whether a page is open: asking tells.
  return live === null || live.visitor?.online === true ? "ask" : "no_page";
}

export const NOTHING_SHARED: Shared = { state: null, tool: "look", up: false, ended: "", refused: "" };

export type SharedAction =
  | { readonly type: "told"; readonly message: ToViewer }
  | { readonly type: "link"; readonly up: boolean }
  | { readonly type: "tool"; readonly tool: Tool };

/** Tools and what each needs the customer's word for. */
export const TOOLS: readonly { readonly tool: Tool; readonly needs: Tier; readonly label: Key }[] = [
  { tool: "look", needs: "view", label: "cobrowse.tool_look" },
  { tool: "point", needs: "point", label: "cobrowse.tool_point" },
  { tool: "highlight", needs: "point", label: "cobrowse.tool_highlight" },
  { tool: "please_click", needs: "point", label: "cobrowse.tool_please_click" },
  { tool: "draw", needs: "point", label: "cobrowse.tool_draw" },
  { tool: "control", needs: "control", label: "cobrowse.tool_control" },
];

export function afterShared(shared: Shared, action: SharedAction): Shared {
  switch (action.type) {
    case "link":
      return { ...shared, up: action.up };
    case "tool":
      return { ...shared, tool: action.tool, refused: "" };
    case "told":
      return told(shared, action.message);
  }
}

function told(shared: Shared, message: ToViewer): Shared {
  switch (message.type) {
    case "state": {
      const kept = message.phase === "running" && message.tiers[needsOf(shared.tool)];
      return { ...shared, state: message, up: true, tool: kept ? shared.tool : "look" };
    }
    case "ended":
      return { ...shared, ended: message.reason, state: null, tool: "look" };
    case "refused":
      return { ...shared, refused: message.reason };
    case "done":
      return { ...shared, refused: message.ok ? "" : message.reason };
    default:
      return shared;
  }
}

export function needsOf(tool: Tool): Tier {
  return TOOLS.find((one) => one.tool === tool)?.needs ?? "view";
}

/** What is said about how the session stands. */
export function wordOf({ state, up, ended }: Shared): Key {
  if (ended !== "") return ended === "card_number" ? "cobrowse.ended_card" : "cobrowse.ended";
  if (state === null || !up) return "cobrowse.connecting";
  if (!state.page) return "cobrowse.page_away";
  if (state.phase === "paused") return "cobrowse.paused";
  if (state.question !== null) return "cobrowse.asked";
  if (state.paying) return "cobrowse.paying";
  if (!state.tiers.view) return "cobrowse.not_shared";
  return state.tiers.control ? "cobrowse.controlled" : "cobrowse.shared";
}
