// Written by `python -m agent_ui.contract_types` from pbx/contract and agent_ui/messages.py. Do not edit.

/** POST /v1/offers/{offer}/accept. `phone`: the phones are rung again and asked to pick up by themselves; `page`: the page answers the call that rings in it, and nothing is rung again. */
export interface AcceptOffer {
  readonly device?: "page" | "phone";
}

/** POST /api/contacts/{contact}/carts/{cart}/lines */
export interface AddLine {
  readonly product: string;
  readonly quantity?: number;
}

/** A postal address; `country` is an ISO 3166-1 alpha-2 code. */
export interface AddressView {
  readonly street: string;
  readonly postal_code: string;
  readonly city: string;
  readonly country: string;
}

export interface AgentStateChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "agent.state_changed";
  readonly agent: AgentView;
}

export interface AgentStatusChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "agent.status_changed";
  readonly agent: AgentView;
}

/** An agent as the wallboard and the desk see it. `misses` counts offers missed in a row. */
export interface AgentView {
  readonly id: string;
  readonly name: string;
  readonly status: "offline" | "available" | "on_break";
  readonly pause_reason: string | null;
  readonly status_since: string;
  readonly state: "idle" | "reserved" | "ringing" | "talking" | "holding" | "wrap_up";
  readonly state_since: string;
  readonly contact: string | null;
  readonly queues: readonly string[];
  readonly phone: string;
  readonly phone_registered: boolean;
  readonly phone_busy: boolean;
  readonly misses: number;
  readonly wrap_up_ends: string | null;
}

/** What the page is started with. */
export interface Boot {
  readonly username: string;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  readonly agent_id: string | null;
  readonly preferences: PreferencesView;
  readonly csrf: string;
  readonly pages: readonly ("desk" | "wallboard" | "recordings" | "users")[];
  readonly discount_limit: number;
}

export interface CallAnswered {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.answered";
  readonly leg: string;
  readonly agent: string | null;
}

export interface CallBridged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.bridged";
  readonly legs: readonly string[];
  readonly agent: string | null;
}

/** A leg ended. `status` is the SIP status or 200 for a normal hang-up. */
export interface CallEnded {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.ended";
  readonly leg: string;
  readonly status: number;
  readonly reason: string;
  readonly agent: string | null;
}

export interface CallHeld {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.held";
  readonly by: string | null;
}

export interface CallResumed {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.resumed";
  readonly by: string | null;
}

export interface CallRinging {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.ringing";
  readonly leg: string;
  readonly agent: string | null;
}

export interface CallTransferred {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.transferred";
  readonly kind: "blind" | "consult" | "attended";
  readonly target: string;
  readonly by: string | null;
  readonly to_agent: string | null;
}

export interface CallbackChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "callback.changed";
  readonly callback: CallbackView;
}

export interface CallbackRequested {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.callback_requested";
  readonly callback: CallbackView;
}

/** A caller who left a number and keeps the place in the queue. */
export interface CallbackView {
  readonly id: string;
  readonly queue: string;
  readonly number: string;
  readonly customer_id: string | null;
  readonly requested_at: string;
  readonly attempts: number;
  readonly state: "waiting" | "offered" | "dialing" | "done" | "failed" | "canceled";
}

/** A line of a cart's audit trail; `name` is the product's that it is about. */
export interface CartChangeView {
  readonly id: string;
  readonly at: string;
  readonly actor_kind: "customer" | "agent" | "system";
  readonly actor: string;
  readonly action: string;
  readonly sku: string | null;
  readonly name: Readonly<Record<"en" | "fr" | "pt", string>> | null;
  readonly details: Readonly<Record<string, string | number>>;
}

/** A cart of the shop; only an open one can be changed. */
export interface CartView {
  readonly id: string;
  readonly lines: readonly LineView[];
  readonly item_count: number;
  readonly totals: TotalsView;
  readonly checkout_step: "cart" | "address" | "shipping" | "payment" | "review";
  readonly state: "open" | "ordered" | "abandoned";
  readonly discount: DiscountView | null;
  readonly prepared: PreparedView | null;
  readonly updated_at: string;
}

