"""From events to rows."""

from typing import Any

import pytest
from twisted.internet.task import Clock

from pbx.bus import Bus
from pbx.cdr import LATE, CallRecords
from pbx.contract import events
from pbx.contract.resources import AgentView, ContactView
from pbx.journal import MemoryJournal
from tests.records import at


def view(id: str = "c1", **changes: Any) -> ContactView:
    facts: dict[str, Any] = {
        "id": id, "state": "ivr", "caller": "+33639980001", "called": "4000", "language": "fr",
        "flow": "shop", "flow_version": 3, "started_at": at(0),
    }  # fmt: skip
    return ContactView(**{**facts, **changes})


def agent(state: str, contact: str | None = None, id: str = "alice") -> AgentView:
    return AgentView(
        id=id, name=id.title(), phone=id, status="available", status_since=at(0), state=state,  # type: ignore[arg-type]
        state_since=at(0), contact=contact,
    )  # fmt: skip


def started(**changes: Any) -> events.ContactStarted:
    return events.ContactStarted(at=at(0), contact="c1", view=view(state="ringing", **changes))


def changed(seconds: float, **changes: Any) -> events.ContactChanged:
    return events.ContactChanged(at=at(seconds), contact="c1", view=view(**changes))


def menu(seconds: float) -> events.FlowNodeEntered:
    return events.FlowNodeEntered(at=at(seconds), contact="c1", flow="shop", node="menu")


def queued(seconds: float, queue: str = "shop") -> events.ContactQueued:
    waiting = view(state="queued", queue=queue, queued_at=at(10))
    return events.ContactQueued(at=at(seconds), contact="c1", queue=queue, position=1, view=waiting)


def bridged(seconds: float, agent: str | None = "alice") -> events.CallBridged:
    return events.CallBridged(at=at(seconds), contact="c1", legs=("a", "b"), agent=agent)


def held(seconds: float, by: str = "alice") -> events.CallHeld:
    return events.CallHeld(at=at(seconds), contact="c1", by=by)


def resumed(seconds: float, by: str = "alice") -> events.CallResumed:
    return events.CallResumed(at=at(seconds), contact="c1", by=by)


def transferred(seconds: float, kind: Any, to_agent: str | None = None) -> events.CallTransferred:
    return events.CallTransferred(
        at=at(seconds), contact="c1", kind=kind, target="x", by="alice", to_agent=to_agent
    )


def ended(seconds: float, outcome: Any = "answered") -> events.ContactEnded:
    return events.ContactEnded(at=at(seconds), contact="c1", outcome=outcome, reason="customer hung up")


def state(
    seconds: float, state: str, contact: str | None = "c1", id: str = "alice"
) -> events.AgentStateChanged:
    return events.AgentStateChanged(at=at(seconds), contact=contact, agent=agent(state, contact, id))


