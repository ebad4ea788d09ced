"""The numbered log of events."""

from typing import Any

import pytest
from twisted.internet.task import Clock

from pbx.bus import Bus
from pbx.contract.events import ConfigurationReloaded, ContactChanged, Envelope
from pbx.eventlog import EventLog
from pbx.journal import MemoryJournal
from tests.records import at
from tests.unit.test_cdr_folding import view


class Logged:
    def __init__(self, size: int = 5) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.journal = MemoryJournal()
        self.log = EventLog(self.bus, self.journal, "b1", size)

    def happen(self, *events: Any) -> None:
        for event in events:
            self.bus.publish(event)
        self.clock.advance(0)


@pytest.fixture
def logged() -> Logged:
    return Logged()


def reloaded(seconds: float) -> ConfigurationReloaded:
    return ConfigurationReloaded(at=at(seconds))


def seqs(found: tuple[Envelope, ...] | None) -> list[int] | None:
    return None if found is None else [one.seq for one in found]


def test_events_are_numbered_from_one_in_the_order_they_were_published(logged: Logged) -> None:
    logged.happen(reloaded(1), reloaded(2))

    found = logged.log.since(0)
    assert found is not None
    assert [(one.boot, one.seq, one.event.at) for one in found] == [("b1", 1, at(1)), ("b1", 2, at(2))]
    assert logged.log.last == 2


def test_a_log_can_be_read_on_from_any_number_that_is_still_kept(logged: Logged) -> None:
    logged.happen(*(reloaded(n) for n in range(8)))

    assert logged.log.oldest == 4
    assert seqs(logged.log.since(3)) == [4, 5, 6, 7, 8]
    assert seqs(logged.log.since(6)) == [7, 8]
    assert seqs(logged.log.since(8)) == []


def test_a_number_that_is_no_longer_kept_or_has_not_come_yet_is_told_apart(logged: Logged) -> None:
    logged.happen(*(reloaded(n) for n in range(8)))

    assert logged.log.since(2) is None
    assert logged.log.since(9) is None


def test_an_empty_log_can_be_read_from_its_beginning(logged: Logged) -> None:
    assert logged.log.since(0) == ()
    assert logged.log.oldest == 1


def test_listeners_hear_until_they_stop_and_one_that_fails_keeps_no_other_from_hearing(
    logged: Logged,
) -> None:
    heard: list[int] = []

    def fails(envelope: Envelope) -> None:
        raise RuntimeError("not today")

    logged.log.listen(fails)
    stop = logged.log.listen(lambda envelope: heard.append(envelope.seq))
    logged.happen(reloaded(1))
    stop()
    stop()
    logged.happen(reloaded(2))

    assert heard == [1]


def test_events_are_journaled_with_their_numbers_but_views_are_not(logged: Logged) -> None:
    changed = ContactChanged(at=at(1), contact="c1", view=view())
    logged.happen(changed, reloaded(2))

    assert list(logged.journal.rows["call_event"].values()) == [
        {
            "boot_id": "b1", "seq": 2, "contact_id": None, "at": at(2), "type": "configuration.reloaded",
            "body": {},
        }
    ]  # fmt: skip


def test_a_stopped_log_numbers_nothing_more(logged: Logged) -> None:
    logged.log.stop()
    logged.happen(reloaded(1))

    assert logged.log.last == 0