/** One row per contact, with its segments in order of time. */
export interface CdrView {
  readonly contact: string;
  readonly channel: "voice" | "video" | "chat" | "email";
  readonly direction: "inbound" | "outbound" | "internal";
  readonly caller: string | null;
  readonly called: string;
  readonly customer_id: string | null;
  readonly order_number: string | null;
  readonly language: "en" | "fr" | "pt";
  readonly queue: string | null;
  readonly agent: string | null;
  readonly started_at: string;
  readonly answered_at: string | null;
  readonly ended_at: string | null;
  readonly wait_seconds: number | null;
  readonly talk_seconds: number | null;
  readonly outcome: "answered" | "abandoned" | "short_abandoned" | "self_served" | "overflowed" | "callback" | "voicemail" | "transferred" | "rejected" | "failed" | "node_lost" | null;
  readonly disposition: string | null;
  readonly note: string | null;
  readonly segments: readonly SegmentView[];
}

/** Something a person picks from a list: a pause reason or a disposition, in each language's words. */
export interface Choice {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** POST /v1/contacts/{contact}/conference: without a target, the consulted party joins the customer. */
export interface Conference {
  readonly target?: string | null;
}

export interface ConferenceStarted {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "call.conference_started";
  readonly legs: readonly string[];
  readonly by: string | null;
}

export interface ConfigurationReloaded {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "configuration.reloaded";
}

/** A step of the customer's consent. `by` is a name, or who it was: customer, system. */
export interface ConsentMark {
  readonly at: string;
  readonly action: string;
  readonly tier: string;
  readonly by: string;
}

export interface ContactAbandoned {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.abandoned";
  readonly queue: string;
  readonly wait_seconds: number;
  readonly short: boolean;
}

/** The contact's view after a change that has no event of its own. */
export interface ContactChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.changed";
  readonly view: ContactView;
}

/** Left a queue without an agent: full, waited too long, nobody logged in. */
export interface ContactDiverted {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.diverted";
  readonly queue: string;
  readonly reason: string;
}

export interface ContactEnded {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.ended";
  readonly outcome: "answered" | "abandoned" | "short_abandoned" | "self_served" | "overflowed" | "callback" | "voicemail" | "transferred" | "rejected" | "failed" | "node_lost";
  readonly reason: string;
  readonly agent: string | null;
}

/** A contact with all that is known about its customer. `history` is None when it could not be read; `shop_away` says that the shop's data could not be; `live` is then None. `timeline`: what happened so far. */
export interface ContactFile {
  readonly contact: ContactView;
  readonly panel: CustomerPanel | null;
  readonly live: LiveCart | null;
  readonly timeline: readonly TimelineEntry[];
  readonly shop_away: boolean;
  readonly history: readonly CdrView[] | null;
}

export interface ContactQueued {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.queued";
  readonly queue: string;
  readonly position: number;
  readonly view: ContactView;
}

export interface ContactStarted {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.started";
  readonly view: ContactView;
}

/** One customer communication, live. Only its agent and supervisors may see it. */
export interface ContactView {
  readonly id: string;
  readonly channel: "voice" | "video" | "chat" | "email";
  readonly direction: "inbound" | "outbound" | "internal";
  readonly state: "ringing" | "ivr" | "queued" | "offered" | "talking" | "held" | "wrap_up" | "ended";
  readonly caller: string | null;
  readonly stranger: boolean;
  readonly called: string;
  readonly language: "en" | "fr" | "pt";
  readonly customer_id: string | null;
  readonly order_number: string | null;
  readonly flow: string | null;
  readonly flow_version: number | null;
  readonly path: readonly PressedKey[];
  readonly queue: string | null;
  readonly priority: number;
  readonly agent: string | null;
  readonly participants: readonly ParticipantView[];
  readonly recording: "off" | "recording" | "paused" | "failed";
  readonly started_at: string;
  readonly queued_at: string | null;
  readonly answered_at: string | null;
  readonly callback: boolean;
  readonly visitor: string | null;
  readonly site: string | null;
}

