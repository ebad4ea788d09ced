import type { Api } from "../../api/http";
import { Refused } from "../../api/refusal";
import { createStore, type Store } from "../../store/store";
import { credentialsOf } from "../../telephone/credentials";
import { CredentialsRefused } from "../../telephone/errors";
import { MicrophoneError, microphonePermission, openMicrophone } from "../../telephone/microphone";
import type { Call, Credentials, MicrophoneProblem, Telephone } from "../../telephone/types";
import { beep } from "../offer/ring";
import type { Choices } from "./choices";
import { deviceFor, unplugged, watchDevices, type Device } from "./devices";
import { askForHeadset, knownHeadset, type Headset } from "./headset";
import type { Button } from "./hid";
import { oneTab, type TabLock } from "./lock";
import { listenToMediaKeys, showMicrophone } from "./mediaKeys";
import { keepsCall, rememberCall } from "./memory";
import { liveCall, NO_SOFTPHONE, reduceSoftphone, ringingFor, type Softphone, type SoftphoneAction } from "./model";

/** What the telephone says to the person. */
export interface Word {
  readonly about: "unplugged" | "microphone_lost" | "not_taken_back";
  readonly device: string;
}

export interface SoftphoneOptions {
  readonly username: string;
  readonly api: Pick<Api, "phoneTicket" | "away">;
  readonly choices: Store<Choices, Partial<Choices>>;
}

/** Whoever acts on what the telephone cannot do by itself. */
export interface Hearer {
  readonly word?: (word: Word) => void;
  /** A headset's button was pressed. */
  readonly button?: (button: Button) => void;
}

type Listener = (microphone: number, speaker: number) => void;

/** Refusals after which asking again is of no use. */
const FINAL: ReadonlySet<string> = new Set(["softphone.no_phone", "session.ended", "request.forbidden", "request.csrf"]);
const TRIES = 8;
const BETWEEN_TRIES = 1_500;
/** Milliseconds until the telephone's code is asked for again. */
const LOAD_AGAIN = 5_000;
/** Milliseconds for which an offer's call may be on its way. */
const COMING = 1_500;

/** The agent's telephone in this tab: JsSIP is loaded when calls are to be answered here, and not before. */
export class SoftphoneHere {
  readonly store: Store<Softphone, SoftphoneAction> = createStore(reduceSoftphone, NO_SOFTPHONE);
  readonly choices: Store<Choices, Partial<Choices>>;
  readonly #options: SoftphoneOptions;
  readonly #levels = new Set<Listener>();
  readonly #hearers = new Set<Hearer>();
  #telephone: Telephone | null = null;
  #tab: TabLock | null = null;
  #headset: Headset | null = null;
  #stops: (() => void)[] = [];
  #contact: string | null = null;
  /** The devices in use, chosen or not. */
  #used = { microphone: "", speaker: "" };
  /** Told how a call that is taken back goes. */
  #watching: ((call: Call) => void) | null = null;

  constructor(options: SoftphoneOptions) {
    this.#options = options;
    this.choices = options.choices;
  }

