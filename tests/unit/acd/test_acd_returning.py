"""Coming back to a queue after an agent, and asking beforehand whether a queue takes anybody."""

import pytest

from pbx.acd import events
from pbx.acd.actions import ContactJoined, LeaveQueue
from pbx.acd.contact import Contact
from pbx.acd.errors import UnknownQueue


def test_who_was_with_an_agent_is_not_turned_away_by_a_full_queue(floor):
    floor.queue(capacity=1)
    floor.call("c1")

    said = floor.do(events.ContactQueued(Contact("c2", "sales"), again=True))

    assert floor.heard(ContactJoined, said) and floor.line() == ["c1", "c2"]


def test_who_was_with_an_agent_does_not_wait_where_nobody_works(floor):
    floor.queue(when_empty="refuse")

    said = floor.do(events.ContactQueued(Contact("c2", "sales"), again=True))

    assert [left.outcome for left in floor.heard(LeaveQueue, said)] == ["no_agents"]


def test_a_queue_says_beforehand_whether_it_takes_somebody(floor):
    floor.queue(capacity=1)
    floor.queue("night", when_empty="leave")
    assert (floor.acd.refusal("sales"), floor.acd.refusal("night")) == (None, "no_agents")

    floor.call("c1")

    assert floor.acd.refusal("sales") == "full"
    with pytest.raises(UnknownQueue):
        floor.acd.refusal("nowhere")