/** A customer with the open cart and the latest orders; `order_count` counts all of them. */
export interface CustomerPanel {
  readonly customer: CustomerView;
  readonly cart: CartView | null;
  readonly orders: readonly OrderView[];
  readonly order_count: number;
}

/** A customer of the shop. */
export interface CustomerView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phones: readonly string[];
  readonly language: "en" | "fr" | "pt";
  readonly address: AddressView;
}

/** POST /v1/offers/{offer}/decline */
export interface DeclineOffer {
  readonly reason?: string;
}

/** All an agent's desk needs to start with or to start over; changes follow as events. */
export interface DeskState {
  readonly link: boolean;
  readonly me: AgentView | null;
  readonly queues: readonly QueueView[];
  readonly offers: readonly ScreenPop[];
  readonly file: ContactFile | null;
  readonly pause_reasons: readonly Choice[];
  readonly dispositions: readonly Choice[];
  readonly names: Readonly<Record<string, string>>;
  readonly server_time: string;
}

/** POST /v1/agents/{agent}/dial: call a number or colleague from the agent's phone. With a `device`, only the page or only the phones beside it ring for the agent, as far as any are registered. */
export interface Dial {
  readonly target: string;
  readonly customer_id?: string | null;
  readonly device?: "page" | "phone" | null;
}

/** Keys that chose a branch. Check digits of a customer (postal code, number) are never carried. */
export interface DigitsReceived {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "digits.received";
  readonly node: string;
  readonly keys: string;
}

/** Somewhere a call can be transferred to. `target` is what the transfer commands take. */
export interface DirectoryEntry {
  readonly target: string;
  readonly kind: "agent" | "queue" | "endpoint";
  readonly label: string;
  readonly available: boolean;
}

/** A reduction in basis points of the subtotal, and the agent who gave it. */
export interface DiscountView {
  readonly basis_points: number;
  readonly reason: string;
  readonly given_by: string;
}

export interface FlowNodeEntered {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "flow.node_entered";
  readonly flow: string;
  readonly node: string;
}

/** PUT /api/contacts/{contact}/carts/{cart}/discount; 0 basis points take it away. */
export interface GiveDiscount {
  readonly basis_points: number;
  readonly reason?: string;
}

/** POST /v1/contacts/{contact}/hang-up. With a participant, only that one leaves. */
export interface HangUp {
  readonly participant?: string | null;
}

/** An event of the control API that this page may see. */
export interface Happened {
  readonly event: ContactStarted | ContactChanged | ContactQueued | ContactAbandoned | ContactDiverted | CallbackRequested | CallbackChanged | ContactEnded | OfferCreated | OfferEnded | CallRinging | CallAnswered | CallBridged | CallHeld | CallResumed | CallTransferred | ConferenceStarted | CallEnded | AgentStatusChanged | AgentStateChanged | QueueChanged | PlaybackStarted | PlaybackFinished | DigitsReceived | FlowNodeEntered | RecordingChanged | WrapUpSaved | VoicemailLeft | ConfigurationReloaded;
  readonly server_time: string;
}

/** As RTCPeerConnection takes it; `username` and `credential` are empty for STUN. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** The agent is no longer in this contact, which may go on without them. */
export interface Left {
  readonly contact: string;
}

/** Some items of one product in a cart or an order. */
export interface LineView {
  readonly product_id: string;
  readonly sku: string;
  readonly name: Readonly<Record<"en" | "fr" | "pt", string>>;
  readonly quantity: number;
  readonly unit_price: MoneyView;
  readonly amount: MoneyView;
}

/** Whether the telephone system can be reached. */
export interface LinkState {
  readonly up: boolean;
}

/** The customer's page and cart, as they are now. `history`: the latest changes, the last one first. `startable`: the customer is known and has no open cart, so that one can be started for them. `shop`: what the connected shop of the page's cart can do, if it is connected. */
export interface LiveCart {
  readonly contact: string;
  readonly visitor: VisitorView | null;
  readonly cart: CartView | null;
  readonly page_cart: PageCartView | null;
  readonly history: readonly CartChangeView[];
  readonly startable: boolean;
  readonly shop: ShopAbilities;
  readonly server_time: string;
}

