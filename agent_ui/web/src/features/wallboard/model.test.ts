import { describe, expect, it } from "vitest";

import type { SharedPage } from "../../cobrowse/protocol";
import type { AnyEvent, CallbackView, WallboardState } from "../../contract/contract";
import { agent, contact, pop } from "../desk/scene";
import { inOrder } from "./order";
import { emptyWallboard, reduceWallboard, type Wallboard } from "./model";

const AT = "2026-11-21T09:00:00Z";

function began(part: Partial<WallboardState> = {}): Wallboard {
  const state: WallboardState = {
    link: true,
    agents: [agent()],
    queues: [],
    contacts: [],
    offers: [],
    callbacks: [],
    pause_reasons: [],
    server_time: AT,
    ...part,
  };
  return reduceWallboard(emptyWallboard, { type: "state", state, now: Date.parse(AT) });
}

function after(board: Wallboard, ...events: object[]): Wallboard {
  return events.reduce<Wallboard>(
    (now, event) => reduceWallboard(now, { type: "event", event: { at: AT, contact: null, ...event } as AnyEvent }),
    board,
  );
}

describe("the wallboard", () => {
  it("follows a contact from the first ring to its end", () => {
    const ringing = after(began(), { type: "contact.started", view: contact({ state: "ivr" }) });
    expect(Object.keys(ringing.contacts)).toEqual(["c1"]);
    const offered = after(ringing, { type: "offer.created", offer: pop().offer });
    expect([offered.contacts.c1?.state, Object.keys(offered.offers)]).toEqual(["offered", ["o1"]]);
    const taken = after(offered, { type: "offer.ended", offer: "o1", agent: "alice", state: "accepted" });
    expect(taken.offers).toEqual({});
    expect(after(taken, { type: "contact.ended", contact: "c1" }).contacts).toEqual({});
  });

  it("drops a contact whose view says that it ended", () => {
    const board = began({ contacts: [contact()] });
    expect(after(board, { type: "contact.changed", view: contact({ state: "ended" }) }).contacts).toEqual({});
  });

  it("follows agents and queues", () => {
    const board = after(began(), { type: "agent.state_changed", agent: agent({ state: "talking" }) });
    expect(board.agents.alice?.state).toBe("talking");
    const queue = { id: "sales", waiting: 2 };
    expect(after(board, { type: "queue.changed", queue }).queues.sales?.waiting).toBe(2);
  });

  it("keeps a callback until it is done", () => {
    const callback = { id: "cb", state: "waiting" } as CallbackView;
    const board = after(began(), { type: "contact.callback_requested", callback });
    expect(Object.keys(board.callbacks)).toEqual(["cb"]);
    const done = { ...callback, state: "done" };
    expect(after(board, { type: "callback.changed", callback: done }).callbacks).toEqual({});
  });

  it("forgets whose pages are shared when it connects anew, as it is told again", () => {
    const page = { contact: "c1", ended: "" } as SharedPage;
    const board = reduceWallboard(began(), { type: "cobrowse", page });
    expect(Object.keys(board.pages)).toEqual(["c1"]);
    expect(reduceWallboard(board, { type: "connected", up: false }).pages).toEqual(board.pages);
    expect(reduceWallboard(board, { type: "connected", up: true }).pages).toEqual({});
  });

  it("puts those who are busy first, then those who are free", () => {
    const agents = [
      agent({ id: "free", name: "Free" }),
      agent({ id: "lunch", name: "Lunch", status: "on_break" }),
      agent({ id: "talks", name: "Talks", state: "talking" }),
    ];
    expect(inOrder(agents).map((one) => one.id)).toEqual(["talks", "free", "lunch"]);
  });
});
