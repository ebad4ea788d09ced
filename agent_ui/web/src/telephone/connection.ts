import { UA } from "jssip";
import type { IncomingRTCSessionEvent, RTCSessionEvent, UnRegisteredEvent } from "jssip/lib/UA";

import { CredentialsRefused } from "./errors";
import { Line } from "./line";
import { linkAfter, type LinkEvent } from "./states";
import type { Credentials, Link, LinkProblem } from "./types";

/** Seconds that a registration lasts; JsSIP renews it half way. */
const REGISTRATION = 120;
/** Credentials are renewed when this part of their time is left. */
const RENEWED_AT = 0.25;
/** Milliseconds for which credentials must still be valid to begin something with them. */
const MARGIN = 5_000;
/** Milliseconds until something that failed for a passing reason is tried again. */
const AGAIN = 3_000;

/** JsSIP, connected, and credentials that are valid for a while. */
export interface Ready {
  readonly ua: UA;
  readonly credentials: Credentials;
}

export interface ConnectionListener {
  readonly link: (link: Link, why: LinkProblem | null) => void;
  readonly incoming: (event: IncomingRTCSessionEvent) => void;
}

/** The connection to the telephone system could not be had, or not in time. */
export class NotConnected extends Error {}

/** Keeps JsSIP connected, registered if that is wanted, and with credentials that are valid. */
export class Connection {
  readonly #ask: () => Promise<Credentials>;
  readonly #listener: ConnectionListener;
  #link: Link = "off";
  #register = false;
  #credentials: Credentials | null = null;
  #ua: UA | null = null;
  #line: Line | null = null;
  /** Runs until the credentials are renewed. */
  readonly #renewal = new Alarm();
  /** Runs until the page registers again. */
  readonly #registration = new Alarm();
  /** Whether the credentials in use were refused before: fresh ones that are refused too are the end. */
  #doubted = false;
  readonly #waiting = new Set<() => void>();

  constructor(ask: () => Promise<Credentials>, listener: ConnectionListener) {
    this.#ask = ask;
    this.#listener = listener;
  }

  get link(): Link {
    return this.#link;
  }