  /** Begins as the person chose; gives what ends it. */
  start(): () => void {
    this.#follow();
    const left = () => this.#leftInCall();
    window.addEventListener("pagehide", left);
    const stops = [this.choices.subscribe(() => this.#follow()), watchDevices((devices) => this.#found(devices))];
    return () => {
      window.removeEventListener("pagehide", left);
      for (const stop of stops) stop();
      this.#off();
    };
  }

  /** Gives what ends that. */
  hear(hearer: Hearer): () => void {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  /** Takes the telephone from another tab, with its call. */
  useHere(): void {
    this.#tab?.take();
  }

  /** Tries the microphone again, from a click. */
  async tryMicrophone(): Promise<void> {
    const problem = await this.#microphoneProblem();
    this.#is({ microphone: problem });
    if (problem === null) await this.#telephone?.start({ register: true });
  }

  /** Answers what rings here for an offer, or soon will; whether there was anything. */
  async answerOffer(offer: string, contact: string): Promise<boolean> {
    const call = await this.#ringing(offer, contact);
    if (call === undefined) return false;
    await this.answer(call);
    return true;
  }

  async answer(call: Call): Promise<void> {
    try {
      await this.#telephone?.answer(call.id);
    } catch (error) {
      if (error instanceof MicrophoneError) await this.#deaf(error.problem);
      throw error;
    }
  }

  hangUp(call: Call): void {
    this.#telephone?.hangUp(call.id);
  }

  /** Mutes at once, here; the telephone system is told by whoever calls this. */
  setMuted(muted: boolean): void {
    const call = liveCall(this.store.get());
    if (call === undefined || call.muted === muted) return;
    this.#telephone?.setMuted(call.id, muted);
    showMicrophone(!muted);
  }

  /** Takes the call of this contact back from a page that is gone. */
  async takeBack(contact: string): Promise<void> {
    const phone = this.store.get();
    if (phone.takingBack || phone.calls.length > 0 || this.#telephone === null) return;
    this.#is({ takingBack: true });
    const taken = await this.#tookBack();
    this.#is({ takingBack: false });
    if (taken) this.contactIs(contact);
    else {
      rememberCall(this.#options.username, null);
      this.#say({ about: "not_taken_back", device: "" });
    }
  }

  /** Whether this browser was in this contact when its page was left. */
  keeps(contact: string): boolean {
    return keepsCall(this.#options.username, contact);
  }

  /** The contact of the call that is up here, as the desk knows it: the next page will look for it. */
  contactIs(contact: string | null): void {
    this.#contact = contact;
    if (contact !== null && liveCall(this.store.get()) !== undefined) rememberCall(this.#options.username, contact);
  }

  playSound(): void {
    this.#is({ soundBlocked: false });
    void this.#telephone?.playSound();
  }

  /** Loudness of both sides, about ten times a second in a call; gives what ends that. */
  listen(listener: Listener): () => void {
    this.#levels.add(listener);
    return () => this.#levels.delete(listener);
  }

  async connectHeadset(): Promise<void> {
    const headset = await askForHeadset((button) => this.#pressed(button));
    if (headset !== null) this.#use(headset);
  }

  beep(): void {
    beep(deviceFor(this.choices.get().ring, this.store.get().devices));
  }

  #say(word: Word): void {
    for (const hearer of this.#hearers) hearer.word?.(word);
  }

  #pressed(button: Button): void {
    for (const hearer of this.#hearers) hearer.button?.(button);
  }

  #is(part: Partial<Omit<Softphone, "calls">>): void {
    this.store.dispatch({ type: "is", part });
  }

  /** The page may hear of an offer before its call has come. */
  #ringing(offer: string, contact: string): Promise<Call | undefined> {
    const find = () => ringingFor(this.store.get(), offer, contact);
    const found = find();
    if (found !== undefined || this.store.get().link !== "registered") return Promise.resolve(found);
    return new Promise((resolve) => {
      const done = () => {
        const now = find();
        if (now === undefined && Date.now() < until) return;
        clearTimeout(timer);
        stop();
        resolve(now);
      };
      const until = Date.now() + COMING;
      const timer = setTimeout(done, COMING);
      const stop = this.store.subscribe(done);
    });
  }

  // Where the telephone is.

  #follow(): void {
    const { here } = this.choices.get();
    if (here && this.store.get().place === "off") this.#ask();
    if (!here && this.store.get().place !== "off") this.#off();
    if (this.#telephone === null) return;
    this.#applyDevices(this.store.get().devices);
    this.#telephone.setVolume(this.choices.get().volume);
  }

  #ask(): void {
    if (!("locks" in navigator)) {
      this.#is({ place: "here", microphone: "microphone_unsupported" });
      return;
    }
    this.#is({ place: "asking" });
    this.#tab = oneTab(`comptoir.softphone.${this.#options.username}`, {
      mine: () => void this.#here(),
      others: () => this.#elsewhere(),
    });
  }

  async #here(): Promise<void> {
    this.#is({ place: "here" });
    const problem = await this.#microphoneProblem();
    if (this.store.get().place !== "here") return;
    this.#is({ microphone: problem });
    const telephone = await this.#load();
    if (this.store.get().place !== "here") return;
    if (telephone === null) {
      const timer = setTimeout(() => void this.#here(), LOAD_AGAIN);
      this.#stops.push(() => clearTimeout(timer));
      return;
    }
    this.#telephone = telephone;
    telephone.setVolume(this.choices.get().volume);
    await telephone.start({ register: problem === null });
    const headset = await knownHeadset((button) => this.#pressed(button)).catch(() => null);
    // Another tab may have taken it meanwhile.
    if (this.#telephone !== telephone) {
      headset?.stop();
      return;
    }
    if (headset !== null) this.#use(headset);
    this.#stops.push(
      listenToMediaKeys({
        hangUp: () => this.#pressed("hook"),
        toggleMute: () => this.#pressed("mute"),
      }),
    );
  }

  /** Another tab took the telephone: a call that is up goes on there. */
  #elsewhere(): void {
    this.#leftInCall();
    this.#telephone?.leave();
    this.#quiet();
    this.#is({ place: "other_tab" });
  }

  #off(): void {
    this.#telephone?.stop();
    this.#quiet();
    this.#tab?.stop();
    this.#tab = null;
    this.#is({ ...NO_SOFTPHONE, devices: this.store.get().devices });
  }

  #quiet(): void {
    this.#telephone = null;
    this.#headset?.stop();
    this.#headset = null;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#is({ headset: null });
  }

