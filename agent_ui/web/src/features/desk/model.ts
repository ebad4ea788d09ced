import type {
  AgentView,
  AnyEvent,
  Choice,
  ContactFile,
  ContactView,
  DeskState,
  LiveCart,
  ParticipantView,
  QueueView,
  ScreenPop,
  TimelineNews,
} from "../../contract/contract";
import type { SharedPage } from "../../cobrowse/protocol";
import { withPage, type SharedPages } from "../cobrowse/model";
import { merged } from "../timeline/model";
import { whoIn } from "./who";

/** How an offer that was shown went away without this agent taking it. */
export interface Missed {
  readonly who: string | null;
  readonly how: "timed_out" | "rescinded" | "canceled";
}

/** All that an agent's desk shows. */
export interface Desk {
  /** Whether the state has come at all. */
  readonly ready: boolean;
  /** Whether the page has its connection to the server. */
  readonly connected: boolean;
  /** Whether the server reaches the telephone system. */
  readonly link: boolean;
  /** Server time minus this browser's, in milliseconds. */
  readonly skew: number;
  readonly me: AgentView | null;
  readonly queues: readonly QueueView[];
  readonly offers: readonly ScreenPop[];
  readonly file: ContactFile | null;
  /** Whether this agent's part in it is over, but for the wrap-up. */
  readonly over: boolean;
  readonly missed: Missed | null;
  readonly pauseReasons: readonly Choice[];
  readonly dispositions: readonly Choice[];
  /** Whose pages are shared, by contact. */
  readonly pages: SharedPages;
  /** The agents' names by id. */
  readonly names: Readonly<Record<string, string>>;
}

export type DeskAction =
  | { readonly type: "state"; readonly state: DeskState; readonly now: number }
  | { readonly type: "offer"; readonly pop: ScreenPop }
  | { readonly type: "file"; readonly file: ContactFile }
  | { readonly type: "cart"; readonly live: LiveCart }
  | { readonly type: "timeline"; readonly news: TimelineNews }
  | { readonly type: "left"; readonly contact: string }
  | { readonly type: "event"; readonly event: AnyEvent }
  | { readonly type: "link"; readonly up: boolean }
  | { readonly type: "cobrowse"; readonly page: SharedPage }
  | { readonly type: "connected"; readonly up: boolean }
  | { readonly type: "missed seen" };

export const emptyDesk: Desk = {
  ready: false,
  connected: false,
  link: true,
  skew: 0,
  me: null,
  queues: [],
  offers: [],
  file: null,
  over: false,
  missed: null,
  pauseReasons: [],
  dispositions: [],
  pages: {},
  names: {},
};

/** What the agent is in the middle of. */
export type Phase = "idle" | "offer" | "call" | "wrap_up";

export function phaseOf(desk: Desk): Phase {
  if (desk.file !== null && desk.me?.state === "wrap_up") return "wrap_up";
  const talking = desk.me?.state === "talking" || desk.me?.state === "holding";
  if (desk.file !== null && (talking || desk.file.contact.state !== "ended")) return "call";
  return desk.offers.length > 0 ? "offer" : "idle";
}

/** Whether the contact is this agent's own, and not one they were only called into. */
export function isOwn(contact: ContactView, me: AgentView | null): boolean {
  return me !== null && contact.agent === me.id;
}

export function ownLeg(contact: ContactView, me: AgentView | null): ParticipantView | undefined {
  return contact.participants.find((leg) => leg.agent !== null && leg.agent === me?.id);
}

export function reduceDesk(desk: Desk, action: DeskAction): Desk {
  switch (action.type) {
    case "state":
      return fromState(desk, action.state, action.now);
    case "offer":
      return withOffer(desk, action.pop);
    case "file":
      return withFile(desk, action.file);
    case "cart":
      return withCart(desk, action.live);
    case "timeline":
      return withNews(desk, action.news);
    case "left":
      return leftBehind(desk, action.contact);
    case "event":
      return withEvent(desk, action.event);
    case "link":
      return { ...desk, link: action.up };
    case "cobrowse":
      return { ...desk, pages: withPage(desk.pages, action.page) };
    case "connected":
      // Whoever connects is told anew which pages are shared.
      return { ...desk, connected: action.up, pages: action.up ? {} : desk.pages };
    case "missed seen":
      return { ...desk, missed: null };
  }
}

function fromState(desk: Desk, state: DeskState, now: number): Desk {
  return {
    ...desk,
    ready: true,
    link: state.link,
    skew: Date.parse(state.server_time) - now,
    me: state.me,
    queues: state.queues,
    offers: state.offers,
    file: state.file && withEarlier(state.file, desk.file),
    over: state.file?.contact.state === "ended",
    pauseReasons: state.pause_reasons,
    dispositions: state.dispositions,
    names: state.names,
  };
}

