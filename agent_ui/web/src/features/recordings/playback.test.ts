import { beforeEach, expect, test } from "vitest";

import type { Timeline } from "./model";
import { Playback, type Sound } from "./playback";

/** An hour of sound that plays while the test's clock runs. */
class FakeSound implements Sound {
  playbackRate = 1;
  playing = false;
  refuses = false;
  #time = 0;

  constructor(private readonly length: number) {}

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(time: number) {
    this.#time = time;
  }

  get ended(): boolean {
    return this.#time >= this.length;
  }

  play(): Promise<void> {
    if (this.refuses) return Promise.reject(new Error("no such file"));
    this.playing = true;
    return Promise.resolve();
  }

  pause(): void {
    this.playing = false;
  }

  runs(seconds: number): void {
    if (this.playing) this.#time = Math.min(this.length, this.#time + seconds * this.playbackRate);
  }
}

const timeline: Timeline = {
  began: 0,
  length: 30,
  sounds: [
    { id: "r1", begin: 5, end: 15 },
    { id: "r2", begin: 20, end: 25 },
  ],
  pages: [],
};

let now = 0;
let failures = 0;
let sounds: Record<string, FakeSound>;
let playback: Playback;

beforeEach(() => {
  now = failures = 0;
  sounds = { r1: new FakeSound(10), r2: new FakeSound(5) };
  playback = new Playback(timeline, (id) => sounds[id] ?? null, () => now, () => (failures += 1));
});

function passes(seconds: number): void {
  for (let step = 0; step < Math.round(seconds * 10); step += 1) {
    now += 100;
    Object.values(sounds).forEach((one) => one.runs(0.1));
    playback.tick();
  }
}

const playing = () => Object.keys(sounds).filter((id) => sounds[id]?.playing);

test("each recording plays at its time, and the clock goes on where there is none", () => {
  playback.play();
  passes(4);
  expect([playback.standing.at, playing()]).toEqual([4, []]);
  passes(3);
  expect(playing()).toEqual(["r1"]);
  expect(playback.standing.at).toBeCloseTo(7, 1);
  passes(10);
  expect(playing()).toEqual([]);
  expect(playback.standing.at).toBeCloseTo(17, 0);
  passes(5);
  expect(playing()).toEqual(["r2"]);
});

test("at the very end it pauses, and playing begins anew", () => {
  playback.seek(29);
  playback.play();
  passes(2);
  expect(playback.standing).toEqual({ at: 30, playing: false, speed: 1 });
  playback.play();
  expect(playback.standing.at).toBe(0);
});

test("what is heard leads: while it loads, time stands", () => {
  playback.seek(6);
  playback.play();
  for (let step = 0; step < 20; step += 1) {
    now += 100;
    playback.tick();
  }
  expect(playback.standing.at).toBe(6);
});

test("a pause stops what is heard, and playing goes on from there", () => {
  playback.seek(6);
  playback.play();
  passes(2);
  playback.pause();
  expect(playing()).toEqual([]);
  passes(3);
  expect(playback.standing.at).toBeCloseTo(8, 1);
  playback.play();
  expect(sounds.r1?.currentTime).toBeCloseTo(3, 1);
});

test("seeking takes what is heard along, or leaves it", () => {
  playback.play();
  playback.seek(21.5);
  expect([playing(), sounds.r2?.currentTime]).toEqual([["r2"], 1.5]);
  playback.seek(16);
  expect(playing()).toEqual([]);
  playback.seek(999);
  expect(playback.standing.at).toBe(30);
});

test("the speed holds for what is heard and for the clock", () => {
  playback.setSpeed(2);
  playback.play();
  passes(2);
  expect(playback.standing.at).toBeCloseTo(4, 1);
  passes(2);
  expect(sounds.r1?.playbackRate).toBe(2);
  expect(playback.standing.at).toBeCloseTo(8, 0);
  playback.setSpeed(0.5);
  expect(sounds.r1?.playbackRate).toBe(0.5);
});

test("what cannot be played is said, and it pauses", async () => {
  const gone = new FakeSound(10);
  gone.refuses = true;
  sounds = { r1: gone };
  playback.seek(6);
  playback.play();
  await Promise.resolve();
  await Promise.resolve();
  expect([failures, playback.standing.playing]).toEqual([1, false]);
});
