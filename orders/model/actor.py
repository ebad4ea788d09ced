"""Who does something in the shop, and how far they may go."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["customer", "agent", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a change is attributed to.

    `discount_limit` is the largest discount they may give, in basis points of a cart's subtotal.
    """

    kind: ActorKind
    id: str
    discount_limit: int = 0
