"""What is live follows from a snapshot and the events after it."""

from datetime import UTC, datetime

import pytest

from agent_ui.control import scene
from agent_ui.realtime.live import Live, folded, follows, from_snapshot
from pbx.contract.events import (
    AgentStateChanged,
    AnyEvent,
    CallbackChanged,
    CallbackRequested,
    CallHeld,
    CallResumed,
    ContactChanged,
    ContactEnded,
    Envelope,
    OfferCreated,
    OfferEnded,
    PlaybackStarted,
    QueueChanged,
    RecordingChanged,
)
from pbx.contract.resources import CallbackView, ContactView, OfferView

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def start(*contacts: ContactView) -> Live:
    view = scene.snapshot([scene.agent("alice"), scene.agent("benoit")])
    return from_snapshot(view.model_copy(update={"contacts": contacts}))


def after(live: Live, *events: AnyEvent) -> Live:
    for event in events:
        live = folded(live, Envelope(boot=live.boot, seq=live.seq + 1, event=event))
    return live


def offer(id: str = "o1", agent: str = "alice") -> OfferView:
    return OfferView(
        id=id, agent=agent, contact=scene.contact("c1"), queue="sales", created_at=NOW, expires_at=NOW
    )


def test_an_offer_brings_its_contact_and_its_end_takes_only_the_offer() -> None:
    live = after(start(), OfferCreated(at=NOW, contact="c1", offer=offer()))
    assert set(live.offers) == {"o1"}
    assert set(live.contacts) == {"c1"}
    live = after(live, OfferEnded(at=NOW, contact="c1", offer="o1", agent="alice", state="timed_out"))
    assert not live.offers
    assert set(live.contacts) == {"c1"}


def test_an_ended_contact_stays_until_its_agent_has_wrapped_up() -> None:
    alice = scene.agent("alice").model_copy(update={"state": "wrap_up", "contact": "c1"})
    live = after(
        start(scene.contact("c1")),
        AgentStateChanged(at=NOW, agent=alice),
        ContactEnded(at=NOW, contact="c1", outcome="answered", reason="hung up"),
    )
    assert live.contacts["c1"].state == "ended"
    live = after(live, AgentStateChanged(at=NOW, agent=scene.agent("alice")))
    assert not live.contacts


def test_an_ended_contact_that_nobody_wraps_up_goes_at_once() -> None:
    ended = ContactEnded(at=NOW, contact="c1", outcome="abandoned", reason="hung up")
    assert not after(start(scene.contact("c1")), ended).contacts


def test_a_view_that_says_ended_does_not_bring_the_contact_back() -> None:
    view = scene.contact("c1").model_copy(update={"state": "ended"})
    live = after(
        start(scene.contact("c1")),
        ContactEnded(at=NOW, contact="c1", outcome="answered", reason="hung up"),
        ContactChanged(at=NOW, contact="c1", view=view),
    )
    assert not live.contacts


def test_hold_and_resume_change_the_contacts_state() -> None:
    live = after(start(scene.contact("c1")), CallHeld(at=NOW, contact="c1", by="alice"))
    assert live.contacts["c1"].state == "held"
    assert after(live, CallResumed(at=NOW, contact="c1")).contacts["c1"].state == "talking"


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ("recording.started", "recording"),
        ("recording.paused", "paused"),
        ("recording.resumed", "recording"),
        ("recording.finished", "off"),
        ("recording.failed", "failed"),
    ],
)
def test_a_recordings_events_change_the_contacts_recording(event: str, state: str) -> None:
    happened = RecordingChanged.model_validate({"type": event, "at": NOW, "contact": "c1", "recording": "r1"})
    assert after(start(scene.contact("c1")), happened).contacts["c1"].recording == state


def test_a_callback_stays_until_it_is_done() -> None:
    view = CallbackView(id="cb", queue="sales", number="+33612345678", requested_at=NOW, state="waiting")
    live = after(start(), CallbackRequested(at=NOW, callback=view))
    assert set(live.callbacks) == {"cb"}
    done = view.model_copy(update={"state": "done"})
    assert not after(live, CallbackChanged(at=NOW, callback=done)).callbacks


def test_a_queues_figures_are_replaced() -> None:
    waiting = scene.queue("sales").model_copy(update={"waiting": 4})
    assert after(start(), QueueChanged(at=NOW, queue=waiting)).queues["sales"].waiting == 4


def test_an_event_that_shows_nothing_only_counts() -> None:
    before = start(scene.contact("c1"))
    live = after(before, PlaybackStarted(at=NOW, contact="c1", leg="l", text="hello", language="en"))
    assert live.seq == before.seq + 1
    assert live.contacts == before.contacts


def test_only_the_very_next_event_of_the_same_boot_follows() -> None:
    live, event = start(), CallHeld(at=NOW, contact="c1")
    assert follows(live, Envelope(boot=live.boot, seq=live.seq + 1, event=event))
    assert not follows(live, Envelope(boot=live.boot, seq=live.seq + 2, event=event))
    assert not follows(live, Envelope(boot="another", seq=live.seq + 1, event=event))


def test_what_was_live_before_is_left_as_it_was() -> None:
    before = start(scene.contact("c1"))
    after(before, CallHeld(at=NOW, contact="c1"))
    assert before.contacts["c1"].state == "queued"
