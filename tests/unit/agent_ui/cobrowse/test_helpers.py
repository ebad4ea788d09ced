"""Which agent a customer's page could be shown to, as the page is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent_ui.cobrowse.helpers import Helpers, contact_of
from agent_ui.control import scene
from agent_ui.realtime.live import Live
from agent_ui.visitors.codes import Codes
from agent_ui.visitors.registry import Visitors
from pbx.contract.events import ContactChanged, ContactEnded
from pbx.contract.resources import ContactView

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


class Page:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def send(self, message: dict[str, object]) -> None:
        if message["type"] == "agent":
            self.told.append(message["agent"])

    def close(self) -> None:
        """Nothing."""


class Scene:
    """Two visitors with a page each, the second known as the customer `ana`; and what happens to a contact."""

    def __init__(self) -> None:
        self.visitors = Visitors(Codes(60), 60)
        self.one = self.visitors.arrive("atelier", "fr", None).id
        self.ana = self.visitors.arrive("atelier", "fr", "ana").id
        self.page, self.anas = Page(), Page()
        self.visitors.opened(self.one, self.page)
        self.visitors.opened(self.ana, self.anas)
        self.helpers = Helpers(self.visitors, kept=True)
        self.live = Live()

    def contact(self, state: str, **details: Any) -> ContactView:
        return scene.contact("c1").model_copy(update={"state": state, "agent": "alice", **details})

    def becomes(self, state: str, **details: Any) -> None:
        view = self.contact(state, **details)
        after = with_(view)
        self.helpers.happened(self.live, ContactChanged(at=NOW, contact="c1", view=view), after)
        self.live = after

    def ends(self) -> None:
        ended = ContactEnded(at=NOW, contact="c1", outcome="answered", reason="hung_up")
        self.helpers.happened(self.live, ended, Live())
        self.live = Live()


def with_(view: ContactView, name: str = "Alice Martin") -> Live:
    return Live(contacts={view.id: view}, agents={"alice": scene.agent("alice", name)})


@pytest.fixture
def shop() -> Scene:
    return Scene()


def test_the_page_of_a_call_is_told_who_speaks_and_when_nobody_does(shop: Scene) -> None:
    shop.becomes("queued", visitor=shop.one)
    shop.becomes("talking", visitor=shop.one)
    shop.becomes("held", visitor=shop.one)
    shop.ends()
    assert shop.page.told == [None, "Alice", None]
    assert shop.anas.told == []


def test_a_caller_on_a_phone_whom_the_shop_knows_can_show_their_page(shop: Scene) -> None:
    shop.becomes("talking", customer_id="ana")
    assert shop.anas.told == ["Alice"]
    assert contact_of(shop.ana, shop.visitors, shop.live) is not None
    assert shop.helpers.greeting(shop.ana, shop.live) == {"helper": {"agent": "Alice", "kept": True}}
    assert shop.helpers.greeting(shop.one, shop.live) == {"helper": {"agent": None, "kept": True}}


def test_a_code_moves_it_to_the_page_that_shows_it(shop: Scene) -> None:
    shop.becomes("talking", customer_id="ana")
    shop.becomes("talking", customer_id="ana", visitor=shop.one)
    assert (shop.page.told, shop.anas.told) == (["Alice"], ["Alice", None])


def test_an_agent_without_a_name_is_one_too(shop: Scene) -> None:
    live = with_(shop.contact("talking", visitor=shop.one), " ")
    shop.helpers.started_over(live)
    assert shop.page.told == [""]
