"""A parcel on its way to a customer."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel with this many of the order's items; `expected_on` is the carrier's promise."""

    id: str
    carrier: str
    tracking: str
    item_count: int
    expected_on: date | None
    shipped_at: datetime
    delivered_at: datetime | None = None