  async start(register: boolean): Promise<void> {
    this.#register = register;
    if (this.#link === "off" || this.#link === "refused") {
      this.#close();
      this.#move("start");
      window.addEventListener("online", this.#online);
      await this.#open();
    } else this.#registerIfWanted();
  }

  /** Says goodbye: calls are hung up and the registration ends. */
  stop(): void {
    this.#ua?.stop();
    this.#forget();
  }

  /** Goes without a word: calls stay up at the other side. */
  leave(): void {
    this.#close();
    this.#forget();
  }

  /** Connects anew: what looks open may lead nowhere after a change of network. */
  renewLine(): void {
    this.#line?.renew();
  }

  /** Waits, if need be, until a request can be sent. Throws `NotConnected`. */
  async ready(patience: number): Promise<Ready> {
    await this.#connected(patience);
    if ((this.#credentials?.expiresAt ?? 0) < Date.now() + MARGIN) await this.#renew();
    if (this.#ua === null || this.#credentials === null || !isUp(this.#link)) throw new NotConnected(this.#link);
    return { ua: this.#ua, credentials: this.#credentials };
  }

  async #open(): Promise<void> {
    if (typeof RTCPeerConnection === "undefined") {
      this.#refuse("unsupported");
      return;
    }
    await this.#renew();
    if (this.#credentials !== null && this.#ua === null && isTried(this.#link)) this.#connect(this.#credentials);
  }

  #connect({ wsUrl, user, domain, token }: Credentials): void {
    this.#line = new Line(wsUrl);
    const ua = new UA({
      // JsSIP takes whatever has these members; its type says class.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
      sockets: this.#line,
      uri: `sip:${user}@${domain}`,
      authorization_jwt: bearer(token),
      register: false,
      register_expires: REGISTRATION,
      // Our side refreshes sessions. A refresh from here that meets a lost connection would end the call.
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 1,
      user_agent: "Comptoir",
    });
    this.#ua = ua;
    const current = <A extends unknown[]>(listener: (...args: A) => void) => {
      return (...args: A) => {
        if (this.#ua === ua) listener(...args);
      };
    };
    ua.on("connected", current(() => this.#up()));
    ua.on("disconnected", current(() => this.#move("down")));
    ua.on("registered", current(() => this.#registered()));
    ua.on("unregistered", current(() => this.#move("unregistered")));
    ua.on("registrationFailed", current((event) => this.#notRegistered(event)));
    ua.on("newRTCSession", current((event: RTCSessionEvent) => this.#session(event)));
    ua.start();
  }

  #up(): void {
    this.#move("up");
    this.#registerIfWanted();
  }

  #registered(): void {
    this.#doubted = false;
    this.#move("registered");
  }

  #session(event: RTCSessionEvent): void {
    if ((event.originator as string) === "remote") this.#listener.incoming(event as IncomingRTCSessionEvent);
  }

  #registerIfWanted(): void {
    if (!isUp(this.#link)) return;
    if (!this.#register) this.#ua?.unregister();
    else if (this.#ua?.isRegistered() === false) {
      void this.ready(0).then(({ ua }) => ua.register(), () => undefined);
    }
  }

  #notRegistered({ response }: { readonly response: UnRegisteredEvent["response"] | null }): void {
    const status = response?.status_code ?? 0;
    if (status !== 401 && status !== 403 && status !== 407) {
      this.#registration.set(() => this.#registerIfWanted(), AGAIN);
    } else if (this.#doubted) {
      this.#refuse("forbidden");
    } else {
      this.#doubted = true;
      void this.#renew().then(() => this.#registerIfWanted());
    }
  }

  /** Gets fresh credentials; without an answer it goes on with the old ones and tries again. */
  async #renew(): Promise<void> {
    try {
      const fresh = await this.#ask();
      if (this.#link === "off") return;
      this.#credentials = fresh;
      this.#ua?.set("authorization_jwt", bearer(fresh.token));
      const time = Math.max(AGAIN, (fresh.expiresAt - Date.now()) * (1 - RENEWED_AT));
      this.#renewal.set(() => void this.#renew(), time);
    } catch (error) {
      if (this.#link === "off") return;
      if (error instanceof CredentialsRefused) this.#refuse("credentials");
      else {
        if (this.#ua === null) this.#move("down");
        this.#renewal.set(() => void this.#open(), AGAIN);
      }
    }
  }

  async #connected(patience: number): Promise<void> {
    if (isUp(this.#link) || !isTried(this.#link)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        if (isTried(this.#link) && !isUp(this.#link) && Date.now() < until) return;
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const until = Date.now() + patience;
      const timer = setTimeout(done, patience + 1);
      this.#waiting.add(done);
    });
  }

  #refuse(why: LinkProblem): void {
    this.#register = false;
    this.#clearAlarms();
    this.#move("refused", why);
    // A call that is up goes on, and can still be hung up.
    this.#ua?.unregister();
  }

  #move(event: LinkEvent, why: LinkProblem | null = null): void {
    const next = linkAfter(this.#link, event);
    if (next === this.#link) return;
    this.#link = next;
    this.#listener.link(next, why);
    for (const done of [...this.#waiting]) done();
  }

  #close(): void {
    const [ua, line] = [this.#ua, this.#line];
    this.#ua = this.#line = null;
    line?.drop();
    ua?.stop();
  }

  #forget(): void {
    window.removeEventListener("online", this.#online);
    this.#clearAlarms();
    this.#ua = this.#line = this.#credentials = null;
    this.#doubted = false;
    this.#move("stop");
  }

  #clearAlarms(): void {
    this.#renewal.clear();
    this.#registration.clear();
  }

  readonly #online = () => this.#line?.renew();
}

/** One thing that is to be done later; setting another takes its place. */
class Alarm {
  #timer: ReturnType<typeof setTimeout> | null = null;

  set(work: () => void, delay: number): void {
    this.clear();
    this.#timer = setTimeout(work, delay);
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function isUp(link: Link): boolean {
  return link === "connected" || link === "registered";
}

function isTried(link: Link): boolean {
  return link === "connecting" || link === "lost" || isUp(link);
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
