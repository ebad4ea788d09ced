"""Items that a customer sends back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orders.model.money import Money

ReturnReason = Literal["changed_mind", "damaged", "wrong_item", "too_late", "undelivered"]
ReturnState = Literal["requested", "received", "refused"]


@dataclass(frozen=True, slots=True)
class Return:
    """Some items of one of the order's products, and what the shop pays back for them."""

    id: str
    product_id: str
    quantity: int
    reason: ReturnReason
    refund: Money
    state: ReturnState
    requested_at: datetime
    closed_at: datetime | None = None
