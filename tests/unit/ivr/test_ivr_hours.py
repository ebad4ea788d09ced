from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.hours import ALWAYS_OPEN, Holiday, Period, Schedule, TimeZoneError, is_open

MORNING = Period(time(9), time(12))
AFTERNOON = Period(time(14), time(18, 30))
LATE = Period(time(20), time(2))
SHOP = Schedule(
    "Europe/Paris",
    {
        "monday": (MORNING, AFTERNOON),
        "tuesday": (MORNING,),
        "friday": (LATE,),
        "sunday": (Period(time(22), time.min),),
    },
    (
        Holiday(date(2026, 11, 23)),
        Holiday(date(2026, 12, 25), (Period(time(10), time(11)),)),
    ),
)
MONDAY, HOLIDAY_MONDAY = date(2026, 11, 16), date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (8, 59, False),
        (9, 0, True),
        (11, 59, True),
        (12, 0, False),
        (13, 59, False),
        (14, 0, True),
        (18, 29, True),
        (18, 30, False),
    ],
)
def test_a_day_has_several_periods_that_include_their_start_only(
    hour: int, minute: int, expected: bool
) -> None:
    assert is_open(SHOP, at(MONDAY, hour, minute)) is expected


def test_a_day_that_is_not_named_is_closed() -> None:
    assert not is_open(SHOP, at(MONDAY + timedelta(days=2), 10))


def test_a_holiday_replaces_the_week_s_periods() -> None:
    assert not is_open(SHOP, at(HOLIDAY_MONDAY, 10))
    assert is_open(SHOP, at(date(2026, 12, 25), 10, 30))
    assert not is_open(SHOP, at(date(2026, 12, 25), 21))


def test_a_period_may_run_past_midnight() -> None:
    friday, saturday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)
    assert is_open(SHOP, at(friday, 23, 59))
    assert is_open(SHOP, at(saturday, 1, 59))
    assert not is_open(SHOP, at(saturday, 2))
    assert not is_open(SHOP, at(friday, 1))


def test_a_period_up_to_midnight_ends_with_its_day() -> None:
    sunday = MONDAY + timedelta(days=6)
    assert is_open(SHOP, at(sunday, 23, 59))
    assert not is_open(SHOP, at(HOLIDAY_MONDAY, 0))


def test_hours_are_local_in_winter_and_in_summer() -> None:
    assert not is_open(SHOP, datetime(2026, 11, 16, 7, 59, tzinfo=UTC))
    assert is_open(SHOP, datetime(2026, 11, 16, 8, 0, tzinfo=UTC))
    assert not is_open(SHOP, datetime(2026, 7, 6, 6, 59, tzinfo=UTC))
    assert is_open(SHOP, datetime(2026, 7, 6, 7, 0, tzinfo=UTC))


@pytest.mark.parametrize("hour", range(24))
def test_always_open_is_always_open(hour: int) -> None:
    assert all(is_open(ALWAYS_OPEN, at(MONDAY + timedelta(days=day), hour)) for day in range(7))


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "x\x00y"])
def test_an_unknown_time_zone_is_named(name: str) -> None:
    with pytest.raises(TimeZoneError):
        is_open(Schedule(name), at(MONDAY, 10))
