"""A checkout under way: what the customer has said so far, and how far that takes them."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self, get_args

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from agent_ui.shop.delivery import Delivery
from agent_ui.shop.tables import shop_checkout
from orders.model.address import Address
from orders.model.cart import CheckoutStep
from orders.model.customer import Customer

Step = Literal["address", "delivery", "payment", "review"]
STEPS: tuple[Step, ...] = get_args(Step)

KEPT = timedelta(days=30)
"""Names and addresses of checkouts that were left are kept so long."""

STEP_OF_CART: dict[Step, CheckoutStep] = {
    "address": "address",
    "delivery": "shipping",
    "payment": "payment",
    "review": "review",
}
"""How agents see the shop's steps."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets the parcel, and where. `phone` is as it was written."""

    name: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    country: str

    @classmethod
    def of(cls, customer: Customer) -> Self:
        """What is known of a customer."""
        phone = customer.phones[0] if customer.phones else ""
        return cls(customer.name, customer.email, phone, *_address_fields(customer.address))

    @property
    def address(self) -> Address:
        """Where the parcel goes."""
        return Address(self.street, self.postal_code, self.city, self.country)


@dataclass(frozen=True, slots=True)
class Draft:
    """`payment` is the token that the payment provider gave for a card."""

    recipient: Recipient | None = None
    delivery: Delivery | None = None
    payment: str | None = None

    def with_recipient(self, recipient: Recipient) -> "Draft":
        """The draft with this recipient."""
        return replace(self, recipient=recipient)

    def with_delivery(self, delivery: Delivery) -> "Draft":
        """The draft with this delivery."""
        return replace(self, delivery=delivery)

    def with_payment(self, token: str | None) -> "Draft":
        """The draft with this token, or without one."""
        return replace(self, payment=token)


def furthest(draft: Draft) -> Step:
    """The first step at which something is missing."""
    if draft.recipient is None:
        return "address"
    if draft.delivery is None:
        return "delivery"
    return "payment" if draft.payment is None else "review"


def may_see(draft: Draft, step: Step) -> bool:
    """Whether everything before the step is said."""
    return STEPS.index(step) <= STEPS.index(furthest(draft))


def draft_of(session: Session, cart_id: str) -> Draft:
    """The cart's draft; an empty one at the beginning."""
    kept = session.scalar(select(shop_checkout.c.draft).where(shop_checkout.c.cart_id == cart_id))
    if kept is None:
        return Draft()
    recipient = kept["recipient"]
    return Draft(Recipient(**recipient) if recipient else None, kept["delivery"], kept["payment"])


def keep_draft(session: Session, cart_id: str, draft: Draft, now: datetime) -> None:
    """Keep the cart's draft. What others have left behind for long is forgotten.

    Raises:
        IntegrityError: the same was kept for the first time at the same moment.
    """
    session.execute(delete(shop_checkout).where(shop_checkout.c.updated_at < now - KEPT))
    row = {"draft": asdict(draft), "updated_at": now}
    changed = session.execute(update(shop_checkout).where(shop_checkout.c.cart_id == cart_id).values(row))
    if getattr(changed, "rowcount", 0) == 0:
        session.execute(insert(shop_checkout).values(cart_id=cart_id, **row))


def forget_draft(session: Session, cart_id: str) -> None:
    """Forget what was said for this cart."""
    session.execute(delete(shop_checkout).where(shop_checkout.c.cart_id == cart_id))


def _address_fields(address: Address) -> tuple[str, str, str, str]:
    return address.street, address.postal_code, address.city, address.country
