"""When a parcel will be there."""

from datetime import date, timedelta
from typing import Literal, get_args

Delivery = Literal["home", "point"]
DELIVERIES: tuple[Delivery, ...] = get_args(Delivery)
"""To the door, or to a parcel point nearby. Both cost the same: the price rules know one fee."""

HOME_COUNTRY = "FR"
_NEAR = ("FR", "BE", "LU", "DE", "ES", "PT", "CH")
_WORKING_DAYS: dict[Delivery, tuple[int, int]] = {"home": (2, 3), "point": (3, 4)}
_FURTHER, _FAR = 2, 5


def estimate(today: date, delivery: Delivery, country: str = HOME_COUNTRY) -> tuple[date, date]:
    """The first and last day on which a parcel ordered today should arrive; weekends do not count."""
    first, last = _WORKING_DAYS[delivery]
    longer = 0 if country == HOME_COUNTRY else _FURTHER if country in _NEAR else _FAR
    return _working_days_after(today, first + longer), _working_days_after(today, last + longer)


def _working_days_after(start: date, count: int) -> date:
    found = start
    while count:
        found += timedelta(days=1)
        count -= found.weekday() < 5
    return found
