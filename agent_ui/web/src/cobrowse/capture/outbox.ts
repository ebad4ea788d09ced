// What is on its way to the server: numbered batches, a window of those not yet acknowledged, and what waits.

import { EVENT, type RecordedEvent, SOURCE } from "../protocol";

const WINDOW_BATCHES = 8;
const WINDOW_SIZE = 256 * 1024;
const MOST_WAITING = 1024 * 1024;
const LONGEST_WAIT = 3000;
const FLUSH_WITHIN = 50;

interface Batch {
  seq: number;
  text: string;
}

interface Waiting {
  text: string;
  scroll: number;
}

export interface Wire {
  /** Whether the message could be sent. */
  send(text: string): boolean;
}

export class Outbox {
  #seq = 0;
  #unacknowledged: Batch[] = [];
  #inFlight = 0;
  #waiting: Waiting[] = [];
  #waitingSize = 0;
  #waitingSince = 0;
  #dirty = false;
  #reset = false;
  #scheduled = false;

  constructor(
    private readonly epoch: string,
    private readonly wire: Wire,
    /** Takes a new snapshot: its events come through `add`. */
    private readonly snapshot: () => void,
    private readonly schedule: (work: () => void) => void = onFrame,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** One event of the recorder. */
  add(event: RecordedEvent): void {
    if (this.#dirty) {
      return;
    }
    const scroll = scrolled(event);
    if (scroll > 0 && this.#blocked()) {
      // While nothing can leave, only the last of an element's scrolls counts.
      this.#waiting = this.#waiting.filter((one) => one.scroll !== scroll);
    }
    if (this.#waiting.length === 0) {
      this.#waitingSince = this.now();
    }
    const text = JSON.stringify(event);
    this.#waiting.push({ text, scroll });
    this.#waitingSize += text.length;
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.schedule(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }

  /** Sends what waits, if the window is open. */
  flush(): void {
    if (this.#waiting.length === 0) {
      return;
    }
    if (this.#blocked()) {
      this.#giveUp();
      return;
    }
    const events = this.#waiting.map((one) => one.text).join(",");
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#seq += 1;
    const head = { type: "batch", epoch: this.epoch, seq: this.#seq, t: Date.now(), reset: this.#reset };
    this.#reset = false;
    const batch = { seq: this.#seq, text: `${JSON.stringify(head).slice(0, -1)},"events":[${events}]}` };
    this.#unacknowledged.push(batch);
    this.#inFlight += batch.text.length;
    this.wire.send(batch.text);
  }

  /** The server has everything up to this batch. */
  acknowledged(seq: number): void {
    while (this.#unacknowledged[0] && this.#unacknowledged[0].seq <= seq) {
      this.#inFlight -= this.#unacknowledged.shift()?.text.length ?? 0;
    }
    if (this.#dirty && this.#unacknowledged.length === 0) {
      this.#dirty = false;
      this.#reset = true;
      this.snapshot();
    }
    this.flush();
  }

  /** After a new connection: the server has everything up to this batch, and gets the rest again. */
  resume(seq: number): void {
    this.acknowledged(seq);
    const next = this.#unacknowledged[0]?.seq ?? this.#seq + 1;
    if (next > seq + 1) {
      this.#startOver(seq);
      return;
    }
    for (const batch of this.#unacknowledged) {
      this.wire.send(batch.text);
    }
  }

  /** What the server lacks is forgotten here: it goes on from what it has, with a snapshot. */
  #startOver(seq: number): void {
    this.clear();
    this.#seq = seq;
    this.#reset = true;
    this.snapshot();
  }

  /** Forgets everything that has not left: the customer has paused or stopped. */
  clear(): void {
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#unacknowledged = [];
    this.#inFlight = 0;
    this.#dirty = false;
  }

  #blocked(): boolean {
    const count = this.#unacknowledged.length;
    return count >= WINDOW_BATCHES || (count > 0 && this.#inFlight + this.#waitingSize > WINDOW_SIZE);
  }

  /** Too much waits, or for too long: a snapshot will be less. Single changes are never left out. */
  #giveUp(): void {
    if (this.#waitingSize > MOST_WAITING || this.now() - this.#waitingSince > LONGEST_WAIT) {
      this.#waiting = [];
      this.#waitingSize = 0;
      this.#dirty = true;
    }
  }
}

function scrolled(event: RecordedEvent): number {
  const data = event.data as { source?: number; id?: number };
  return event.type === EVENT.INCREMENTAL && data.source === SOURCE.SCROLL ? (data.id ?? 0) : 0;
}

/** With the next picture, and soon even when no picture is drawn. */
function onFrame(work: () => void): void {
  let done = false;
  const once = () => {
    if (!done) {
      done = true;
      work();
    }
  };
  requestAnimationFrame(once);
  setTimeout(once, FLUSH_WITHIN);
}