function withOffer(desk: Desk, pop: ScreenPop): Desk {
  const others = desk.offers.filter((other) => other.offer.id !== pop.offer.id);
  const file = desk.file?.contact.id === pop.offer.contact.id ? null : desk.file;
  return { ...desk, file, over: false, offers: [...others, pop], missed: null };
}

/** The server sends a contact's file to those who take part in it: the latest one is the one to work on. */
function withFile(desk: Desk, file: ContactFile): Desk {
  const offers = desk.offers.filter((pop) => pop.offer.contact.id !== file.contact.id);
  return { ...desk, file: withEarlier(file, desk.file), over: false, offers };
}

/** What was told while the file was on its way is not lost. */
function withEarlier(file: ContactFile, earlier: ContactFile | null): ContactFile {
  if (earlier?.contact.id !== file.contact.id) return file;
  return { ...file, timeline: merged(earlier.timeline, file.timeline) };
}

/** What has just happened in a contact on this desk. */
function withNews(desk: Desk, news: TimelineNews): Desk {
  const told = (file: ContactFile): ContactFile =>
    file.contact.id === news.contact ? { ...file, timeline: merged(file.timeline, news.entries) } : file;
  const offers = desk.offers.map((pop) => (pop.file.contact.id === news.contact ? { ...pop, file: told(pop.file) } : pop));
  return { ...desk, file: desk.file && told(desk.file), offers };
}

/** The customer's page and cart of a contact on this desk; what was read earlier and comes later is dropped. */
function withCart(desk: Desk, live: LiveCart): Desk {
  const told = (file: ContactFile): ContactFile => {
    if (file.contact.id !== live.contact) return file;
    const older = file.live !== null && Date.parse(file.live.server_time) > Date.parse(live.server_time);
    return older ? file : { ...file, live };
  };
  const offers = desk.offers.map((pop) => (pop.file.contact.id === live.contact ? { ...pop, file: told(pop.file) } : pop));
  return { ...desk, file: desk.file && told(desk.file), offers };
}

function withEvent(desk: Desk, event: AnyEvent): Desk {
  switch (event.type) {
    case "offer.ended":
      return event.agent === desk.me?.id ? withoutOffer(desk, event.offer, event.state) : desk;
    case "agent.status_changed":
    case "agent.state_changed":
      return event.agent.id === desk.me?.id ? withMe(desk, event.agent) : desk;
    case "queue.changed":
      return { ...desk, queues: desk.queues.map((old) => (old.id === event.queue.id ? event.queue : old)) };
    case "contact.changed":
    case "contact.queued":
      return withContact(desk, event.view.id, () => event.view);
    case "contact.ended":
      return leftBehind(
        withContact(desk, event.contact, (contact) => ({ ...contact, state: "ended", participants: [] })),
        event.contact,
      );
    case "call.held":
      return withContact(desk, event.contact, (contact) => ({ ...contact, state: "held" }));
    case "call.resumed":
      return withContact(desk, event.contact, (contact) => ({ ...contact, state: "talking" }));
    case "recording.started":
    case "recording.resumed":
      return withContact(desk, event.contact, (contact) => ({ ...contact, recording: "recording" }));
    case "recording.paused":
      return withContact(desk, event.contact, (contact) => ({ ...contact, recording: "paused" }));
    case "recording.finished":
      return withContact(desk, event.contact, (contact) => ({ ...contact, recording: "off" }));
    case "recording.failed":
      return withContact(desk, event.contact, (contact) => ({ ...contact, recording: "failed" }));
    default:
      return desk;
  }
}

function withoutOffer(desk: Desk, id: string, how: ScreenPop["offer"]["state"]): Desk {
  const pop = desk.offers.find((one) => one.offer.id === id);
  if (pop === undefined) return desk;
  const rest = { ...desk, offers: desk.offers.filter((one) => one !== pop) };
  if (how === "accepted") return { ...rest, file: pop.file, over: false };
  if (how === "rejected" || how === "pending") return rest;
  return { ...rest, missed: { who: whoIn(pop.file, desk), how } };
}

/** An agent may be called idle for a moment between two states: a contact goes only once it is over for them. */
function withMe(desk: Desk, me: AgentView): Desk {
  return cleared({ ...desk, me });
}

function leftBehind(desk: Desk, contact: string | null): Desk {
  return desk.file?.contact.id === contact ? cleared({ ...desk, over: true }) : desk;
}

function cleared(desk: Desk): Desk {
  const free = desk.me?.state === "idle" && desk.me.contact === null;
  return desk.over && free ? { ...desk, file: null, over: false } : desk;
}

function withContact(desk: Desk, id: string | null, change: (contact: ContactView) => ContactView): Desk {
  const { file } = desk;
  if (file === null) return desk;
  return file.contact.id === id ? { ...desk, file: { ...file, contact: change(file.contact) } } : desk;
}
