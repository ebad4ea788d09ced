"""What is read from the records: the history of contacts, and what a new process takes up."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from pbx import history, tables
from pbx.errors import NotFound
from pbx.history import Filter, RecordingFilter
from pbx.restoring import load
from tests.records import Records, a_contact, a_recording, a_segment, an_event, at

T = TypeVar("T")


def read(records: Records, work: Callable[..., T], *what: Any) -> T:
    with records.sessions() as session:
        return work(session, *what)


def ids(records: Records, **wanted: Any) -> list[str]:
    return [one.contact for one in read(records, history.records, Filter(**wanted))]


@pytest.fixture
def three(records: Records) -> Records:
    """Camille called twice, somebody else in between."""
    records.add(
        tables.contact,
        a_contact(
            "c1",
            customer_id="camille",
            agent_id="alice",
            started_at=at(0),
            ended_at=at(9),
            outcome="answered",
        ),
        a_contact("c2", customer_id="jo", caller="+447700900001", agent_id="benoit", started_at=at(10)),
        a_contact(
            "c3",
            customer_id="camille",
            agent_id="benoit",
            started_at=at(20),
            talk_seconds=4.5,
            note="Size 42",
        ),
    )
    records.add(
        tables.segment,
        a_segment("c3", 2, kind="agent", agent_id="benoit", started_at=at(25)),
        a_segment(
            "c3", 1, kind="agent", agent_id="alice", started_at=at(21), ended_at=at(25), outcome="transferred"
        ),
    )
    return records


def test_records_come_newest_first(three: Records) -> None:
    assert ids(three) == ["c3", "c2", "c1"]


def test_records_are_found_by_customer_and_by_caller(three: Records) -> None:
    assert ids(three, customer_id="camille") == ["c3", "c1"]
    assert ids(three, caller="+447700900001") == ["c2"]
    assert ids(three, customer_id="camille", caller="+447700900001") == []


def test_an_agents_records_are_those_the_agent_had_a_part_in(three: Records) -> None:
    assert ids(three, agent="alice") == ["c3", "c1"]
    assert ids(three, agent="benoit") == ["c3", "c2"]


def test_records_are_read_page_by_page(three: Records) -> None:
    assert ids(three, limit=2) == ["c3", "c2"]
    assert ids(three, limit=2, before=at(10)) == ["c1"]


def test_a_record_has_its_segments_in_order_and_its_times_in_utc(three: Records) -> None:
    found = read(three, history.record, "c3")

    assert [(one.kind, one.agent, one.ended_at) for one in found.segments] == [
        ("agent", "alice", at(25)),
        ("agent", "benoit", None),
    ]
    assert (found.started_at, found.talk_seconds, found.note) == (at(20), 4.5, "Size 42")


def test_a_contact_that_was_never_recorded_is_not_found(three: Records) -> None:
    with pytest.raises(NotFound):
        read(three, history.record, "c9")
    with pytest.raises(NotFound):
        read(three, history.entries, "c9")


def test_what_happened_to_a_contact_is_read_in_order_even_across_processes(three: Records) -> None:
    three.add(tables.call_event, an_event(1), an_event(2), an_event(3, contact="c2"), an_event(1, boot="b2"))

    found = read(three, history.entries, "c1")

    assert [(one.boot, one.seq, one.type, one.body) for one in found] == [
        ("b1", 1, "call.held", {"by": "a"}),
        ("b1", 2, "call.held", {"by": "a"}),
        ("b2", 1, "call.held", {"by": "a"}),
    ]
    assert read(three, history.entries, "c3") == ()


def a_callback(id: str, state: str, queued: float) -> dict[str, Any]:
    return {
        "id": id, "contact_id": "c1", "queue_id": "shop", "number": "+33639980001", "customer_id": "camille",
        "language": "fr", "priority": 5, "requested_at": at(queued + 3), "queued_at": at(queued), "attempts": 1,
        "state": state, "visitor": "v1", "site": "boutique",
    }  # fmt: skip


def test_promises_that_were_not_kept_are_taken_up_oldest_place_first(records: Records) -> None:
    records.add(
        tables.callback,
        a_callback("young", "waiting", 50), a_callback("old", "dialing", 10), a_callback("mid", "offered", 20),
        a_callback("kept", "done", 5), a_callback("lost", "failed", 6),
    )  # fmt: skip

    promises, _ = read(records, load)

    assert [one.view.id for one in promises] == ["old", "mid", "young"]
    first = promises[0]
    assert first.view.state == "waiting", "whoever was being called is to be called again"
    assert (first.waiting_since, first.language, first.priority, first.contact) == (at(10), "fr", 5, "c1")
    assert (first.view.attempts, first.view.number) == (1, "+33639980001")
    assert (first.visitor, first.site) == ("v1", "boutique")


def test_the_agents_statuses_are_taken_up(records: Records) -> None:
    agent = {"phone": "p", "skills": {}, "max_misses": 3, "auto_answer": False, "enabled": True}
    records.add(
        tables.agent, {"id": "alice", "name": "Alice", **agent}, {"id": "benoit", "name": "B", **agent}
    )
    records.add(
        tables.agent_status,
        {"agent_id": "alice", "status": "on_break", "pause_reason": "lunch", "since": at(0)},
        {"agent_id": "benoit", "status": "available", "pause_reason": None, "since": at(0)},
    )

    _, statuses = read(records, load)

    assert statuses == {"alice": ("on_break", "lunch"), "benoit": ("available", None)}


@pytest.fixture
def recorded(three: Records) -> Records:
    """Two recordings of Camille's second call, a message of somebody's, and one that was deleted."""
    three.add(
        tables.recording,
        a_recording(
            "r1", "c3", kind="call", state="finished", started_at=at(21), pauses=[[1.5, 2.5]], seconds=9.5
        ),
        a_recording("r2", "c3", kind="call", state="recording", started_at=at(30)),
        a_recording("v1", "c2", kind="voicemail", state="finished", started_at=at(12)),
        a_recording("old", "c1", kind="call", state="failed", started_at=at(1), deleted_at=at(99)),
    )
    return three


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["r2", "r1", "v1", "old"]),
        ({"limit": 2}, ["r2", "r1"]),
        ({"contact": "c3"}, ["r2", "r1"]),
        ({"agent": "alice"}, ["r2", "r1", "old"]),
        ({"agent": "nobody"}, []),
        ({"since": at(12), "until": at(30)}, ["r1", "v1"]),
    ],
)
def test_recordings_are_found_newest_first(
    recorded: Records, wanted: dict[str, Any], found: list[str]
) -> None:
    views = read(recorded, history.recordings, RecordingFilter(**wanted))
    assert [one.id for one in views] == found


def test_a_recording_says_where_it_is_silent_and_whose_it_is(recorded: Records) -> None:
    (one,) = read(recorded, history.recordings, RecordingFilter(since=at(21), until=at(22)))
    assert (one.path, one.seconds, one.pauses, one.deleted_at) == ("r1.wav", 9.5, ((1.5, 2.5),), None)
    assert one.record is not None
    assert (one.record.contact, one.record.note, len(one.record.segments)) == ("c3", "Size 42", 2)


def test_a_deleted_recording_has_no_file(recorded: Records) -> None:
    (one,) = read(recorded, history.recordings, RecordingFilter(contact="c1"))
    assert (one.path, one.deleted_at) == ("", at(99))
