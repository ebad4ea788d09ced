import { delayBefore } from "../backoff";

export interface CallMessage {
  readonly type: "call";
  readonly state: string;
  readonly agent: string | null;
  readonly away: boolean;
}

/** The agent who speaks with this customer, on whatever phone: by first name, nothing for one without, null for nobody.
 * `kept`: what an agent sees of a page is kept like the recording of a call. */
export interface AgentMessage {
  readonly agent: string | null;
  readonly kept: boolean;
}

/** What the server tells a page. Unknown kinds are for later versions and are passed on to the page. */
export type LiveMessage =
  | CallMessage
  | { readonly type: "hello"; readonly call: CallMessage | null; readonly helper?: AgentMessage }
  | (AgentMessage & { readonly type: "agent" })
  | { readonly type: "joined" }
  | { readonly type: "cobrowse" }
  | { readonly type: "cart" }
  | { readonly type: "order"; readonly url?: string };

export interface LiveOptions {
  readonly url: string;
  /** The token to say hello with; `renew` when the last one was refused. */
  readonly token: (renew: boolean) => Promise<string>;
  /** What to say after every hello. */
  readonly greet: () => readonly object[];
  readonly message: (message: LiveMessage) => void;
}

const TOKEN_REFUSED = 4401;
const LONGEST_MS = 30_000;
/** A connection that lasted this long was a good one. */
const GOOD_MS = 10_000;

/** Keeps a WebSocket open until stopped, and opens it again when it is lost. */
export function openLive(options: LiveOptions) {
  let socket: WebSocket | null = null;
  let greeted = false;
  let failures = 0;
  let timer = 0;
  let stopped = false;
  let renew = false;

  async function connect(): Promise<void> {
    let token: string;
    try {
      token = await options.token(renew);
    } catch {
      again();
      return;
    }
    if (stopped) return;
    renew = false;
    const opened = new WebSocket(options.url);
    const since = Date.now();
    socket = opened;
    opened.onopen = () => opened.send(JSON.stringify({ type: "hello", token }));
    opened.onmessage = (event: MessageEvent<string>) => took(JSON.parse(event.data) as LiveMessage);
    opened.onclose = (event) => {
      if (socket !== opened) return;
      socket = null;
      greeted = false;
      renew = event.code === TOKEN_REFUSED;
      if (Date.now() - since > GOOD_MS) failures = 0;
      again();
    };
  }

  function took(message: LiveMessage): void {
    if (message.type === "hello") {
      greeted = true;
      options.greet().forEach(send);
    }
    options.message(message);
  }

  function again(): void {
    if (stopped) return;
    timer = window.setTimeout(() => void connect(), delayBefore(failures, LONGEST_MS));
    failures += 1;
  }

  function soon(): void {
    if (stopped || socket) return;
    window.clearTimeout(timer);
    failures = 0;
    void connect();
  }

  function send(message: object): void {
    if (greeted && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  window.addEventListener("online", soon);
  void connect();
  return {
    send,
    stop: () => {
      stopped = true;
      window.removeEventListener("online", soon);
      window.clearTimeout(timer);
      socket?.close();
      socket = null;
    },
  };
}

export type Live = ReturnType<typeof openLive>;