/** An amount in the currency's minor unit. */
export interface MoneyView {
  readonly minor: number;
  readonly currency: string;
}

/** A login to be made, and for one who takes calls the agent and the phone. */
export interface NewUser {
  readonly username: string;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  readonly language: "en" | "fr" | "pt";
  readonly phone_user?: string | null;
}

export interface OfferCreated {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "offer.created";
  readonly offer: OfferView;
}

/** `state` says how: accepted, rejected, timed_out, rescinded or canceled. */
export interface OfferEnded {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "offer.ended";
  readonly offer: string;
  readonly agent: string;
  readonly state: "pending" | "accepted" | "rejected" | "timed_out" | "rescinded" | "canceled";
  readonly reason: string;
}

/** A contact offered to an agent, until `expires_at`. */
export interface OfferView {
  readonly id: string;
  readonly agent: string;
  readonly contact: ContactView;
  readonly queue: string;
  readonly state: "pending" | "accepted" | "rejected" | "timed_out" | "rescinded" | "canceled";
  readonly created_at: string;
  readonly expires_at: string;
}

/** A contact, opened to be heard and watched; `watch` names this occasion in the addresses of its parts. */
export interface OpenedContact {
  readonly watch: string;
  readonly contact: RecordedContact;
  readonly recordings: readonly RecordingPart[];
  readonly replays: readonly ReplayPart[];
  readonly consent: readonly ConsentMark[];
  readonly watched: readonly WatchLine[];
}

/** An order and where it stands today. */
export interface OrderView {
  readonly id: string;
  readonly number: string;
  readonly placed_at: string;
  readonly state: "placed" | "paid" | "packed" | "shipped" | "delivered" | "return_requested" | "returned" | "canceled";
  readonly outstanding: "payment" | "packing" | "dispatch" | "delivery" | "return" | "refund" | "nothing";
  readonly expected_on: string | null;
  readonly is_late: boolean;
  readonly shipped_on: string | null;
  readonly delivered_on: string | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly item_count: number;
  readonly lines: readonly LineView[];
  readonly total: MoneyView;
  readonly amount_due: MoneyView;
  readonly refund_due: MoneyView;
}

/** A cart that only the page knows: shown as the page says it, and not to be changed. */
export interface PageCartView {
  readonly lines: readonly PageLineView[];
  readonly item_count: number;
  readonly total: MoneyView;
}

/** A line of a cart as a page says it. */
export interface PageLineView {
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unit_price: MoneyView;
  readonly amount: MoneyView;
}

/** One leg of a contact. `label` is the name or number that the desk shows. */
export interface ParticipantView {
  readonly id: string;
  readonly role: "customer" | "agent" | "consulted" | "third_party" | "supervisor";
  readonly state: "dialing" | "ringing" | "connected" | "held";
  readonly label: string;
  readonly agent: string | null;
  readonly muted: boolean;
  readonly away: boolean;
}

/** A pause of a recording, in seconds since its start. */
export interface Pause {
  readonly begin: number;
  readonly end: number;
}

/** An agent to choose. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Lets a page speak SIP for `expires_in` seconds. */
export interface PhoneTicket {
  readonly ws_url: string;
  readonly domain: string;
  readonly user: string;
  readonly token: string;
  readonly expires_in: number;
  readonly ice_servers: readonly IceServer[];
}

export interface PlaybackFinished {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "playback.finished";
  readonly leg: string;
  readonly completed: boolean;
}

export interface PlaybackStarted {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "playback.started";
  readonly leg: string;
  readonly text: string;
  readonly language: string;
}

/** How a person likes the pages. */
export interface PreferencesView {
  readonly language: "en" | "fr" | "pt";
  readonly theme: "auto" | "light" | "dark";
  readonly ring_sound: boolean;
  readonly shortcuts: boolean;
}

/** POST /api/contacts/{contact}/order: the page's cart as a pending order in its connected shop. */
export interface PrepareInShop {
  readonly coupon?: string;
}

/** An order that waits in a connected shop for its customer to pay it at `pay_link`. */
export interface PreparedInShop {
  readonly number: string;
  readonly pay_link: string;
  readonly total: MoneyView;
}

