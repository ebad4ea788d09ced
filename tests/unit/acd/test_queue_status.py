"""What somebody who thinks of calling is told of a queue."""

from datetime import time

import pytest
from center_world import World, a_catalog

from ivr.hours import WEEKDAYS, Period, Schedule
from ivr.speech.catalogue import shipped_catalogue
from pbx.acd.queue_status import QueueStatuses
from pbx.catalog import Catalog, QueueRow
from pbx.contract.commands import SetStatus
from pbx.contract.resources import QueueStatus
from pbx.errors import NotFound

MORNING = Schedule("UTC", dict.fromkeys(WEEKDAYS, (Period(time(8), time(12)),)))
AFTERNOON = Schedule("UTC", dict.fromkeys(WEEKDAYS, (Period(time(14), time(18)),)))
"""The world's clock begins at ten in the morning, UTC."""


def open_in(schedule: Schedule) -> Catalog:
    return a_catalog(calendars={"shop": schedule})


class Reception(World):
    def __init__(self) -> None:
        super().__init__(shipped_catalogue())
        self.center.set_up(open_in(MORNING))
        self.statuses = QueueStatuses(self.clock, self.now, self.center.acd, self.center.catalog)

    def status(self, queue: str = "shop", number: str | None = "4000") -> QueueStatus:
        return self.statuses.of(queue, number)


@pytest.fixture
def reception() -> Reception:
    return Reception()


def test_an_open_queue_tells_who_is_there(reception: Reception) -> None:
    reception.available("alice", "benoit")
    reception.center.dispatch.set_status("carla", SetStatus(status="on_break", pause_reason="lunch"))
    assert reception.status() == QueueStatus(queue="shop", open=True, agents_available=2)

    reception.customer_queues()
    reception.answers("alice")

    assert reception.status().agents_available == 1


def test_outside_the_opening_hours_of_the_numbers_flow_it_is_closed(reception: Reception) -> None:
    reception.available("alice")
    reception.center.set_up(open_in(AFTERNOON))
    status = reception.status()
    assert (status.open, status.closed) == (False, "hours")
    assert reception.status(number="warehouse").open, "of another number these are not the hours"
    assert reception.status(number=None).open


def test_nobody_logged_in_is_closed_too(reception: Reception) -> None:
    status = reception.status()
    assert (status.open, status.closed, status.agents_available) == (False, "no_agents", 0)


def test_a_break_is_no_reason_to_be_closed(reception: Reception) -> None:
    reception.center.dispatch.set_status("alice", SetStatus(status="on_break", pause_reason="lunch"))
    reception.turn()
    assert reception.status().open


def test_a_full_queue_takes_nobody(reception: Reception) -> None:
    queues = {"shop": QueueRow("shop", "Shop", {"capacity": 1}, False, "")}
    reception.center.set_up(a_catalog(calendars={"shop": MORNING}, queues=queues))
    reception.available("alice")
    reception.customer_queues()
    reception.answers("alice")
    reception.customer_queues("c2", "+33639980009", language="2")

    status = reception.status()

    assert (status.open, status.closed, status.waiting) == (False, "full", 1)


def test_a_wait_that_nobody_can_tell_yet_is_not_told(reception: Reception) -> None:
    reception.available("alice")
    assert reception.status().expected_wait_minutes is None


def test_there_are_only_the_queues_there_are(reception: Reception) -> None:
    with pytest.raises(NotFound):
        reception.status("nowhere")
