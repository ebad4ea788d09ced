"""What the server tells a page over Socket.IO and HTTP, besides the control API's own events and views."""

from datetime import date
from typing import Literal

from pydantic import Field

from agent_ui.logins.model import Role, Theme
from pbx.contract.base import Id, Language, Moment, Schema
from pbx.contract.events import AnyEvent
from pbx.contract.resources import (
    AgentView,
    CallbackView,
    CdrView,
    Choice,
    ContactView,
    OfferView,
    QueueView,
)

Localized = dict[Language, str]
PageName = Literal["desk", "wallboard", "recordings", "users"]
ActorKind = Literal["customer", "agent", "system"]


class MoneyView(Schema):
    """An amount in the currency's minor unit."""

    minor: int
    currency: str


class LineView(Schema):
    """Some items of one product in a cart or an order."""

    product_id: str
    sku: str
    name: Localized
    quantity: int
    unit_price: MoneyView
    amount: MoneyView


class TotalsView(Schema):
    """What a cart or an order amounts to; `tax` is contained in `total`."""

    subtotal: MoneyView
    discount: MoneyView
    shipping: MoneyView
    tax: MoneyView
    total: MoneyView


class DiscountView(Schema):
    """A reduction in basis points of the subtotal, and the agent who gave it."""

    basis_points: int
    reason: str
    given_by: str


class PreparedView(Schema):
    """The agent who made the cart ready for its customer to confirm, and when."""

    by: str
    at: Moment


class CartView(Schema):
    """A cart of the shop; only an open one can be changed."""

    id: str
    lines: tuple[LineView, ...]
    item_count: int
    totals: TotalsView
    checkout_step: Literal["cart", "address", "shipping", "payment", "review"]
    state: Literal["open", "ordered", "abandoned"]
    discount: DiscountView | None
    prepared: PreparedView | None
    updated_at: Moment


class PageLineView(Schema):
    """A line of a cart as a page says it."""

    name: str
    sku: str
    quantity: int
    unit_price: MoneyView
    amount: MoneyView


class PageCartView(Schema):
    """A cart that only the page knows: shown as the page says it, and not to be changed."""

    lines: tuple[PageLineView, ...]
    item_count: int
    total: MoneyView


class VisitorView(Schema):
    """The customer's session in a shop's pages. `vouched`: the shop says who the customer is."""

    id: str
    site: str
    language: str
    url: str
    title: str
    checkout_step: str | None
    online: bool
    vouched: bool
    seen_at: Moment


class CartChangeView(Schema):
    """A line of a cart's audit trail; `name` is the product's that it is about."""

    id: str
    at: Moment
    actor_kind: ActorKind
    actor: str
    action: str
    sku: str | None
    name: Localized | None
    details: dict[str, str | int]


class ShopAbilities(Schema):
    """What an agent can do with a cart that only the page knows, in the connected shop that the page is of."""

    prepares_orders: bool = False
    applies_coupons: bool = False


class LiveCart(Schema):
    """The customer's page and cart, as they are now. `history`: the latest changes, the last one first.

    `startable`: the customer is known and has no open cart, so that one can be started for them. `shop`: what the
    connected shop of the page's cart can do, if it is connected.
    """

    contact: Id
    visitor: VisitorView | None
    cart: CartView | None
    page_cart: PageCartView | None
    history: tuple[CartChangeView, ...]
    startable: bool
    shop: ShopAbilities = ShopAbilities()
    server_time: Moment


class ProductView(Schema):
    """A product for sale; `stock` is how many can still be sold."""

    id: str
    sku: str
    name: Localized
    price: MoneyView
    stock: int


class AddLine(Schema):
    """POST /api/contacts/{contact}/carts/{cart}/lines"""

    product: str = Field(max_length=64)
    quantity: int = Field(1, ge=1, le=999)


class SetQuantity(Schema):
    """PUT /api/contacts/{contact}/carts/{cart}/lines/{product}"""

    quantity: int = Field(ge=1, le=999)


class GiveDiscount(Schema):
    """PUT /api/contacts/{contact}/carts/{cart}/discount; 0 basis points take it away."""

    basis_points: int = Field(ge=0, le=10_000)
    reason: str = Field("", max_length=200)


class PrepareInShop(Schema):
    """POST /api/contacts/{contact}/order: the page's cart as a pending order in its connected shop."""

    coupon: str = Field("", max_length=64)


class PreparedInShop(Schema):
    """An order that waits in a connected shop for its customer to pay it at `pay_link`."""

    number: str
    pay_link: str
    total: MoneyView


class SayCode(Schema):
    """POST /api/contacts/{contact}/code: the six digits that the customer reads from the page."""

    code: str = Field(max_length=32)


