// Plays one contact's line of time: what is heard leads, and where nothing is heard, the clock does.

import { type Span, spanAt, type Timeline } from "./model";

/** An audio element, as far as it is needed. */
export interface Sound {
  currentTime: number;
  playbackRate: number;
  readonly ended: boolean;
  play: () => Promise<void>;
  pause: () => void;
}

export interface Standing {
  readonly at: number;
  readonly playing: boolean;
  readonly speed: number;
}

export class Playback {
  #from = 0;
  #since = 0;
  #playing = false;
  #speed = 1;
  #heard: { span: Span; sound: Sound } | null = null;

  constructor(
    private readonly timeline: Timeline,
    private readonly soundOf: (id: string) => Sound | null,
    private readonly now: () => number,
    private readonly failed: () => void,
  ) {}

  get standing(): Standing {
    return { at: this.#at(), playing: this.#playing, speed: this.#speed };
  }

  play(): void {
    if (!this.#playing) {
      this.#from = this.#at() >= this.timeline.length ? 0 : this.#at();
      this.#since = this.now();
      this.#playing = true;
      this.#listen();
    }
  }

  pause(): void {
    this.#goTo(this.#at());
    this.#playing = false;
  }

  seek(at: number): void {
    this.#goTo(Math.min(this.timeline.length, Math.max(0, at)));
    if (this.#playing) this.#listen();
  }

  setSpeed(speed: number): void {
    this.#from = this.#at();
    this.#since = this.now();
    this.#speed = speed;
    if (this.#heard) this.#heard.sound.playbackRate = speed;
  }

  /** Lets time pass: recordings begin and end, and at the very end it pauses. To be called often. */
  tick(): Standing {
    if (this.#playing) {
      const heard = this.#heard;
      if (heard && (heard.sound.ended || this.#at() >= heard.span.end)) this.#goTo(heard.span.end);
      if (this.#at() >= this.timeline.length) {
        this.#goTo(this.timeline.length);
        this.#playing = false;
      } else {
        this.#listen();
      }
    }
    return this.standing;
  }

  /** Ends it: nothing is heard any more. */
  stop(): void {
    this.pause();
  }

  #at(): number {
    if (!this.#playing) return this.#from;
    if (this.#heard) return this.#heard.span.begin + this.#heard.sound.currentTime;
    return Math.min(this.timeline.length, this.#from + ((this.now() - this.#since) / 1000) * this.#speed);
  }

  #goTo(at: number): void {
    this.#heard?.sound.pause();
    this.#heard = null;
    this.#from = at;
    this.#since = this.now();
  }

  /** Begins to play what is to be heard here, if it does not play already. */
  #listen(): void {
    const at = this.#at();
    const span = this.#heard ? null : spanAt(this.timeline.sounds, at);
    const sound = span && this.soundOf(span.id);
    if (!span || !sound) return;
    sound.currentTime = at - span.begin;
    sound.playbackRate = this.#speed;
    this.#heard = { span, sound };
    sound.play().catch((error: unknown) => {
      // Paused before it had begun: nothing is wrong.
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        this.pause();
        this.failed();
      }
    });
  }
}