/** The agent who made the cart ready for its customer to confirm, and when. */
export interface PreparedView {
  readonly by: string;
  readonly at: string;
}

/** What the caller chose in the IVR: the flow's node and the keys pressed there. `words` say what the choice means, by language, where the flow has words for it. */
export interface PressedKey {
  readonly node: string;
  readonly keys: string;
  readonly words: Readonly<Record<string, string>>;
}

/** A product for sale; `stock` is how many can still be sold. */
export interface ProductView {
  readonly id: string;
  readonly sku: string;
  readonly name: Readonly<Record<"en" | "fr" | "pt", string>>;
  readonly price: MoneyView;
  readonly stock: number;
}

/** A queue's figures; at most one a second and queue. */
export interface QueueChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "queue.changed";
  readonly queue: QueueView;
}

/** A queue's live figures. Service level: the default form of docs/acd.md, 0..1, None without samples. */
export interface QueueView {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly waiting: number;
  readonly callbacks: number;
  readonly longest_wait_since: string | null;
  readonly agents_available: number;
  readonly agents_busy: number;
  readonly agents_on_break: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly short_abandoned: number;
  readonly service_level: number | null;
  readonly average_speed_of_answer: number | null;
  readonly average_handle_time: number | null;
  readonly expected_wait_minutes: number | null;
}

/** One of an agent's own past contacts, with the customer's name if the shop knows it. */
export interface RecentContact {
  readonly cdr: CdrView;
  readonly customer_name: string | null;
}

/** A contact of which something can be heard or watched. Names are as they are now. */
export interface RecordedContact {
  readonly contact: string;
  readonly kind: "call" | "voicemail" | "page";
  readonly started_at: string;
  readonly direction: string | null;
  readonly number: string | null;
  readonly customer_name: string | null;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly agent_name: string | null;
  readonly seconds: number;
  readonly heard: boolean;
  readonly replay: boolean;
  readonly running: boolean;
}

/** The contacts of a time, newest first. `more`: there are more than can be shown at once. */
export interface RecordedContacts {
  readonly contacts: readonly RecordedContact[];
  readonly more: boolean;
  readonly agents: readonly Person[];
  readonly kept_days: number;
}

export interface RecordingChanged {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "recording.started" | "recording.paused" | "recording.resumed" | "recording.finished" | "recording.failed";
  readonly recording: string;
  readonly reason: string;
}

/** A recording that can be heard. `pauses` are silence in it. */
export interface RecordingPart {
  readonly id: string;
  readonly started_at: string;
  readonly seconds: number;
  readonly pauses: readonly Pause[];
}