class OrderView(Schema):
    """An order and where it stands today."""

    id: str
    number: str
    placed_at: Moment
    state: Literal[
        "placed", "paid", "packed", "shipped", "delivered", "return_requested", "returned", "canceled"
    ]
    outstanding: Literal["payment", "packing", "dispatch", "delivery", "return", "refund", "nothing"]
    expected_on: date | None
    is_late: bool
    shipped_on: date | None
    delivered_on: date | None
    carrier: str | None
    tracking: str | None
    item_count: int
    lines: tuple[LineView, ...]
    total: MoneyView
    amount_due: MoneyView
    refund_due: MoneyView


class AddressView(Schema):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    street: str
    postal_code: str
    city: str
    country: str


class CustomerView(Schema):
    """A customer of the shop."""

    id: str
    name: str
    email: str
    phones: tuple[str, ...]
    language: Language
    address: AddressView


class CustomerPanel(Schema):
    """A customer with the open cart and the latest orders; `order_count` counts all of them."""

    customer: CustomerView
    cart: CartView | None
    orders: tuple[OrderView, ...]
    order_count: int


class TimelineEntry(Schema):
    """One thing that happened in a contact; `what` names it. `sku` and `name`: the product that it is about."""

    id: str
    at: Moment
    what: str
    actor_kind: ActorKind
    actor: str
    """An agent's id or a supervisor's user name; empty for all others."""
    sku: str | None = None
    name: Localized | None = None
    details: dict[str, str | int] = Field(default_factory=dict)


class TimelineNews(Schema):
    """What has just happened in a contact."""

    contact: Id
    entries: tuple[TimelineEntry, ...]


class ContactFile(Schema):
    """A contact with all that is known about its customer. `history` is None when it could not be read;
    `shop_away` says that the shop's data could not be; `live` is then None. `timeline`: what happened so far."""

    contact: ContactView
    panel: CustomerPanel | None
    live: LiveCart | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    shop_away: bool = False
    history: tuple[CdrView, ...] | None = ()


class ScreenPop(Schema):
    """An offer with everything the agent should see before answering: one message, sent to that agent."""

    offer: OfferView
    file: ContactFile
    server_time: Moment


class Left(Schema):
    """The agent is no longer in this contact, which may go on without them."""

    contact: Id


class LinkState(Schema):
    """Whether the telephone system can be reached."""

    up: bool


class DeskState(Schema):
    """All an agent's desk needs to start with or to start over; changes follow as events."""

    link: bool
    me: AgentView | None
    queues: tuple[QueueView, ...]
    offers: tuple[ScreenPop, ...]
    file: ContactFile | None
    pause_reasons: tuple[Choice, ...]
    dispositions: tuple[Choice, ...]
    names: dict[str, str]
    """The agents' names, by their ids and by their phones."""
    server_time: Moment


class WallboardState(Schema):
    """All a supervisor's wallboard needs to start with or to start over."""

    link: bool
    agents: tuple[AgentView, ...]
    queues: tuple[QueueView, ...]
    contacts: tuple[ContactView, ...]
    offers: tuple[OfferView, ...]
    callbacks: tuple[CallbackView, ...]
    pause_reasons: tuple[Choice, ...]
    server_time: Moment


class Happened(Schema):
    """An event of the control API that this page may see."""

    event: AnyEvent
    server_time: Moment


class RecentContact(Schema):
    """One of an agent's own past contacts, with the customer's name if the shop knows it."""

    cdr: CdrView
    customer_name: str | None


class PreferencesView(Schema):
    """How a person likes the pages."""

    language: Language
    theme: Theme
    ring_sound: bool
    shortcuts: bool


class UserView(Schema):
    """A login as the users page shows it."""

    id: Id
    username: str
    name: str
    role: Role
    agent_id: str | None
    language: Language
    enabled: bool
    must_change: bool
    last_login_at: Moment | None
    discount_limit: int
    """The largest discount the person may give, in basis points."""
    own_limit: bool
    """Whether it is the person's own, and not their role's."""


class SetDiscountLimit(Schema):
    """PUT /api/users/{login}/discount-limit; without one, the role's counts."""

    basis_points: int | None = Field(None, ge=0, le=10_000)


class NewUser(Schema):
    """A login to be made, and for one who takes calls the agent and the phone."""

    username: str
    name: str
    role: Role
    language: Language
    phone_user: str | None = None


class Secret(Schema):
    """A generated credential, shown once: of the pages or of a phone."""

    kind: str
    username: str
    password: str


class UserCredentials(Schema):
    """What was generated for a user, shown once."""

    secrets: tuple[Secret, ...]


class Boot(Schema):
    """What the page is started with."""

    username: str
    name: str
    role: Role
    agent_id: str | None
    preferences: PreferencesView
    csrf: str
    pages: tuple[PageName, ...]
    discount_limit: int
    """The largest discount this person may give, in basis points."""


class Refusal(Schema):
    """Why the server did not do what the page asked; `id` names the message in the catalogues."""

    id: str
    params: dict[str, str] = Field(default_factory=dict)
