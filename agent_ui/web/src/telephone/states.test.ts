import { describe, expect, it } from "vitest";

import { CALL, LINK, callAfter, linkAfter, type CallEvent, type LinkEvent } from "./states";
import type { CallState, Link } from "./types";

const links = Object.keys(LINK) as Link[];
const states = Object.keys(CALL) as CallState[];

function through(...events: CallEvent[]): CallState {
  return events.reduce(callAfter, "ringing");
}

describe("the connection", () => {
  it("is lost and found again without being started anew", () => {
    const events: LinkEvent[] = ["start", "up", "registered", "down", "up", "registered"];
    const seen: Link[] = [];
    events.reduce<Link>((link, event) => {
      const next = linkAfter(link, event);
      seen.push(next);
      return next;
    }, "off");
    expect(seen).toEqual(["connecting", "connected", "registered", "lost", "connected", "registered"]);
  });

  it.each(links)("can be refused when %s, and stays so until it is started again", (link) => {
    const refused = linkAfter(link, "refused");
    expect(refused).toBe("refused");
    for (const event of ["up", "down", "registered", "unregistered"] as const) expect(linkAfter(refused, event)).toBe("refused");
    expect(linkAfter(refused, "start")).toBe("connecting");
  });

  it("ignores what a socket says that was given up", () => {
    expect(linkAfter("off", "up")).toBe("off");
    expect(linkAfter("off", "down")).toBe("off");
    expect(linkAfter("lost", "registered")).toBe("lost");
  });
});

describe("a call", () => {
  it("rings, is answered, held and resumed", () => {
    expect(through("answer")).toBe("answering");
    expect(through("answer", "connected", "held")).toBe("held");
    expect(through("answer", "connected", "held", "resumed")).toBe("talking");
  });

  it("still rings when the microphone could not be had", () => {
    expect(through("answer", "unanswered")).toBe("ringing");
  });

  it("goes on after its audio was lost", () => {
    expect(through("answer", "connected", "audio lost")).toBe("recovering");
    expect(through("answer", "connected", "audio lost", "connected")).toBe("talking");
    expect(through("answer", "connected", "held", "audio lost", "audio back")).toBe("talking");
  });

  it.each(states)("that is %s can end, once", (state) => {
    expect(callAfter(state, "over")).toBe("ended");
    for (const event of ["connected", "answer", "audio back", "resumed"] as const) expect(callAfter("ended", event)).toBe("ended");
  });

  it("does not lose audio that it never had", () => {
    expect(callAfter("ringing", "audio lost")).toBe("ringing");
    expect(callAfter("calling", "audio lost")).toBe("calling");
  });
});
