import pytest

from pbx.sip.dialling import DialLedger, Usage, may_dial
from pbx.sip.directory import EndpointAccount


def account(**changed):
    values = {"may_dial_out": True, "allowed_prefixes": ("+33", "+351")} | changed
    return EndpointAccount("ana", {}, max_calls=2, max_calls_per_hour=5, **values)


@pytest.mark.parametrize(
    ("who", "number", "usage", "refusal"),
    [
        (account(), "+33123456789", Usage(), None),
        (account(), "+33123456789", Usage(1, 4), None),
        (account(may_dial_out=False), "+33123456789", Usage(), "dial.not_permitted"),
        (account(), "+881234567", Usage(), "dial.number_plan"),
        (account(allowed_prefixes=()), "+881234567", Usage(), None),
        (account(), "+33123456789", Usage(2, 2), "dial.concurrent_cap"),
        (account(), "+33123456789", Usage(0, 5), "dial.hourly_cap"),
    ],
)
def test_dialling_needs_permission_plan_and_room(who, number, usage, refusal):
    found = may_dial(who, number, usage)
    assert (found.id if found else None) == refusal


def test_the_ledger_counts_calls_up_and_calls_of_the_last_hour():
    ledger = DialLedger()
    ledger.started("ana", "one", 0.0)
    ledger.started("ana", "one", 1.0)
    ledger.started("ana", "two", 1800.0)
    ledger.started("bea", "three", 1800.0)
    assert ledger.usage("ana", 1800.0) == Usage(2, 2)
    ledger.ended("one")
    ledger.ended("one")
    ledger.ended("never seen")
    assert ledger.usage("ana", 1801.0) == Usage(1, 2)
    assert ledger.usage("ana", 3601.0) == Usage(1, 1)
    assert ledger.usage("nobody", 0.0) == Usage()


def test_a_call_whose_end_was_missed_is_forgotten_in_the_end():
    ledger = DialLedger()
    ledger.started("ana", "one", 0.0)
    ledger.started("ana", "two", 13 * 3600.0)
    assert ledger.usage("ana", 13 * 3600.0) == Usage(1, 1)


def test_the_house_has_no_name_and_its_calls_end_too():
    ledger = DialLedger()
    ledger.started("", "callback", 0.0)
    ledger.ended("callback")
    assert ledger.usage("", 1.0) == Usage(0, 1)


def test_nothing_is_kept_of_guests_who_called_an_hour_ago():
    ledger = DialLedger()
    for number in range(1000):
        ledger.started(f"guest-{number}", f"call-{number}", float(number))
        ledger.ended(f"call-{number}")
    ledger.started("ana", "one", 1000.0 + 3600.0)
    assert list(ledger._begun) == ["ana"] and ledger._concurrent == {"ana": 1}