/** Why the server did not do what the page asked; `id` names the message in the catalogues. */
export interface Refusal {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A kept page that can be watched, and where its viewer is. */
export interface ReplayPart {
  readonly session: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly viewer: string;
}

/** POST /api/contacts/{contact}/code: the six digits that the customer reads from the page. */
export interface SayCode {
  readonly code: string;
}

/** An offer with everything the agent should see before answering: one message, sent to that agent. */
export interface ScreenPop {
  readonly offer: OfferView;
  readonly file: ContactFile;
  readonly server_time: string;
}

/** A generated credential, shown once: of the pages or of a phone. */
export interface Secret {
  readonly kind: string;
  readonly username: string;
  readonly password: string;
}

/** A stretch of a contact: in the IVR, in a queue, with an agent, on hold. Times in UTC. */
export interface SegmentView {
  readonly kind: "ivr" | "queue" | "agent" | "hold" | "consult" | "conference" | "voicemail" | "wrap_up";
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly outcome: string | null;
}

/** POST /v1/contacts/{contact}/digits: keys to the customer's side, as RFC 4733. */
export interface SendDigits {
  readonly digits: string;
}

/** PUT /api/users/{login}/discount-limit; without one, the role's counts. */
export interface SetDiscountLimit {
  readonly basis_points?: number | null;
}

/** PUT /api/contacts/{contact}/carts/{cart}/lines/{product} */
export interface SetQuantity {
  readonly quantity: number;
}

/** PUT /v1/agents/{agent}/status */
export interface SetStatus {
  readonly status: "offline" | "available" | "on_break";
  readonly pause_reason?: string | null;
}

/** What an agent can do with a cart that only the page knows, in the connected shop that the page is of. */
export interface ShopAbilities {
  readonly prepares_orders: boolean;
  readonly applies_coupons: boolean;
}

/** One thing that happened in a contact; `what` names it. `sku` and `name`: the product that it is about. */
export interface TimelineEntry {
  readonly id: string;
  readonly at: string;
  readonly what: string;
  readonly actor_kind: "customer" | "agent" | "system";
  readonly actor: string;
  readonly sku: string | null;
  readonly name: Readonly<Record<"en" | "fr" | "pt", string>> | null;
  readonly details: Readonly<Record<string, string | number>>;
}

/** What has just happened in a contact. */
export interface TimelineNews {
  readonly contact: string;
  readonly entries: readonly TimelineEntry[];
}

/** What a cart or an order amounts to; `tax` is contained in `total`. */
export interface TotalsView {
  readonly subtotal: MoneyView;
  readonly discount: MoneyView;
  readonly shipping: MoneyView;
  readonly tax: MoneyView;
  readonly total: MoneyView;
}

/** POST /v1/contacts/{contact}/transfer: blind at once, or consult first (then complete or cancel). */
export interface Transfer {
  readonly kind: "blind" | "consult";
  readonly target: string;
}

/** What was generated for a user, shown once. */
export interface UserCredentials {
  readonly secrets: readonly Secret[];
}

/** A login as the users page shows it. */
export interface UserView {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  readonly agent_id: string | null;
  readonly language: "en" | "fr" | "pt";
  readonly enabled: boolean;
  readonly must_change: boolean;
  readonly last_login_at: string | null;
  readonly discount_limit: number;
  readonly own_limit: boolean;
}

/** The customer's session in a shop's pages. `vouched`: the shop says who the customer is. */
export interface VisitorView {
  readonly id: string;
  readonly site: string;
  readonly language: string;
  readonly url: string;
  readonly title: string;
  readonly checkout_step: string | null;
  readonly online: boolean;
  readonly vouched: boolean;
  readonly seen_at: string;
}

export interface VoicemailLeft {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "voicemail.left";
  readonly mailbox: string;
  readonly voicemail: string;
  readonly seconds: number;
}

/** All a supervisor's wallboard needs to start with or to start over. */
export interface WallboardState {
  readonly link: boolean;
  readonly agents: readonly AgentView[];
  readonly queues: readonly QueueView[];
  readonly contacts: readonly ContactView[];
  readonly offers: readonly OfferView[];
  readonly callbacks: readonly CallbackView[];
  readonly pause_reasons: readonly Choice[];
  readonly server_time: string;
}

/** Somebody heard or watched the contact. */
export interface WatchLine {
  readonly at: string;
  readonly name: string;
  readonly action: "heard" | "watched";
}

/** PUT /v1/contacts/{contact}/wrap-up. `finish` makes the agent idle; `extend_seconds` asks for more time. */
export interface WrapUp {
  readonly disposition?: string | null;
  readonly note?: string | null;
  readonly finish?: boolean;
  readonly extend_seconds?: number;
}

export interface WrapUpSaved {
  readonly at: string;
  readonly contact: string | null;
  readonly type: "contact.wrapped_up";
  readonly agent: string;
  readonly disposition: string | null;
  readonly note: string | null;
}

export type AnyEvent = ContactStarted | ContactChanged | ContactQueued | ContactAbandoned | ContactDiverted | CallbackRequested | CallbackChanged | ContactEnded | OfferCreated | OfferEnded | CallRinging | CallAnswered | CallBridged | CallHeld | CallResumed | CallTransferred | ConferenceStarted | CallEnded | AgentStatusChanged | AgentStateChanged | QueueChanged | PlaybackStarted | PlaybackFinished | DigitsReceived | FlowNodeEntered | RecordingChanged | WrapUpSaved | VoicemailLeft | ConfigurationReloaded;