  #leftInCall(): void {
    const call = liveCall(this.store.get());
    const contact = this.#contact;
    if (call !== undefined && contact !== null) this.#options.api.away(contact);
  }

  // The telephone itself.

  /** Null when its code cannot be had just now. */
  async #load(): Promise<Telephone | null> {
    const loaded = await import("../../telephone/telephone").catch(() => null);
    if (loaded === null) return null;
    const { microphone, speaker } = this.choices.get();
    const { devices } = this.store.get();
    const telephone = loaded.createTelephone({
      credentials: () => this.#credentials(),
      media: { microphone: deviceFor(microphone, devices), speaker: deviceFor(speaker, devices) },
      events: this.#events(() => this.#telephone === telephone),
    });
    return telephone;
  }

  #events(current: () => boolean) {
    const call = (one: Call) => {
      this.store.dispatch({ type: "call", call: one });
      this.#watching?.(one);
      // One that another page took goes on there, and is remembered for it.
      if (one.state === "ended" && one.end !== "left") rememberCall(this.#options.username, null);
      else this.contactIs(this.#contact);
      this.#show();
    };
    return {
      link: (link: Softphone["link"], why: Softphone["why"]) => current() && this.#is({ link, why }),
      incoming: (one: Call) => {
        call(one);
        if (one.answersItself) void this.answer(one).catch(() => undefined);
      },
      call,
      quality: (quality: Softphone["quality"], sample: NonNullable<Softphone["sample"]>) => this.#is({ quality, sample }),
      silentMicrophone: (silent: boolean) => this.#is({ silent }),
      level: (microphone: number, speaker: number) => {
        for (const listener of this.#levels) listener(microphone, speaker);
      },
      microphone: (problem: MicrophoneProblem | "microphone_lost") => {
        if (problem === "microphone_lost") this.#say({ about: "microphone_lost", device: "" });
      },
      soundBlocked: () => this.#is({ soundBlocked: true }),
    };
  }

  async #credentials(): Promise<Credentials> {
    try {
      return credentialsOf(await this.#options.api.phoneTicket());
    } catch (error) {
      if (error instanceof Refused && FINAL.has(error.id)) throw new CredentialsRefused(error.id);
      throw error;
    }
  }

  async #tookBack(): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const end = await this.#tryBack();
      if (end === "taken") return true;
      if (end === "not_found" || this.store.get().place !== "here") return false;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
    }
    return false;
  }

  async #tryBack(): Promise<"taken" | "not_found" | "failed"> {
    const settled = new Promise<Call>((resolve) => {
      this.#watching = (call) => {
        if (call.state === "talking" || call.state === "ended") resolve(call);
      };
    });
    try {
      await this.#telephone?.takeBack();
      const call = await settled;
      if (call.state === "talking") return "taken";
      return call.end === "not_found" ? "not_found" : "failed";
    } catch {
      return "failed";
    } finally {
      this.#watching = null;
    }
  }

  // The microphone, and what one hears with.

  async #microphoneProblem(): Promise<MicrophoneProblem | null> {
    const permission = await microphonePermission();
    if (permission === "granted" && this.store.get().devices.some((one) => one.kind === "microphone")) return null;
    if (permission === "denied") return "microphone_refused";
    try {
      const stream = await openMicrophone(this.choices.get().microphone);
      for (const track of stream.getTracks()) track.stop();
      return null;
    } catch (error) {
      return error instanceof MicrophoneError ? error.problem : "microphone_unsupported";
    }
  }

  /** Nobody is offered calls on a phone that cannot be spoken into. */
  async #deaf(problem: MicrophoneProblem): Promise<void> {
    this.#is({ microphone: problem });
    await this.#telephone?.start({ register: false });
  }

  #found(devices: readonly Device[]): void {
    const before = this.store.get().devices;
    this.#is({ devices });
    const { microphone, speaker, ring } = this.choices.get();
    for (const chosen of new Set([microphone, speaker, ring])) {
      const gone = unplugged(chosen, before, devices);
      if (gone !== null) this.#say({ about: "unplugged", device: gone.label });
    }
    this.#applyDevices(devices);
  }

  #applyDevices(devices: readonly Device[]): void {
    const { microphone, speaker } = this.choices.get();
    const wanted = { microphone: deviceFor(microphone, devices), speaker: deviceFor(speaker, devices) };
    const before = this.#used;
    this.#used = wanted;
    if (wanted.microphone !== before.microphone) {
      this.#telephone?.setMicrophone(wanted.microphone).catch((error: unknown) => {
        if (error instanceof MicrophoneError) this.#is({ microphone: error.problem });
      });
    }
    if (wanted.speaker !== before.speaker) this.#telephone?.setSpeaker(wanted.speaker).catch(() => undefined);
  }

  #use(headset: Headset): void {
    this.#headset?.stop();
    this.#headset = headset;
    this.#is({ headset: headset.name });
    this.#show();
  }

  /** The headset's lights say what the page says. */
  #show(): void {
    const { calls } = this.store.get();
    const live = liveCall(this.store.get());
    const rings = calls.some((call) => call.state === "ringing");
    this.#headset?.show(
      new Set([
        ...(live === undefined ? [] : (["offHook"] as const)),
        ...(rings ? (["ring"] as const) : []),
        ...(live?.muted === true ? (["mute"] as const) : []),
      ]),
    );
  }
}
