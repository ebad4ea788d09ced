import { describe, expect, it } from "vitest";

import type { AgentView, AnyEvent, LiveCart, TimelineEntry } from "../../contract/contract";
import { emptyDesk, isOwn, ownLeg, phaseOf, reduceDesk, type Desk, type DeskAction } from "./model";
import { agent, contact, file, pop, state } from "./scene";

const AT = { at: "2026-11-21T09:00:00Z" };

function after(desk: Desk, ...actions: DeskAction[]): Desk {
  return actions.reduce(reduceDesk, desk);
}

function began(part = {}): Desk {
  return reduceDesk(emptyDesk, { type: "state", state: state(part), now: Date.parse(AT.at) });
}

function event(happened: object): DeskAction {
  return { type: "event", event: { ...AT, contact: "c1", ...happened } as AnyEvent };
}

function stateOf(me: AgentView): DeskAction {
  return event({ type: "agent.state_changed", agent: me });
}

function offerEnded(how: string, id = "o1", whose = "alice"): DeskAction {
  return event({ type: "offer.ended", offer: id, agent: whose, state: how, reason: "" });
}

describe("an offer", () => {
  it("turns an idle desk into an answer that is wanted", () => {
    expect(phaseOf(began())).toBe("idle");
    expect(phaseOf(after(began(), { type: "offer", pop: pop() }))).toBe("offer");
  });

  it("that is accepted becomes the contact, with all that was known of it", () => {
    const desk = after(began(), { type: "offer", pop: pop() }, offerEnded("accepted"));
    expect(desk.offers).toEqual([]);
    expect(desk.file).toEqual(pop().file);
  });

  it("that was declined leaves nothing behind", () => {
    const desk = after(began(), { type: "offer", pop: pop() }, offerEnded("rejected"));
    expect([desk.offers, desk.file, desk.missed]).toEqual([[], null, null]);
  });

  it.each(["timed_out", "rescinded", "canceled"] as const)("that was %s is told as missed", (how) => {
    const desk = after(began(), { type: "offer", pop: pop() }, offerEnded(how));
    expect(desk.missed).toEqual({ who: "+33 612 345 678", how });
    expect(after(desk, { type: "missed seen" }).missed).toBeNull();
  });

  it("forgets what was missed before", () => {
    const missed = after(began(), { type: "offer", pop: pop() }, offerEnded("canceled"));
    expect(after(missed, { type: "offer", pop: pop("o2") }).missed).toBeNull();
  });

  it("that comes twice is there once", () => {
    const desk = after(began(), { type: "offer", pop: pop() }, { type: "offer", pop: pop() });
    expect(desk.offers).toHaveLength(1);
  });

  it("takes the place of what was known while only the phone rang", () => {
    const desk = after(began(), { type: "file", file: file() }, { type: "offer", pop: pop() });
    expect([phaseOf(desk), desk.file]).toEqual(["offer", null]);
  });

  it("of somebody else, which a supervisor hears of, changes nothing", () => {
    const desk = after(began(), { type: "offer", pop: pop() });
    expect(after(desk, offerEnded("accepted", "o1", "benoit"))).toBe(desk);
    expect(after(desk, offerEnded("accepted", "o9"))).toBe(desk);
  });
});

describe("a contact", () => {
  const talking = after(
    began(),
    { type: "offer", pop: pop() },
    offerEnded("accepted"),
    stateOf(agent({ state: "talking", contact: "c1" })),
  );

  it("is a call while its agent talks", () => {
    expect(phaseOf(talking)).toBe("call");
  });

  it("follows its view", () => {
    const view = contact({ state: "held", agent: "alice" });
    expect(after(talking, event({ type: "contact.changed", view })).file?.contact).toEqual(view);
  });

  it("of somebody else is not taken for one's own", () => {
    const view = contact({ id: "c2", agent: "benoit" });
    expect(after(talking, event({ type: "contact.changed", contact: "c2", view }))).toEqual(talking);
  });

  it.each([
    ["call.held", "held"],
    ["call.resumed", "talking"],
  ])("after %s is %s", (type, expected) => {
    expect(after(talking, event({ type })).file?.contact.state).toBe(expected);
  });

  it.each([
    ["recording.started", "recording"],
    ["recording.paused", "paused"],
    ["recording.resumed", "recording"],
    ["recording.failed", "failed"],
    ["recording.finished", "off"],
  ])("after %s has its recording %s", (type, expected) => {
    expect(after(talking, event({ type, recording: "r" })).file?.contact.recording).toBe(expected);
  });

  it("that ended is wrapped up, then over", () => {
    const ended = after(talking, event({ type: "contact.ended", outcome: "answered", reason: "", agent: "alice" }));
    const wrapping = after(ended, stateOf(agent({ state: "wrap_up", contact: "c1" })));
    expect(phaseOf(wrapping)).toBe("wrap_up");
    const over = after(wrapping, stateOf(agent()));
    expect([phaseOf(over), over.file]).toEqual(["idle", null]);
  });

  it("stays while its agent is called idle for a moment", () => {
    expect(after(talking, stateOf(agent())).file?.contact.id).toBe("c1");
  });

  it("that goes on without its agent is wrapped up, then over", () => {
    const left = after(talking, { type: "left", contact: "c1" });
    expect(phaseOf(left)).toBe("call");
    const wrapping = after(left, stateOf(agent({ state: "wrap_up", contact: "c1" })));
    expect(phaseOf(wrapping)).toBe("wrap_up");
    expect(after(wrapping, stateOf(agent())).file).toBeNull();
  });

  it("that an idle agent leaves is gone at once", () => {
    const idle = after(talking, stateOf(agent()));
    expect(after(idle, { type: "left", contact: "c1" }).file).toBeNull();
    expect(after(idle, { type: "left", contact: "c2" }).file).not.toBeNull();
  });

  it("does not vanish between its end and the wrap-up", () => {
    const ended = after(talking, event({ type: "contact.ended", outcome: "answered", reason: "", agent: "alice" }));
    expect(phaseOf(ended)).toBe("call");
  });

  it("comes with its file to somebody who is called into it", () => {
    const joined = after(
      began(),
      stateOf(agent({ state: "talking", contact: "c1" })),
      { type: "file", file: file({ state: "talking", agent: "benoit" }) },
    );
    expect(phaseOf(joined)).toBe("call");
    expect(isOwn(contact({ agent: "benoit" }), joined.me)).toBe(false);
  });

  it("finds one's own leg among all", () => {
    const legs = ["benoit", "alice"].map((who) => ({
      id: who,
      role: "agent" as const,
      state: "connected" as const,
      label: who,
      agent: who,
      muted: false,
      away: false,
    }));
    expect(ownLeg(contact({ participants: legs }), agent())?.id).toBe("alice");
    expect(ownLeg(contact({ participants: legs }), null)).toBeUndefined();
  });
});

