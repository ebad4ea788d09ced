"""The widget's parts that need neither a server nor a browser."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep

import gevent
import pytest
from pydantic import ValidationError

from agent_ui.control import scene
from agent_ui.control.errors import ControlAway
from agent_ui.control.memory import MemoryControl
from agent_ui.realtime.live import Live
from agent_ui.visitors.codes import Codes
from agent_ui.visitors.registry import Visitors
from agent_ui.widget import errors
from agent_ui.widget.callbacks import VisitorCallbacks, place_of_callback, place_of_caller
from agent_ui.widget.command import origin
from agent_ui.widget.contacts import VisitorCalls, call_of, greeting, message_of
from agent_ui.widget.errors import SessionOver, TooOften, WidgetRefused
from agent_ui.widget.files import WidgetFiles
from agent_ui.widget.limits import Throttle
from agent_ui.widget.live import cart_of
from agent_ui.widget.messages import FROM_PAGE, PageFacts, PublishedCart
from agent_ui.widget.parts import widget_texts
from agent_ui.widget.sites import SiteDirectory
from agent_ui.widget.status import QueueStatuses, queue_now
from agent_ui.widget.tickets import ticket_for
from agent_ui.widget.tokens import VisitorClaims, VisitorTokens
from agent_ui.workers import Workers
from config.settings import Settings, SipSettings, WebrtcSettings, WidgetSettings
from orders.adapters.memory import MemoryUnitOfWork, Shop
from orders.model.text import LANGUAGES
from pbx.contract.browser_token import read
from pbx.contract.events import ContactChanged, ContactEnded
from pbx.contract.resources import CallbackView, ContactView, ParticipantView, QueueStatus
from tests.shop import a_site

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
CLAIMS = VisitorClaims("v1", "atelier", "fr", "ana")
VALUE = re.compile(r"\{(\w+)\}")


def a_call(state: str = "talking", **details: object) -> ContactView:
    return scene.contact("c1").model_copy(update={"visitor": "v1", "state": state, **details})


# Tokens.


def test_a_token_says_who_its_page_speaks_for() -> None:
    tokens = VisitorTokens("secret", 60)

    assert tokens.read(tokens.make(CLAIMS)) == CLAIMS


def test_a_token_of_others_is_none() -> None:
    token = VisitorTokens("another secret", 60).make(CLAIMS)

    for bad in (token, token[:-2], "", "x" * 5000, "a.b.c"):
        with pytest.raises(SessionOver):
            VisitorTokens("secret", 60).read(bad)


def test_a_tokens_time_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = VisitorTokens("secret", 60)
    token = tokens.make(CLAIMS)
    later = datetime.now(UTC).timestamp() + 62
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    with pytest.raises(SessionOver):
        tokens.read(token)


# Sites.


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_sites_own_origins_are_let_in_and_no_others() -> None:
    shop = Shop(sites={"atelier": a_site("atelier"), "papel": a_site("papel")})
    sites = SiteDirectory(lambda: MemoryUnitOfWork(shop), Workers(1))
    atelier = sites.by_key("key-of-atelier")
    assert atelier is not None

    assert sites.has(atelier, "https://atelier.example")
    for foreign in (
        "https://papel.example",
        "http://atelier.example",
        "null",
        "",
        "https://atelier.example.evil",
    ):
        assert not sites.has(atelier, foreign)
    assert sites.knows("https://papel.example")
    assert not sites.knows("https://evil.example")


def test_a_new_site_is_known_after_a_moment() -> None:
    shop, clock = Shop(), Clock()
    sites = SiteDirectory(lambda: MemoryUnitOfWork(shop), Workers(1), clock)
    before = sites.get("atelier")
    shop.sites["atelier"] = a_site()
    at_once = sites.get("atelier")
    clock.now += 5

    assert (before, at_once) == (None, None)
    assert sites.get("atelier") == a_site()


def test_pages_that_ask_while_the_sites_are_read_for_the_first_time_wait_for_them() -> None:
    shop = Shop(sites={"atelier": a_site()})

    def slowly() -> MemoryUnitOfWork:
        sleep(0.05)  # in a worker: the event loop goes on meanwhile
        return MemoryUnitOfWork(shop)

    sites = SiteDirectory(slowly, Workers(2))
    asked = [gevent.spawn(sites.get, "atelier") for _ in range(3)]
    gevent.joinall(asked)

    assert [one.value for one in asked] == [a_site()] * 3


def test_the_built_in_shops_own_origin_counts_too() -> None:
    shop = Shop(sites={"atelier": a_site()})
    sites = SiteDirectory(lambda: MemoryUnitOfWork(shop), Workers(1))
    sites.let("atelier", "http://127.0.0.1:41234")

    assert sites.has(a_site(), "http://127.0.0.1:41234")
    assert not sites.has(a_site("papel"), "http://127.0.0.1:41234")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:8010", "http://localhost:8010"),
        ("http://[::1]:8010", "http://[::1]:8010"),
    ],
)
def test_origins_are_kept_as_browsers_write_them(written: str, meant: str) -> None:
    assert origin(written) == meant


# Limits.


def test_an_address_may_ask_only_so_often() -> None:
    throttle = Throttle(WidgetSettings(calls_per_address=2))
    for _ in range(2):
        throttle.count("call", "203.0.113.9")

    with pytest.raises(TooOften) as refused:
        throttle.count("call", "203.0.113.9")
    throttle.count("call", "203.0.113.10")
    throttle.count("callback", "203.0.113.9")
    assert refused.value.params == {"minutes": "10"}


def test_all_addresses_of_one_ipv6_subscriber_count_as_one() -> None:
    throttle = Throttle(WidgetSettings(calls_per_address=1))
    throttle.count("call", "2001:db8::1")

    with pytest.raises(TooOften):
        throttle.count("call", "2001:db8::2")


# The queue's state.


def status(**details: object) -> QueueStatus:
    return QueueStatus.model_validate({"queue": "shop", "open": True, **details})


def test_customers_are_told_whether_somebody_is_free() -> None:
    assert queue_now(status(agents_available=2, waiting=1)).state == "free"
    busy = queue_now(status(agents_available=1, waiting=1, expected_wait_minutes=4))
    assert (busy.state, busy.wait_minutes) == ("busy", 4)
    assert queue_now(status(open=False, closed="hours")).state == "closed"


def test_the_telephone_system_is_asked_once_in_two_seconds() -> None:
    clock, asked = Clock(), count()
    control = MemoryControl(scene.snapshot([]))
    control.queue_status = lambda queue, number=None: (next(asked), status(agents_available=1))[1]  # type: ignore[method-assign]
    statuses = QueueStatuses(control, Workers(1), clock)

    for _ in range(5):
        assert statuses.of(a_site(), "fr").state == "free"
    clock.now += 2
    statuses.of(a_site(), "fr")

    assert next(asked) == 2


def test_a_telephone_system_that_is_away_makes_the_state_unknown() -> None:
    control = MemoryControl(scene.snapshot([]))

    def away(queue: str, number: str | None = None) -> QueueStatus:
        raise ControlAway("gone")

    control.queue_status = away  # type: ignore[method-assign]

    assert QueueStatuses(control, Workers(1)).of(a_site(), "fr").state == "unknown"


# What a page is told of its call.


def live(*contacts: ContactView, **details: object) -> Live:
    return Live(
        contacts={one.id: one for one in contacts},
        agents={"alice": scene.agent("alice", "Alice Martin")},
        **details,
    )  # type: ignore[arg-type]


def test_the_page_is_told_the_agents_first_name_once_they_talk() -> None:
    ringing, talking = a_call("offered", agent="alice"), a_call("talking", agent="alice")

    assert message_of(ringing, live(ringing))["agent"] is None
    assert message_of(talking, live(talking)) == {
        "type": "call", "state": "talking", "agent": "Alice", "away": False,
    }  # fmt: skip


def test_the_page_is_told_that_the_agent_is_away() -> None:
    leg = ParticipantView(id="p", role="agent", state="connected", label="Alice", agent="alice", away=True)
    contact = a_call("talking", agent="alice", participants=(leg,))

    assert message_of(contact, live(contact))["away"] is True


class Page:
    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []

    def send(self, message: dict[str, object]) -> None:
        self.got.append(message)

    def close(self) -> None:
        """Nothing."""


def test_only_the_callers_own_pages_are_told_of_a_call() -> None:
    visitors = Visitors(Codes(60), 60)
    mine, other = visitors.arrive("atelier", "fr", None), visitors.arrive("atelier", "fr", None)
    pages = [Page(), Page()]
    for visitor, page in zip((mine, other), pages, strict=True):
        visitors.opened(visitor.id, page)
    calls = VisitorCalls(visitors)
    queued, talking = (a_call(state, visitor=mine.id, agent="alice") for state in ("queued", "talking"))
    changed = ContactChanged(at=NOW, contact="c1", view=talking)
    ended = ContactEnded(at=NOW, contact="c1", outcome="answered", reason="hung_up")

    calls.happened(live(queued), changed, live(talking))
    calls.happened(live(talking), ended, Live())

    assert [message["state"] for message in pages[0].got] == ["talking", "ended"]
    assert pages[1].got == []


def test_a_page_that_connects_is_told_of_the_call_under_way() -> None:
    contact = a_call("queued")

    assert greeting("v1", live(contact)) == {"call": message_of(contact, live(contact))}
    assert greeting("v2", live(contact)) == {"call": None}
    over = a_call("ended")
    assert greeting("v1", live(over)) == {"call": None}


def test_a_call_in_the_page_is_the_visitors_own_beside_a_callback_that_rings() -> None:
    ringing = a_call("offered", id="c0", caller="+33612345678")
    own = a_call("queued", caller=None)

    assert call_of("v1", live(ringing, own)) == own
    assert call_of("v1", live(ringing)) == ringing


# Places in the queue.


def test_a_callback_keeps_its_place_among_those_who_wait_and_those_who_are_called_back() -> None:
    def caller(name: str, minutes: int) -> ContactView:
        queued_at = NOW + timedelta(minutes=minutes)
        return scene.contact(name).model_copy(
            update={"state": "queued", "queue": "shop", "queued_at": queued_at}
        )

    def callback(name: str, minutes: int) -> CallbackView:
        at = NOW + timedelta(minutes=minutes)
        return CallbackView(id=name, queue="shop", number="+33612345678", requested_at=at, state="waiting")

    contacts = {one.id: one for one in (caller("a", 1), caller("b", 4))}
    callbacks = {one.id: one for one in (callback("x", 2), callback("y", 3))}
    now = Live(contacts=contacts, callbacks=callbacks)

    assert [place_of_callback(one, now) for one in callbacks.values()] == [2, 3]
    assert [place_of_caller(one, now) for one in contacts.values()] == [1, 4]
    assert place_of_caller(a_call("talking"), now) is None


def test_a_visitors_callback_is_known_until_it_is_forgotten() -> None:
    callbacks = VisitorCallbacks()
    callbacks.keep("v1", "c1")
    before = callbacks.of("v1")
    callbacks.forget("v1")

    assert (before, callbacks.of("v1"), callbacks.of("v2")) == ("c1", None, None)


# Tickets.


def test_a_ticket_lets_a_guest_call_for_a_while_and_says_who_it_is() -> None:
    settings = Settings(
        webrtc=WebrtcSettings(token_secret="s", stun_urls=("stun:x",)), sip=SipSettings(ws_port=1)
    )

    ticket = ticket_for(CLAIMS, "4001", settings, "http://127.0.0.1:8000/", 1_000.0)

    identity = read(ticket.token, "s", 1_500.0)
    assert (identity.kind, identity.subject, identity.site) == ("guest", "v1", "atelier")
    assert (identity.customer, identity.language, identity.expires_at) == ("ana", "fr", 1_600)
    assert (ticket.user, ticket.number, ticket.ws_url) == ("guest-v1", "4001", "ws://127.0.0.1:1/sip")
    assert ticket.ice_servers[0].urls == ("stun:x",)


# What pages publish.


def test_a_cart_of_the_built_in_shop_counts_only_with_the_shops_proof() -> None:
    site = a_site()
    proof = site.proof_of("cart:c1")

    def said(cart_id: str, proof: str) -> PublishedCart:
        return PublishedCart(type="cart", id=cart_id, proof=proof)

    assert cart_of(said("c1", proof), site).id == "c1"
    assert cart_of(said("c2", proof), site).id is None
    assert cart_of(said("c1", site.proof_of("c1")), site).id is None
    assert cart_of(said("c1", proof), replace(site, secret="")).id is None


@pytest.mark.parametrize(
    "message",
    [
        {"type": "cart", "currency": "euro"},
        {"type": "cart", "currency": "EUR", "lines": [{"name": "x", "quantity": 0, "unit_price": 1}]},
        {"type": "cart", "currency": "EUR", "lines": [{"name": "x" * 201, "quantity": 1, "unit_price": 1}]},
        {"type": "cart", "currency": "EUR", "lines": [{"name": "x", "quantity": 1, "unit_price": -1}]},
        {"type": "cart", "currency": "EUR", "lines": [{"name": "x", "quantity": 1, "unit_price": 1}] * 101},
        {"type": "cart", "currency": "EUR", "total": 12},
        {"type": "page", "url": "https://x/" + "x" * 2000},
        {"type": "page", "url": "https://x/", "step": "<script>"},
        {"type": "hello", "token": "t"},
    ],
)
def test_what_a_page_says_has_limits(message: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FROM_PAGE.validate_json(json.dumps(message))


def test_what_a_page_says_disguises_nothing_beside_it() -> None:
    line = {"name": "Mug\u202e gnp.\u2066exe", "sku": "A\x00\x1b[31mB", "quantity": 1, "unit_price": 1}
    cart = FROM_PAGE.validate_json(json.dumps({"type": "cart", "currency": "EUR", "lines": [line]}))
    title = "\u200fPanier\u00a0: 2\narticles \U0001f468\u200d\U0001f469 \u202e"
    page = FROM_PAGE.validate_json(json.dumps({"type": "page", "url": "https://x/", "title": title}))

    assert isinstance(cart, PublishedCart) and isinstance(page, PageFacts)
    assert (cart.lines[0].name, cart.lines[0].sku) == ("Mug  gnp. exe", "A [31mB")
    assert page.title == "Panier\u00a0: 2 articles \U0001f468\u200d\U0001f469"


# Files and words.


@pytest.fixture
def built(tmp_path: Path) -> WidgetFiles:
    (tmp_path / ".vite").mkdir()
    manifest = {"src/widget/main.ts": {"file": "widget-abc.js"}}
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "widget-abc.js").write_text("void 0")
    return WidgetFiles(tmp_path)


def test_the_tag_names_the_file_and_its_content(built: WidgetFiles) -> None:
    digest = base64.b64encode(hashlib.sha384(b"void 0").digest()).decode()

    tag = built.tag("https://desk.example/", 'k"y')

    assert tag is not None
    assert 'src="https://desk.example/widget/v1/widget-abc.js"' in tag
    assert f'integrity="sha384-{digest}" crossorigin="anonymous"' in tag
    assert 'data-site="k&quot;y"' in tag


def test_without_a_build_there_is_no_tag(tmp_path: Path) -> None:
    assert WidgetFiles(tmp_path).tag("https://desk.example", "k") is None


def test_each_language_says_everything_with_the_same_values() -> None:
    texts = widget_texts().catalogues
    for language in LANGUAGES:
        assert set(texts[language]) == set(texts["en"])
        assert all(words.strip() for words in texts[language].values())
        for key, english in texts["en"].items():
            assert set(VALUE.findall(texts[language][key])) == set(VALUE.findall(english)), key


def test_every_refusal_has_its_words() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    refusals = {one.id for one in classes if issubclass(one, WidgetRefused)}

    assert len(refusals) > 5
    assert refusals <= set(widget_texts().catalogues["en"])


def test_every_word_is_used_and_there() -> None:
    folder = Path(errors.__file__).parents[1] / "web" / "src" / "widget"
    sources = [path for path in folder.rglob("*.ts") if not path.name.endswith(".test.ts")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    keys = set(widget_texts().catalogues["en"])
    used = {key for key in keys if f'"{key}"' in text}
    put_together = {key for key in keys if key.startswith(("refused", "quality.", "status."))}

    assert keys - used - put_together == set()


def test_the_manuals_check_value_is_right() -> None:
    manual = Path(errors.__file__).parents[2] / "docs" / "widget.md"

    assert a_site().proof_of("ana") in manual.read_text("utf-8")