class Told:
    """Everything that was journaled for a sequence of events."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.writes: list[str] = []
        self.journal = MemoryJournal(lambda kind, row: self.writes.append(kind))
        self.records = CallRecords(self.bus, self.journal, "b1")

    def __call__(self, *happened: events.Event) -> "Told":
        for event in happened:
            self.bus.publish(event)
            self.clock.advance(0)
        return self

    @property
    def contact(self) -> dict[str, Any]:
        (row,) = self.journal.rows["contact"].values()
        return row

    def segments(self, *columns: str) -> list[tuple[Any, ...]]:
        rows = sorted(self.journal.rows["segment"].values(), key=lambda row: row["number"])
        return [tuple(row[name] for name in columns) for row in rows]


@pytest.fixture
def told() -> Told:
    return Told()


ANSWERED: tuple[events.Event, ...] = (
    started(),
    menu(1),
    changed(5, customer_id="camille", order_number="2002029"),
    queued(10),
    bridged(25.5),
    changed(25.5, state="talking", queue="shop", agent="alice", customer_id="camille", queued_at=at(10)),
    held(40),
    resumed(50),
    ended(60),
)


def test_the_row_is_written_when_it_rings(told: Told) -> None:
    told(started())

    assert told.contact["started_at"] == at(0)
    assert told.contact["ended_at"] is None
    assert (told.contact["boot_id"], told.contact["caller"]) == ("b1", "+33639980001")
    assert (told.contact["flow_id"], told.contact["flow_version"]) == ("shop", 3)


def test_an_answered_contact_has_its_menu_its_wait_its_conversation_and_its_hold(told: Told) -> None:
    told(*ANSWERED)

    assert told.segments("kind", "started_at", "ended_at", "queue_id", "agent_id", "outcome") == [
        ("ivr", at(1), at(10), None, None, "queue"),
        ("queue", at(10), at(25.5), "shop", None, "agent"),
        ("agent", at(25.5), at(40), "shop", "alice", "hold"),
        ("hold", at(40), at(50), None, "alice", "agent"),
        ("agent", at(50), at(60), "shop", "alice", "answered"),
    ]
    assert told.contact["wait_seconds"] == 15.5
    assert told.contact["talk_seconds"] == 24.5, "hold is not talk"
    assert told.contact["connected_at"] == at(25.5)
    assert (told.contact["ended_at"], told.contact["outcome"]) == (at(60), "answered")
    assert (told.contact["customer_id"], told.contact["agent_id"]) == ("camille", "alice")


def test_the_same_events_once_more_make_the_same_rows(told: Told) -> None:
    once, twice = Told()(*ANSWERED), told(*ANSWERED)
    again = CallRecords(twice.bus, twice.journal, "b1")
    twice.records.stop()
    for event in ANSWERED:
        twice.bus.publish(event)
    twice.clock.advance(0)
    again.stop()

    assert twice.journal.rows == once.journal.rows


def test_only_rows_that_differ_are_written(told: Told) -> None:
    told(started(), menu(1))
    told.writes.clear()

    told(menu(2), changed(3, state="ringing"))
    assert told.writes == []

    told(queued(10))
    assert sorted(told.writes) == ["contact", "segment", "segment"]


def test_wrap_up_goes_on_after_the_end_and_keeps_what_the_agent_writes(told: Told) -> None:
    told(*ANSWERED, state(60, "wrap_up"), changed(60, state="wrap_up"))
    told(
        events.WrapUpSaved(at=at(70), contact="c1", agent="alice", disposition="sold", note="Size 42"),
        events.WrapUpSaved(at=at(72), contact="c1", agent="alice", disposition=None, note=None),
        state(75, "idle", None),
        changed(75, state="ended"),
    )

    assert told.segments("kind", "started_at", "ended_at", "agent_id")[-1] == (
        "wrap_up",
        at(60),
        at(75),
        "alice",
    )
    assert (told.contact["disposition"], told.contact["note"]) == ("sold", "Size 42")
    assert told.contact["ended_at"] == at(60)
    assert told.contact["talk_seconds"] == 24.5


def test_both_agents_of_a_transferred_contact_wrap_up(told: Told) -> None:
    told(started(), queued(10), bridged(20), transferred(30, "blind", "benoit"), state(30, "wrap_up"))
    told(bridged(35, "benoit"), state(50, "idle", None), ended(60), state(60, "wrap_up", id="benoit"))
    told(changed(60, state="wrap_up"), state(65, "idle", None, id="benoit"), changed(65, state="ended"))

    assert told.segments("kind", "agent_id", "started_at", "ended_at") == [
        ("queue", None, at(10), at(20)),
        ("agent", "alice", at(20), at(30)),
        ("wrap_up", "alice", at(30), at(50)),
        ("agent", "benoit", at(35), at(60)),
        ("wrap_up", "benoit", at(60), at(65)),
    ]


def test_a_blind_transfer_leaves_a_gap_until_somebody_answers(told: Told) -> None:
    told(
        started(),
        queued(10),
        bridged(20),
        transferred(30, "blind", "benoit"),
        bridged(38, "benoit"),
        ended(50),
    )

    assert told.segments("kind", "agent_id", "started_at", "ended_at", "outcome") == [
        ("queue", None, at(10), at(20), "agent"),
        ("agent", "alice", at(20), at(30), "transferred"),
        ("agent", "benoit", at(38), at(50), "answered"),
    ]
    assert told.contact["wait_seconds"] == 0 + 10, "the first wait counts"
    assert told.contact["talk_seconds"] == 22


def test_a_consultation_is_hold_for_the_customer_until_the_other_agent_takes_over(told: Told) -> None:
    told(started(), queued(10), bridged(20), held(30), transferred(45, "attended", "benoit"), ended(60))

    assert told.segments("kind", "agent_id", "started_at", "ended_at")[1:] == [
        ("agent", "alice", at(20), at(30)),
        ("hold", "alice", at(30), at(45)),
        ("agent", "benoit", at(45), at(60)),
    ]


def test_an_attended_transfer_from_the_phone_makes_one_segment_for_its_two_events(told: Told) -> None:
    told(started(), queued(10), bridged(20), bridged(30, "benoit"), transferred(30.001, "attended", "benoit"))

    assert told.segments("kind", "agent_id", "started_at")[1:] == [
        ("agent", "alice", at(20)),
        ("agent", "benoit", at(30)),
    ]


def test_a_conference_counts_as_talk_and_leaves_no_empty_segment(told: Told) -> None:
    joined = events.ConferenceStarted(at=at(40.002), contact="c1", legs=("a", "b", "c"), by="alice")
    told(started(), queued(10), bridged(20), bridged(40, "benoit"), joined, ended(60))

    assert told.segments("kind", "started_at", "ended_at")[1:] == [
        ("agent", at(20), at(40)),
        ("conference", at(40), at(60)),
    ]
    assert told.contact["talk_seconds"] == 40


def test_a_caller_who_gives_up_has_waited_as_long_as_the_queue_says(told: Told) -> None:
    gave_up = events.ContactAbandoned(
        at=at(33), contact="c1", queue="shop", wait_seconds=23.0004, short=False
    )
    told(started(), menu(1), queued(10), gave_up, ended(33, "abandoned"))

    assert told.contact["wait_seconds"] == 23
    assert told.segments("kind", "outcome")[-1] == ("queue", "abandoned")
    assert told.contact["talk_seconds"] == 0
    assert told.contact["connected_at"] is None


def test_a_contact_that_overflows_has_a_segment_in_each_queue(told: Told) -> None:
    diverted = events.ContactDiverted(at=at(40), contact="c1", queue="shop", reason="max_wait")
    told(started(), queued(10), diverted, queued(40, "returns"), bridged(55), ended(60))

    assert told.segments("kind", "queue_id", "started_at", "ended_at", "outcome")[:2] == [
        ("queue", "shop", at(10), at(40), "max_wait"),
        ("queue", "returns", at(40), at(55), "agent"),
    ]
    assert told.contact["wait_seconds"] == 45, "from the first queue on"


def test_a_message_left_is_a_segment_that_began_when_it_was_spoken(told: Told) -> None:
    left = events.VoicemailLeft(at=at(30), contact="c1", mailbox="shop", voicemail="v1", seconds=12)
    told(started(), menu(1), left, ended(31, "voicemail"))

    assert told.segments("kind", "started_at", "ended_at") == [
        ("ivr", at(1), at(18)),
        ("voicemail", at(18), at(31)),
    ]


def test_a_message_kept_after_the_caller_hung_up_still_counts(told: Told) -> None:
    left = events.VoicemailLeft(at=at(31), contact="c1", mailbox="shop", voicemail="v1", seconds=12)
    told(started(), menu(1), ended(30, "self_served"), changed(30, state="ended"), left)

    assert told.segments("kind", "started_at", "ended_at") == [
        ("ivr", at(1), at(19)),
        ("voicemail", at(19), at(30)),
    ]
    assert told.contact["outcome"] == "voicemail"


def test_complete_records_are_forgotten_in_the_end(told: Told) -> None:
    for number in range(LATE + 10):
        id = f"c{number}"
        told(
            events.ContactStarted(at=at(0), contact=id, view=view(id)),
            events.ContactEnded(at=at(1), contact=id, outcome="self_served", reason=""),
            events.ContactChanged(at=at(1), contact=id, view=view(id, state="ended")),
        )

    assert len(told.records._complete) == len(told.records._written) == LATE
    assert not told.records._open


def test_what_a_peer_sends_is_cut_to_the_columns_width(told: Told) -> None:
    told(started(caller="9" * 500, called="x\0y"))

    assert told.contact["caller"] == "9" * 120
    assert told.contact["called"] == "xy"


def test_events_of_contacts_that_are_not_known_are_left_alone(told: Told) -> None:
    told(bridged(5), state(6, "wrap_up"), state(7, "idle", None))

    assert not told.journal.rows["contact"] and not told.journal.rows["segment"]
