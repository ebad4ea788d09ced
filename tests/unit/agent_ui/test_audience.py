"""Who may see what: an offer's data goes to the agent who gets it, and to supervisors."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent_ui.control import scene
from agent_ui.realtime.audience import (
    audience_of,
    contact_of,
    may_act_on,
    may_see,
    offers_to,
    queues_of,
)
from agent_ui.realtime.live import Live, folded, from_snapshot
from pbx.contract.events import (
    AgentStateChanged,
    AnyEvent,
    CallEnded,
    CallTransferred,
    ContactAbandoned,
    ContactChanged,
    DigitsReceived,
    Envelope,
    FlowNodeEntered,
    OfferCreated,
    OfferEnded,
    PlaybackStarted,
    QueueChanged,
)
from pbx.contract.resources import ContactView, OfferView

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def live_with(*contacts: ContactView, **agents: dict[str, Any]) -> Live:
    views = [scene.agent(id).model_copy(update=agents.get(id, {})) for id in ("alice", "benoit", "carla")]
    snapshot = scene.snapshot(views, [scene.queue("sales"), scene.queue("support")])
    return from_snapshot(snapshot.model_copy(update={"contacts": contacts}))


def talking(agent: str, id: str = "c1", customer: str | None = "cust") -> ContactView:
    view = scene.contact(id, customer_id=customer)
    legs = (*view.participants, scene.agent_leg(id, scene.agent(agent)))
    return view.model_copy(update={"state": "talking", "agent": agent, "participants": legs})


def happens(live: Live, event: AnyEvent) -> tuple[Any, Live]:
    after = folded(live, Envelope(boot=live.boot, seq=live.seq + 1, event=event))
    return audience_of(live, event, after), after


def offered(agent: str) -> OfferCreated:
    offer = OfferView(
        id="o1", agent=agent, contact=scene.contact("c1"), queue="sales", created_at=NOW, expires_at=NOW
    )
    return OfferCreated(at=NOW, contact="c1", offer=offer)


def test_an_offer_is_shown_to_its_agent_and_told_to_supervisors_only() -> None:
    audience, after = happens(live_with(), offered("alice"))
    assert audience.offer is not None
    assert audience.offer.agent == "alice"
    assert audience.agents == frozenset()
    assert audience.supervisors
    assert [offer.id for offer in offers_to(after, "alice")] == ["o1"]
    assert offers_to(after, "benoit") == ()


def test_only_its_agent_hears_that_an_offer_ended() -> None:
    _, live = happens(live_with(), offered("alice"))
    ended = OfferEnded(at=NOW, contact="c1", offer="o1", agent="alice", state="canceled")
    audience, _ = happens(live, ended)
    assert audience.agents == {"alice"}


def test_while_a_contact_is_offered_only_that_agent_may_see_its_customer() -> None:
    _, live = happens(live_with(), offered("alice"))
    assert may_see(live, "alice", "c1")
    assert not may_act_on(live, "alice", "c1")
    assert not may_see(live, "benoit", "c1")


def ringing(agent: str, role: str = "agent") -> ContactView:
    view = scene.contact("c1", customer_id="cust")
    leg = scene.agent_leg("c1", scene.agent(agent)).model_copy(update={"state": "ringing", "role": role})
    return view.model_copy(update={"participants": (*view.participants, leg)})


def test_a_phone_that_rings_for_an_offer_does_not_make_the_contact_its_agents() -> None:
    _, live = happens(live_with(), offered("alice"))
    audience, after = happens(live, ContactChanged(at=NOW, contact="c1", view=ringing("alice")))
    assert audience.newcomers == frozenset()
    assert contact_of(after, "alice") is None
    assert not may_act_on(after, "alice", "c1")
    assert may_see(after, "alice", "c1")


def test_a_phone_that_rings_without_an_offer_shows_its_agent_who_it_is() -> None:
    changed = ContactChanged(at=NOW, contact="c1", view=ringing("benoit", "consulted"))
    audience, after = happens(live_with(talking("alice")), changed)
    assert "benoit" in audience.newcomers
    assert may_see(after, "benoit", "c1")
    assert not may_act_on(after, "benoit", "c1")


def test_a_contacts_changes_go_to_those_who_take_part() -> None:
    view = talking("alice")
    audience, _ = happens(live_with(view), ContactChanged(at=NOW, contact="c1", view=view))
    assert audience.agents == {"alice"}
    assert audience.newcomers == frozenset()


def test_who_comes_to_a_contact_gets_its_file_first() -> None:
    joined = talking("alice")
    legs = (*joined.participants, scene.agent_leg("c1", scene.agent("benoit")))
    changed = ContactChanged(at=NOW, contact="c1", view=joined.model_copy(update={"participants": legs}))
    audience, _ = happens(live_with(joined), changed)
    assert audience.newcomers == {"benoit"}
    assert audience.agents == {"alice"}


def test_a_customer_who_is_recognised_late_is_shown_to_all_who_take_part() -> None:
    changed = ContactChanged(at=NOW, contact="c1", view=talking("alice", customer="cust"))
    audience, _ = happens(live_with(talking("alice", customer=None)), changed)
    assert audience.newcomers == {"alice"}


def test_who_transferred_a_contact_away_no_longer_sees_its_changes() -> None:
    live = live_with(talking("alice"), alice={"state": "wrap_up", "contact": "c1"})
    audience, after = happens(live, ContactChanged(at=NOW, contact="c1", view=talking("benoit")))
    assert audience.newcomers == {"benoit"}
    assert audience.leavers == {"alice"}
    assert "alice" not in audience.agents
    assert may_act_on(after, "alice", "c1"), "they still write their wrap-up"


def test_both_sides_of_a_transfer_hear_of_it() -> None:
    moved = CallTransferred(at=NOW, contact="c1", kind="blind", target="agent:benoit", by="alice")
    audience, _ = happens(live_with(talking("alice")), moved)
    assert audience.agents == {"alice"}
    assert audience.supervisors


def test_a_leg_that_ends_is_told_to_those_who_take_part() -> None:
    ended = CallEnded(at=NOW, contact="c1", leg="l1", status=200, reason="bye")
    audience, _ = happens(live_with(talking("alice")), ended)
    assert audience.agents == {"alice"}


def test_an_agents_own_changes_go_to_them_and_to_supervisors() -> None:
    audience, _ = happens(live_with(), AgentStateChanged(at=NOW, agent=scene.agent("alice")))
    assert (audience.agents, audience.supervisors) == ({"alice"}, True)


def test_a_queues_figures_go_to_those_who_serve_it() -> None:
    live = live_with(carla={"queues": ("support",)})
    audience, _ = happens(live, QueueChanged(at=NOW, queue=scene.queue("sales")))
    assert audience.agents == {"alice", "benoit"}
    assert queues_of(live, "carla") == ("support",)


def test_abandoned_contacts_are_for_supervisors() -> None:
    event = ContactAbandoned(at=NOW, contact="c1", queue="sales", wait_seconds=9, short=False)
    audience, _ = happens(live_with(scene.contact("c1")), event)
    assert (audience.agents, audience.supervisors) == (frozenset(), True)


@pytest.mark.parametrize(
    "event",
    [
        PlaybackStarted(at=NOW, contact="c1", leg="l", text="your order", language="en"),
        DigitsReceived(at=NOW, contact="c1", node="main", keys="1"),
        FlowNodeEntered(at=NOW, contact="c1", flow="shop", node="main"),
    ],
)
def test_what_happens_inside_the_menu_is_sent_to_no_page(event: AnyEvent) -> None:
    audience, _ = happens(live_with(talking("alice")), event)
    assert not audience.agents
    assert not audience.supervisors


def test_a_contact_of_somebody_else_is_neither_seen_nor_acted_on() -> None:
    live = live_with(talking("alice"))
    assert may_act_on(live, "alice", "c1")
    assert not may_act_on(live, "benoit", "c1")
    assert not may_see(live, "benoit", "c1")
    assert contact_of(live, "benoit") is None
    assert contact_of(live, "alice") == "c1"
    assert not may_see(live, "alice", "another")
