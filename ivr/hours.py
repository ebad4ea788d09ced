"""Opening hours: a week of periods, holidays that replace a day, and the time zone they are meant in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class TimeZoneError(ValueError):
    """The schedule's time zone is not an IANA name that this machine knows."""

    id = "unknown_time_zone"


@dataclass(frozen=True, slots=True)
class Period:
    """Open from `opens` (included) to `closes` (excluded), local time; midnight as `closes` ends the day.

    A period whose end is not after its start runs past midnight into the next day.
    """

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date whose periods replace the week's; without periods it is closed all day."""

    on: date
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The week's periods by day, in an IANA time zone; a day that is not named is closed."""

    timezone: str
    week: Mapping[Weekday, tuple[Period, ...]] = field(default_factory=dict)
    holidays: tuple[Holiday, ...] = ()


ALL_DAY = (Period(time.min, time.min),)
ALWAYS_OPEN = Schedule("UTC", MappingProxyType(dict.fromkeys(WEEKDAYS, ALL_DAY)))


def is_open(schedule: Schedule, at: datetime) -> bool:
    """Whether the schedule is open at that aware moment. Raises TimeZoneError."""
    local = at.astimezone(time_zone(schedule.timezone))
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    now = local.time()
    return any(_covers(period, now) for period in periods_on(schedule, today)) or any(
        _spills_over(period) and now < period.closes for period in periods_on(schedule, yesterday)
    )


def periods_on(schedule: Schedule, day: date) -> tuple[Period, ...]:
    """The periods that start on that day: a holiday's, else the week's."""
    for holiday in schedule.holidays:
        if holiday.on == day:
            return holiday.periods
    return schedule.week.get(WEEKDAYS[day.weekday()], ())


def time_zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises TimeZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TimeZoneError(name) from error


def _spills_over(period: Period) -> bool:
    return period.closes <= period.opens


def _covers(period: Period, now: time) -> bool:
    if _spills_over(period):
        return now >= period.opens
    return period.opens <= now < period.closes
