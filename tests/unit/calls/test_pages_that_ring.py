"""An agent's page rings, perhaps beside a desk phone: which of them answers."""

from typing import Any

import pytest

from pbx.calls.click_to_dial import ClickToDial
from pbx.calls.ports import Binding
from pbx.contract.commands import Dial


class TwoDevices:
    """Every agent has a page and a desk phone."""

    def bindings(self, username: str) -> tuple[Binding, ...]:
        return (
            Binding(f"sip:{username}@page.invalid", ("<sip:edge;lr>",), "webrtc"),
            Binding(f"sip:{username}@192.0.2.1", ("<sip:edge;lr>",)),
        )


@pytest.fixture
def both(world: Any) -> Any:
    """A world of agents with two devices each."""
    world.center.dialing._phones = TwoDevices()
    return world


def ringing(world: Any) -> dict[str, str]:
    """The legs that ring, by the host of their device."""
    return {target.uri.rpartition("@")[2]: leg for leg, target in world.media.dialed().items()}


def headers(world: Any, leg: str) -> dict[str, str]:
    return dict(world.media.legs[leg].target.headers)


def offered(world: Any) -> Any:
    world.available("alice")
    world.customer_queues()
    (offer,) = world.center.dispatch.offers()
    return offer


def test_what_rings_says_which_contact_and_which_offer_it_is(both: Any) -> None:
    offer = offered(both)
    for leg in ringing(both).values():
        said = headers(both, leg)
        assert (said["X-Comptoir-Contact"], said["X-Comptoir-Offer"]) == (offer.contact.id, offer.id)


def test_the_page_answers_its_own_leg_and_the_phone_stops(both: Any) -> None:
    offer = offered(both)
    before = ringing(both)

    both.center.dispatch.accept(offer.id, "alice", "page")
    both.turn()
    assert ringing(both) == before, "nothing is rung again"
    both.media.peer_answers(before["page.invalid"])
    both.turn()

    assert both.media.legs[before["192.0.2.1"]].ended and both.agent("alice").state == "talking"


def test_accepting_on_the_phone_rings_it_alone_again(both: Any) -> None:
    offer = offered(both)
    before = ringing(both)

    both.center.dispatch.accept(offer.id, "alice")
    both.turn()

    assert set(ringing(both)) == {"192.0.2.1"} and both.media.legs[before["page.invalid"]].ended
    assert "answer-after=0" in headers(both, ringing(both)["192.0.2.1"])["Call-Info"]


def test_where_only_a_page_rings_accepting_is_its_own_answer(world: Any) -> None:
    world.phones.pages.add("alice")
    offer = offered(world)
    leg = world.phone_of("alice")

    world.center.dispatch.accept(offer.id, "alice")
    world.turn()

    assert world.phone_of("alice") == leg and not world.media.legs[leg].ended
    world.answers("alice")
    assert world.agent("alice").state == "talking"


@pytest.mark.parametrize(
    ("device", "rung"),
    [("page", {"page.invalid"}), ("phone", {"192.0.2.1"}), (None, {"page.invalid", "192.0.2.1"})],
)
def test_a_call_from_the_desk_begins_on_the_chosen_device(both: Any, device: Any, rung: set[str]) -> None:
    center = both.center
    dialer = ClickToDial(
        center.switchboard, center.conversations, center.dialing, center.dispatch, center.catalog
    )
    dialer.dial("alice", Dial(target="number:warehouse", device=device))
    both.turn()
    assert set(ringing(both)) == rung


def test_a_chosen_device_that_is_not_there_is_no_reason_not_to_ring(world: Any) -> None:
    center = world.center
    dialer = ClickToDial(
        center.switchboard, center.conversations, center.dialing, center.dispatch, center.catalog
    )
    dialer.dial("alice", Dial(target="number:warehouse", device="page"))
    world.turn()
    assert world.phone_of("alice")
