import type { AgentView, ContactFile, ContactView, DeskState, ScreenPop } from "../../contract/contract";

/** Views for tests, with what a test does not care about filled in. */
const NOW = "2026-11-21T09:00:00Z";

export function agent(part: Partial<AgentView> = {}): AgentView {
  return {
    id: "alice",
    name: "Alice",
    status: "available",
    pause_reason: null,
    status_since: NOW,
    state: "idle",
    state_since: NOW,
    contact: null,
    queues: ["sales"],
    phone: "alice",
    phone_registered: true,
    phone_busy: false,
    misses: 0,
    wrap_up_ends: null,
    ...part,
  };
}

export function contact(part: Partial<ContactView> = {}): ContactView {
  return {
    id: "c1",
    channel: "voice",
    direction: "inbound",
    state: "offered",
    caller: "+33612345678",
    called: "4000",
    language: "en",
    customer_id: null,
    order_number: null,
    flow: "shop",
    flow_version: null,
    path: [],
    queue: "sales",
    priority: 0,
    agent: null,
    participants: [],
    recording: "off",
    started_at: NOW,
    queued_at: NOW,
    answered_at: null,
    callback: false,
    visitor: null,
    site: null,
    stranger: false,
    ...part,
  };
}

export function file(part: Partial<ContactView> = {}): ContactFile {
  return { contact: contact(part), panel: null, live: null, timeline: [], shop_away: false, history: [] };
}

export function pop(id = "o1", part: Partial<ContactView> = {}): ScreenPop {
  const offered = contact(part);
  return {
    offer: {
      id,
      agent: "alice",
      contact: offered,
      queue: "sales",
      state: "pending",
      created_at: NOW,
      expires_at: "2026-11-21T09:00:20Z",
    },
    file: file(part),
    server_time: NOW,
  };
}

export function state(part: Partial<DeskState> = {}): DeskState {
  return {
    link: true,
    me: agent(),
    queues: [],
    offers: [],
    file: null,
    pause_reasons: [],
    dispositions: [],
    names: {},
    server_time: NOW,
    ...part,
  };
}
