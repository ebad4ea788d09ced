import type {
  AgentView,
  AnyEvent,
  CallbackView,
  Choice,
  ContactView,
  OfferView,
  QueueView,
  WallboardState,
} from "../../contract/contract";
import type { SharedPage } from "../../cobrowse/protocol";
import { withPage, type SharedPages } from "../cobrowse/model";

type ById<T> = Readonly<Record<string, T>>;

/** Everything live, by id. */
export interface Wallboard {
  readonly ready: boolean;
  readonly connected: boolean;
  readonly link: boolean;
  readonly skew: number;
  readonly agents: ById<AgentView>;
  readonly queues: ById<QueueView>;
  readonly contacts: ById<ContactView>;
  readonly offers: ById<OfferView>;
  readonly callbacks: ById<CallbackView>;
  readonly pauseReasons: readonly Choice[];
  /** Whose pages are shared, by contact. */
  readonly pages: SharedPages;
}

export type WallboardAction =
  | { readonly type: "state"; readonly state: WallboardState; readonly now: number }
  | { readonly type: "event"; readonly event: AnyEvent }
  | { readonly type: "link"; readonly up: boolean }
  | { readonly type: "cobrowse"; readonly page: SharedPage }
  | { readonly type: "connected"; readonly up: boolean };

export const emptyWallboard: Wallboard = {
  ready: false,
  connected: false,
  link: true,
  skew: 0,
  agents: {},
  queues: {},
  contacts: {},
  offers: {},
  callbacks: {},
  pauseReasons: [],
  pages: {},
};

export function reduceWallboard(board: Wallboard, action: WallboardAction): Wallboard {
  switch (action.type) {
    case "state":
      return fromState(board, action.state, action.now);
    case "event":
      return withEvent(board, action.event);
    case "link":
      return { ...board, link: action.up };
    case "cobrowse":
      return { ...board, pages: withPage(board.pages, action.page) };
    case "connected":
      // Whoever connects is told anew which pages are shared.
      return { ...board, connected: action.up, pages: action.up ? {} : board.pages };
  }
}

function fromState(board: Wallboard, state: WallboardState, now: number): Wallboard {
  return {
    ...board,
    ready: true,
    link: state.link,
    skew: Date.parse(state.server_time) - now,
    agents: byId(state.agents),
    queues: byId(state.queues),
    contacts: byId(state.contacts),
    offers: byId(state.offers),
    callbacks: byId(state.callbacks),
    pauseReasons: state.pause_reasons,
  };
}

function withEvent(board: Wallboard, event: AnyEvent): Wallboard {
  switch (event.type) {
    case "agent.status_changed":
    case "agent.state_changed":
      return { ...board, agents: put(board.agents, event.agent) };
    case "queue.changed":
      return { ...board, queues: put(board.queues, event.queue) };
    case "contact.started":
    case "contact.changed":
    case "contact.queued":
      return { ...board, contacts: withView(board.contacts, event.view) };
    case "contact.ended":
      return { ...board, contacts: drop(board.contacts, event.contact) };
    case "offer.created":
      return { ...board, offers: put(board.offers, event.offer), contacts: put(board.contacts, event.offer.contact) };
    case "offer.ended":
      return { ...board, offers: drop(board.offers, event.offer) };
    case "contact.callback_requested":
    case "callback.changed":
      return { ...board, callbacks: withCallback(board.callbacks, event.callback) };
    default:
      return board;
  }
}

function withView(contacts: ById<ContactView>, view: ContactView): ById<ContactView> {
  return view.state === "ended" ? drop(contacts, view.id) : put(contacts, view);
}

function withCallback(callbacks: ById<CallbackView>, changed: CallbackView): ById<CallbackView> {
  const over = changed.state === "done" || changed.state === "failed";
  return over ? drop(callbacks, changed.id) : put(callbacks, changed);
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ById<T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}

function put<T extends { readonly id: string }>(items: ById<T>, item: T): ById<T> {
  return { ...items, [item.id]: item };
}

function drop<T>(items: ById<T>, id: string | null): ById<T> {
  if (id === null || !(id in items)) return items;
  return Object.fromEntries(Object.entries(items).filter(([key]) => key !== id));
}