describe("the desk", () => {
  it("knows how far this browser's clock is off", () => {
    const late = reduceDesk(emptyDesk, { type: "state", state: state(), now: Date.parse(AT.at) - 5000 });
    expect(late.skew).toBe(5000);
  });

  it("takes over everything after a lost connection", () => {
    const before = after(began(), { type: "offer", pop: pop() }, { type: "connected", up: false });
    const again = after(before, { type: "state", state: state({ file: file() }), now: 0 });
    expect([again.offers, again.file?.contact.id]).toEqual([[], "c1"]);
  });

  it("updates the queues it shows, and no others", () => {
    const queue = { id: "sales", name: "Sales", waiting: 0 } as Desk["queues"][number];
    const desk = began({ queues: [queue] });
    const changed = after(
      desk,
      event({ type: "queue.changed", queue: { ...queue, waiting: 4 } }),
      event({ type: "queue.changed", queue: { ...queue, id: "other", waiting: 9 } }),
    );
    expect(changed.queues.map((one) => one.waiting)).toEqual([4]);
  });

  it("says whether server and telephone system are there", () => {
    const desk = after(began(), { type: "link", up: false }, { type: "connected", up: true });
    expect([desk.link, desk.connected]).toEqual([false, true]);
  });

  it("ignores another agent's state", () => {
    const desk = began();
    expect(after(desk, stateOf(agent({ id: "benoit", state: "talking" })))).toBe(desk);
  });
});

describe("the timeline", () => {
  const entry = (id: string, at = AT.at): TimelineEntry => ({ id, at, what: "call.held", actor_kind: "agent", actor: "alice", sku: null, name: null, details: {} });
  const news = (id: string, of = "c1") => ({ type: "timeline", news: { contact: of, entries: [entry(id)] } }) as const;
  const ids = (desk: Desk) => desk.file?.timeline.map((one) => one.id);

  it("grows by what is told of the contact, in the call and in the offer", () => {
    const desk = after({ ...emptyDesk, file: file(), offers: [pop()] }, news("a"), news("b", "c2"));
    expect(ids(desk)).toEqual(["a"]);
    expect(desk.offers[0]?.file.timeline.map((one) => one.id)).toEqual(["a"]);
  });

  it("keeps what was told while the file was read again", () => {
    const desk = after({ ...emptyDesk, file: file() }, news("b"), { type: "file", file: { ...file(), timeline: [entry("a")] } });
    expect(ids(desk)?.toSorted()).toEqual(["a", "b"]);
    const restarted = after(desk, { type: "state", state: state({ file: { ...file(), timeline: [entry("a")] } }), now: 0 });
    expect(ids(restarted)?.toSorted()).toEqual(["a", "b"]);
  });

  it("of another contact is not carried over", () => {
    const desk = after({ ...emptyDesk, file: file() }, news("b"), { type: "file", file: file({ id: "c2" }) });
    expect(ids(desk)).toEqual([]);
  });
});

describe("the live cart", () => {
  const live = (part: Partial<LiveCart> = {}): LiveCart => ({
    contact: "c1",
    visitor: null,
    cart: null,
    page_cart: null,
    history: [],
    startable: false,
    shop: { prepares_orders: false, applies_coupons: false },
    server_time: "2026-11-21T09:00:05Z",
    ...part,
  });

  it("is the contact's own, in the call and in the offer", () => {
    const talking = reduceDesk({ ...emptyDesk, file: file() }, { type: "cart", live: live() });
    expect(talking.file?.live).toEqual(live());
    const offered = reduceDesk({ ...emptyDesk, offers: [pop()] }, { type: "cart", live: live() });
    expect(offered.offers[0]?.file.live).toEqual(live());
  });

  it("of another contact changes nothing", () => {
    const desk = { ...emptyDesk, file: file(), offers: [pop()] };
    expect(reduceDesk(desk, { type: "cart", live: live({ contact: "c2" }) })).toEqual(desk);
  });

  it("that was read earlier and comes later is dropped", () => {
    const now = reduceDesk({ ...emptyDesk, file: file() }, { type: "cart", live: live() });
    const earlier = live({ server_time: "2026-11-21T09:00:04Z", startable: true });
    expect(reduceDesk(now, { type: "cart", live: earlier }).file?.live).toEqual(live());
  });
});
