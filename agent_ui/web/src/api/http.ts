import type {
  AddLine,
  Conference,
  ContactFile,
  DeclineOffer,
  Dial,
  DirectoryEntry,
  GiveDiscount,
  HangUp,
  LiveCart,
  NewUser,
  OpenedContact,
  PhoneTicket,
  PreferencesView,
  PreparedInShop,
  ProductView,
  RecentContact,
  RecordedContacts,
  SendDigits,
  SetStatus,
  Transfer,
  UserCredentials,
  UserView,
  WrapUp,
} from "../contract/contract";
import { Refused, UNEXPECTED, UNREACHABLE, isRefusal } from "./refusal";

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What a page can ask of the server. Every call throws `Refused`. */
export type Api = ReturnType<typeof createApi>;

export function createApi(csrf: string, leave: () => void, send: typeof fetch = fetch) {
  async function ask(method: Method, path: string, body?: object): Promise<unknown> {
    const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": csrf };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await send(`/api${path}`, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new Refused(UNREACHABLE);
    });
    if (response.status === 401) leave();
    if (response.status === 204) return undefined;
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw new Refused(isRefusal(answer) ? { ...answer, params: answer.params } : UNEXPECTED);
  }

  const tell = async (method: Method, path: string, body?: object): Promise<void> => {
    await ask(method, path, body);
  };
  const on = (contact: string, verb: string) => `/contacts/${encodeURIComponent(contact)}/${verb}`;
  const part = (contact: string, cart: string, path: string) => on(contact, `carts/${encodeURIComponent(cart)}/${path}`);
  const edited = async (method: Method, path: string, body?: object) => (await ask(method, path, body)) as LiveCart;
  const offer = (id: string, verb: string) => `/offers/${encodeURIComponent(id)}/${verb}`;

  return {
    setStatus: (status: SetStatus) => tell("PUT", "/status", status),
    accept: (id: string) => tell("POST", offer(id, "accept")),
    decline: (id: string, reason: DeclineOffer = {}) => tell("POST", offer(id, "decline"), reason),
    hold: (contact: string) => tell("POST", on(contact, "hold")),
    resume: (contact: string) => tell("POST", on(contact, "resume")),
    mute: (contact: string) => tell("POST", on(contact, "mute")),
    unmute: (contact: string) => tell("POST", on(contact, "unmute")),
    digits: (contact: string, digits: SendDigits) => tell("POST", on(contact, "digits"), digits),
    transfer: (contact: string, transfer: Transfer) => tell("POST", on(contact, "transfer"), transfer),
    completeTransfer: (contact: string) => tell("POST", on(contact, "transfer/complete")),
    cancelTransfer: (contact: string) => tell("POST", on(contact, "transfer/cancel")),
    conference: (contact: string, whom: Conference = {}) => tell("POST", on(contact, "conference"), whom),
    hangUp: (contact: string, whom: HangUp = {}) => tell("POST", on(contact, "hang-up"), whom),
    wrapUp: (contact: string, wrapUp: WrapUp) => tell("PUT", on(contact, "wrap-up"), wrapUp),
    pauseRecording: (contact: string) => tell("POST", on(contact, "recording/pause")),
    resumeRecording: (contact: string) => tell("POST", on(contact, "recording/resume")),
    phoneTicket: async () => (await ask("POST", "/softphone/credentials")) as PhoneTicket,
    /** Says that this page is left in a call. As a form: a page that goes can send nothing else for certain. */
    away: (contact: string) => {
      const form = new FormData();
      form.set("contact", contact);
      form.set("csrf_token", csrf);
      navigator.sendBeacon("/api/softphone/away", form);
    },
    dial: (whom: Dial) => tell("POST", "/dial", whom),
    setPreferences: (wanted: PreferencesView) => tell("PUT", "/me/preferences", wanted),
    file: async (contact: string) => (await ask("GET", on(contact, "file"))) as ContactFile,
    startCart: (contact: string) => edited("POST", on(contact, "carts")),
    addLine: (contact: string, cart: string, line: AddLine) => edited("POST", part(contact, cart, "lines"), line),
    setQuantity: (contact: string, cart: string, product: string, quantity: number) =>
      edited("PUT", part(contact, cart, `lines/${encodeURIComponent(product)}`), { quantity }),
    removeLine: (contact: string, cart: string, product: string) =>
      edited("DELETE", part(contact, cart, `lines/${encodeURIComponent(product)}`)),
    restoreLine: (contact: string, cart: string, product: string) =>
      edited("POST", part(contact, cart, `restored/${encodeURIComponent(product)}`)),
    giveDiscount: (contact: string, cart: string, discount: GiveDiscount) =>
      edited("PUT", part(contact, cart, "discount"), discount),
    prepareOrder: (contact: string, cart: string) => edited("PUT", part(contact, cart, "prepared")),
    withdrawOrder: (contact: string, cart: string) => edited("DELETE", part(contact, cart, "prepared")),
    prepareInShop: async (contact: string, coupon: string) =>
      (await ask("POST", on(contact, "order"), { coupon })) as PreparedInShop,
    sayCode: async (contact: string, code: string) => (await ask("POST", on(contact, "code"), { code })) as ContactFile,
    /** What lets the viewer of the customer's page in; without a viewer the customer has no page open. */
    cobrowseTicket: async (contact: string) =>
      (await ask("POST", `/cobrowse/${encodeURIComponent(contact)}/ticket`)) as { ticket: string; viewer: string },
    products: async (words: string) => (await ask("GET", `/products?q=${encodeURIComponent(words)}`)) as ProductView[],
    setDiscountLimit: async (id: string, basis_points: number | null) =>
      (await ask("PUT", `/users/${encodeURIComponent(id)}/discount-limit`, { basis_points })) as UserView,
    directory: async () => (await ask("GET", "/directory")) as DirectoryEntry[],
    recent: async () => (await ask("GET", "/recent")) as RecentContact[],
    recordings: async (wanted: Readonly<Record<string, string>>) =>
      (await ask("GET", `/recordings?${new URLSearchParams(wanted).toString()}`)) as RecordedContacts,
    /** Opens what was recorded of a contact; that it was opened is on record. */
    openRecording: async (contact: string) =>
      (await ask("POST", `/recordings/${encodeURIComponent(contact)}/open`)) as OpenedContact,
    users: async () => (await ask("GET", "/users")) as UserView[],
    addUser: async (user: NewUser) => (await ask("POST", "/users", user)) as UserCredentials,
    resetPassword: async (id: string) =>
      (await ask("POST", `/users/${encodeURIComponent(id)}/password`)) as UserCredentials,
    enableUser: (id: string, enabled: boolean) =>
      tell("PUT", `/users/${encodeURIComponent(id)}/enabled`, { enabled }),
  };
}
