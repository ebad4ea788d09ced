"""A visitor: one customer's session in a site's pages."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageCartLine:
    """A line as the page shows it; the price is in the currency's minor unit."""

    name: str
    sku: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class PageCart:
    """What the page published. `id` is set when the shop proved that it is this cart of the built-in shop.

    A cart with an id is read from the shop's database, not from the lines; they are what the page said, and a
    page can say anything.
    """

    currency: str
    lines: tuple[PageCartLine, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer's session on a site.

    `customer_id` is set only when the shop vouched for it. `url` has neither query nor fragment. `online`: at
    least one page of the session is open. `code` is what the page shows to be told to an agent.
    """

    id: str
    site: str
    language: str
    seen_at: datetime
    customer_id: str | None = None
    url: str = ""
    title: str = ""
    cart: PageCart | None = None
    checkout_step: str | None = None
    online: bool = False
    code: str | None = field(default=None, repr=False)
