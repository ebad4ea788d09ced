import type { Ticket as Login } from "../telephone/credentials";
import type { Memory, Remembered } from "./memory";
import type { Tag } from "./script";
import type { Texts } from "./texts";

/** The server refuses; the words are in the visitor's language, "" when it gave none. */
export class Refusal extends Error {
  constructor(
    readonly id: string,
    readonly words: string,
  ) {
    super(id);
  }
}

export interface QueueNow {
  readonly state: "free" | "busy" | "closed" | "unknown";
  readonly waiting: number;
  readonly wait_minutes: number | null;
  readonly place: number | null;
}

export interface CallbackNow {
  readonly number: string;
  readonly state: "waiting" | "offered" | "dialing";
  readonly place: number | null;
  readonly wait_minutes: number | null;
}

/** What lets a page call the site's number. */
export interface Ticket extends Login {
  readonly number: string;
}

interface SessionOpened {
  readonly token: string;
  readonly visitor: string;
  readonly language: string;
  readonly site: string;
  readonly texts: Texts;
  readonly phone: string | null;
}

/** Who is signed in at the shop, as far as it vouches for it. */
export interface Customer {
  readonly id: string;
  readonly proof: string;
}

type Method = "GET" | "POST" | "DELETE";

export function createApi(tag: Tag, memory: Memory) {
  let customer: Customer | null = tag.customer ? { id: tag.customer, proof: tag.proof } : null;
  let opening: Promise<Remembered> | null = null;

  async function send(method: Method, path: string, body: unknown, token: string | null): Promise<unknown> {
    const headers: Record<string, string> = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let answer: Response;
    try {
      answer = await fetch(tag.base + path, {
        method,
        headers,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refusal("offline", "");
    }
    if (answer.status === 204) return null;
    const said = (await answer.json().catch(() => ({}))) as { id?: string; message?: string };
    if (!answer.ok) throw new Refusal(said.id ?? "refused", said.message ?? "");
    return said;
  }

  /** Begins a session, or goes on with the one of the tab's token. */
  function open(): Promise<Remembered> {
    opening ??= begin().finally(() => (opening = null));
    return opening;
  }

  async function begin(): Promise<Remembered> {
    const before = memory.get();
    const token = before?.site === tag.site ? before.token : null;
    const wanted = {
      site: tag.site,
      language: tag.language,
      customer: customer?.id ?? null,
      proof: customer?.proof ?? "",
    };
    const opened = (await send("POST", "session", wanted, token)) as SessionOpened;
    const same = before?.visitor === opened.visitor;
    const remembered: Remembered = {
      site: tag.site,
      token: opened.token,
      visitor: opened.visitor,
      customer: wanted.customer,
      wanted: tag.language,
      language: opened.language,
      name: opened.site,
      phone: opened.phone,
      texts: opened.texts,
      call: same ? (memory.get()?.call ?? null) : null,
    };
    memory.keep(remembered);
    return remembered;
  }

  /** With a token, and once more with a new one when it is over. */
  async function ask(method: Method, path: string, body?: unknown): Promise<unknown> {
    const known = memory.get() ?? (await open());
    try {
      return await send(method, path, body, known.token);
    } catch (error) {
      if (!(error instanceof Refusal) || error.id !== "refused.session") throw error;
      return send(method, path, body, (await open()).token);
    }
  }

  return {
    open,
    /** Somebody else is signed in, or nobody any more. Resolves when the server knows. */
    become: (next: Customer | null) => {
      customer = next;
      return open();
    },
    /** Whether what the tab remembers is still what this page wants. */
    fits: (known: Remembered | null): known is Remembered =>
      known?.site === tag.site && known.wanted === tag.language && known.customer === (customer?.id ?? null),
    /** Ends the call that is in no page at the moment. */
    hangUp: () => ask("POST", "hang-up") as Promise<null>,
    status: () => ask("GET", "status") as Promise<QueueNow>,
    ticket: (back: boolean) => ask("POST", "call", { back }) as Promise<Ticket>,
    code: () => ask("POST", "code") as Promise<{ code: string; expires_at: string }>,
    askCallback: (number: string) => ask("POST", "callback", { number }) as Promise<CallbackNow>,
    callback: () => ask("GET", "callback") as Promise<CallbackNow>,
    cancelCallback: () => ask("DELETE", "callback") as Promise<null>,
    /** Says, while the page goes, that the next one will take the call back. A plain body needs no preflight. */
    moving: () => {
      const known = memory.get();
      if (known) navigator.sendBeacon(`${tag.base}moving`, JSON.stringify({ token: known.token }));
    },
  };
}

export type Api = ReturnType<typeof createApi>;
