import { describe, expect, it } from "vitest";

import type { RecordedEvent } from "../protocol";
import { Outbox } from "./outbox";

interface Sent {
  seq: number;
  reset: boolean;
  events: RecordedEvent[];
}

class Scene {
  sent: Sent[] = [];
  snapshots = 0;
  now = 0;
  #work: (() => void)[] = [];
  readonly outbox = new Outbox(
    "e",
    {
      send: (text) => {
        this.sent.push(JSON.parse(text) as Sent);
        return true;
      },
    },
    () => {
      this.snapshots += 1;
      this.add({ type: 2, data: {}, timestamp: 0 });
    },
    (work) => this.#work.push(work),
    () => this.now,
  );

  add(...events: RecordedEvent[]): void {
    for (const event of events) this.outbox.add(event);
  }

  frame(): void {
    for (const work of this.#work.splice(0)) work();
  }
}

const change = (size = 1): RecordedEvent => ({ type: 3, data: { source: 0, text: "x".repeat(size) }, timestamp: 0 });
const scroll = (id: number, y: number): RecordedEvent => ({ type: 3, data: { source: 3, id, x: 0, y }, timestamp: 0 });

describe("the outbox", () => {
  it("sends what one picture gathers as one numbered batch", () => {
    const scene = new Scene();
    scene.add(change(), change());
    scene.frame();
    scene.add(change());
    scene.frame();
    expect(scene.sent.map((one) => [one.seq, one.events.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  it("waits when eight batches are not acknowledged, and loses no change", () => {
    const scene = new Scene();
    for (let n = 0; n < 12; n++) {
      scene.add(change());
      scene.frame();
    }
    expect(scene.sent.length).toBe(8);
    scene.outbox.acknowledged(8);
    expect(scene.sent.length).toBe(9);
    expect(scene.sent[8]?.events.length).toBe(4);
  });

  it("keeps only the last of an element's scrolls while it waits", () => {
    const scene = new Scene();
    for (let n = 0; n < 8; n++) {
      scene.add(change());
      scene.frame();
    }
    scene.add(scroll(1, 10), scroll(2, 5), scroll(1, 20), scroll(1, 30));
    scene.outbox.acknowledged(8);
    expect(scene.sent[8]?.events.map((one) => (one.data as { y: number }).y)).toEqual([5, 30]);
  });

  it("gives up what waits for too long, and sends a snapshot in its place", () => {
    const scene = new Scene();
    for (let n = 0; n < 8; n++) {
      scene.add(change());
      scene.frame();
    }
    scene.add(change());
    scene.now = 3001;
    scene.frame();
    scene.add(change());
    scene.outbox.acknowledged(8);
    scene.frame();
    expect(scene.snapshots).toBe(1);
    expect(scene.sent[8]).toMatchObject({ seq: 9, reset: true, events: [{ type: 2 }] });
  });

  it("sends again what the server has not got, and nothing else", () => {
    const scene = new Scene();
    for (let n = 0; n < 4; n++) {
      scene.add(change());
      scene.frame();
    }
    scene.outbox.resume(2);
    expect(scene.sent.slice(4).map((one) => one.seq)).toEqual([3, 4]);
  });

  it("starts over from what the server has when the rest is forgotten here", () => {
    const scene = new Scene();
    for (let n = 0; n < 4; n++) {
      scene.add(change());
      scene.frame();
    }
    scene.outbox.clear();
    scene.outbox.resume(1);
    scene.frame();
    expect(scene.sent.at(-1)).toMatchObject({ seq: 2, reset: true, events: [{ type: 2 }] });
  });
});
