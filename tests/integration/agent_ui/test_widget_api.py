"""The widget's HTTP API and live connection, on a telephone system in memory."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import websocket
from flask.testing import FlaskClient
from pages_lab import PagesLab
from werkzeug.test import TestResponse

from agent_ui.control import scene
from agent_ui.server import start
from agent_ui.widget.files import WidgetFiles
from agent_ui.wiring import EXTENSION, Services
from agent_ui.workers import Workers
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from pbx.contract.browser_token import read
from pbx.contract.commands import RequestCallback
from pbx.contract.events import ContactStarted
from tests.shop import a_site

SITE = a_site(queue="sales")
ORIGIN = SITE.origins[0]
FOREIGN = "https://evil.example"


class ShopPage:
    """A page of a site, with the token that it was given."""

    def __init__(self, client: FlaskClient, origin: str = ORIGIN) -> None:
        self.client = client
        self.origin = origin
        self.token = ""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        sent = {"Origin": self.origin, "Authorization": f"Bearer {self.token}"} | headers
        return self.client.open(f"/widget/v1/{path}", method=method, json=body, headers=sent)

    def open(self, **wanted: str) -> dict[str, Any]:
        answer = self.ask("POST", "session", {"site": SITE.key, **wanted})
        assert answer.status_code == 200, answer.text
        self.token = answer.get_json()["token"]
        return dict(answer.get_json())


@pytest.fixture
def site(lab: PagesLab) -> None:
    with SqlUnitOfWork(lab.sessions) as uow:
        uow.sites.save(SITE)
        uow.sites.save(a_site("papel"))
        uow.commit()


@pytest.fixture
def page(lab: PagesLab, site: None) -> ShopPage:
    return ShopPage(lab.web.app.test_client())


def services(lab: PagesLab) -> Services:
    found: Services = lab.web.app.extensions[EXTENSION]
    return found


# Sessions and origins.


def test_a_page_gets_a_session_with_words_in_its_language(page: ShopPage) -> None:
    opened = page.open(language="fr-CA")

    assert (opened["language"], opened["site"], opened["vouched"]) == ("fr", "atelier", False)
    assert opened["texts"]["call.now"] == "Appeler maintenant"


def test_the_next_page_goes_on_as_the_same_visitor(page: ShopPage) -> None:
    first, second = page.open(), page.open()

    assert first["visitor"] == second["visitor"]


def test_a_customer_is_believed_only_with_the_shops_proof(page: ShopPage, lab: PagesLab) -> None:
    forged = page.open(customer="ana", proof="0" * 64)
    proven = page.open(customer="ana", proof=SITE.proof_of("ana"))
    visitor = services(lab).visitors.get(proven["visitor"])

    assert (forged["vouched"], proven["vouched"]) == (False, True)
    assert visitor is not None and visitor.customer_id == "ana"


@pytest.mark.parametrize(
    ("customer", "vouched"), [("atelier:c7", True), ("papel:c7", False), ("cart:c1", False)]
)
def test_a_shop_vouches_for_no_other_shops_customer(page: ShopPage, customer: str, vouched: bool) -> None:
    opened = page.open(customer=customer, proof=SITE.proof_of(customer))

    assert opened["vouched"] is vouched


def test_when_another_customer_signs_in_it_is_another_visitor(page: ShopPage) -> None:
    ana = page.open(customer="ana", proof=SITE.proof_of("ana"))
    nobody = page.open()
    page.open(customer="ana", proof=SITE.proof_of("ana"))
    rui = page.open(customer="rui", proof=SITE.proof_of("rui"))

    assert ana["visitor"] == nobody["visitor"]
    assert rui["visitor"] != ana["visitor"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "session"), ("GET", "status"), ("POST", "call"), ("POST", "code"), ("POST", "callback")],
)
@pytest.mark.parametrize("origin", [FOREIGN, "null", "https://papel.example"])
def test_a_foreign_origin_is_refused_everything(page: ShopPage, method: str, path: str, origin: str) -> None:
    page.open()
    page.origin = origin

    body = {"session": {"site": SITE.key}, "callback": {"number": "+33612345678"}}.get(path, {})
    answer = page.ask(method, path, body)

    assert answer.status_code == 403
    assert answer.get_json()["id"] == "refused.origin"
    assert answer.headers.get("Access-Control-Allow-Origin") != "*"
    assert "token" not in answer.get_json()


def test_a_foreign_page_cannot_read_what_it_is_answered(page: ShopPage) -> None:
    page.origin = FOREIGN

    assert "Access-Control-Allow-Origin" not in page.ask("POST", "session", {"site": SITE.key}).headers
    assert "Access-Control-Allow-Origin" not in page.ask("OPTIONS", "session").headers


def test_answers_may_be_read_by_the_page_that_asked_and_are_kept_by_no_cache(page: ShopPage) -> None:
    page.open()
    answer = page.ask("GET", "status")

    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers.get_all("Vary")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers


def test_a_preflight_says_what_may_be_sent(page: ShopPage) -> None:
    answer = page.ask("OPTIONS", "call")

    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_no_token_no_service(page: ShopPage) -> None:
    answer = page.ask("POST", "call")

    assert (answer.status_code, answer.get_json()["id"]) == (401, "refused.session")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_an_unknown_site_key_is_refused_in_the_browsers_language(page: ShopPage) -> None:
    answer = page.ask("POST", "session", {"site": "x"}, **{"Accept-Language": "pt"})

    assert (answer.status_code, answer.get_json()["id"]) == (404, "refused.site")
    assert answer.get_json()["message"].startswith("Esta página")


# Calls.


def test_a_page_may_call_as_a_guest_of_its_site(page: ShopPage, lab: PagesLab) -> None:
    opened = page.open(language="en", customer="ana", proof=SITE.proof_of("ana"))

    ticket = page.ask("POST", "call", {}).get_json()

    identity = read(ticket["token"], services(lab).settings.webrtc.token_secret, 0)
    assert ticket["user"] == f"guest-{opened['visitor']}"
    assert ticket["number"] == "4000"
    assert (identity.kind, identity.subject, identity.customer) == ("guest", opened["visitor"], "ana")


def test_an_address_may_start_only_so_many_calls(page: ShopPage) -> None:
    page.open(language="fr")
    answers = [page.ask("POST", "call", {}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].get_json() == {
        "id": "refused.too_often",
        "message": "Trop de demandes ont été faites d’ici. Réessayez dans 10 min.",
    }


def test_whoever_has_a_call_may_take_it_back_more_often(page: ShopPage, lab: PagesLab) -> None:
    visitor = page.open()["visitor"]
    lab.control.happens(started(visitor))
    lab.until(lambda: bool(services(lab).feed.live.contacts))

    answers = [page.ask("POST", "call", {"back": True}).status_code for _ in range(15)]

    assert answers == [200] * 15


def test_a_page_that_moves_says_so_for_its_own_call(page: ShopPage, lab: PagesLab) -> None:
    visitor = page.open()["visitor"]
    nothing = page.ask("POST", "moving", {"token": page.token}).status_code
    lab.control.happens(started(visitor))
    lab.until(lambda: bool(services(lab).feed.live.contacts))

    answer = page.client.post(
        "/widget/v1/moving", data=json.dumps({"token": page.token}), headers={"Origin": ORIGIN}
    )

    assert (nothing, answer.status_code) == (204, 204)
    assert lab.control.commands[-1][:3] == (f"guest-{visitor}", "away", "c1")


def test_a_call_that_is_not_back_yet_can_be_hung_up(page: ShopPage, lab: PagesLab) -> None:
    visitor = page.open()["visitor"]
    assert page.ask("POST", "hang-up").status_code == 204
    lab.control.happens(started(visitor))
    lab.until(lambda: bool(services(lab).feed.live.contacts))

    answer = page.ask("POST", "hang-up")

    assert answer.status_code == 204
    assert lab.control.commands[-1][:3] == (f"guest-{visitor}", "hang-up", "c1")


def started(visitor: str) -> ContactStarted:
    view = scene.contact("c1").model_copy(update={"visitor": visitor, "site": SITE.id, "state": "talking"})
    return ContactStarted(at=view.started_at, contact="c1", view=view)


# Callbacks, codes, the queue.


def test_a_callback_is_asked_for_shown_and_canceled(page: ShopPage, lab: PagesLab) -> None:
    visitor = page.open(language="fr")["visitor"]

    asked = page.ask("POST", "callback", {"number": "06 12 34 56 78"})
    shown = page.ask("GET", "callback")
    canceled = page.ask("DELETE", "callback")
    gone = page.ask("GET", "callback")

    assert asked.get_json() == shown.get_json()
    assert (asked.get_json()["number"], asked.get_json()["place"]) == ("+33612345678", 1)
    wanted = next(command[3] for command in lab.control.commands if command[1] == "callback")
    assert wanted == RequestCallback(
        queue="sales", number="+33612345678", language="fr", visitor=visitor, site=SITE.id
    )
    assert (canceled.status_code, gone.status_code) == (204, 404)


def test_a_number_that_nobody_has_is_refused_with_words(page: ShopPage) -> None:
    page.open(language="fr")
    answer = page.ask("POST", "callback", {"number": "12"})

    assert (answer.status_code, answer.get_json()["id"]) == (422, "refused.number")
    assert answer.get_json()["message"].startswith("Nous ne pouvons pas appeler")


def test_a_number_is_called_back_once(page: ShopPage) -> None:
    page.open()
    page.ask("POST", "callback", {"number": "+33612345678"})
    again = page.ask("POST", "callback", {"number": "+33612345678"})

    assert (again.status_code, again.get_json()["id"]) == (409, "pbx.callback_exists")
    assert again.get_json()["message"]


def test_the_code_that_the_page_shows_leads_an_agent_to_it(page: ShopPage, lab: PagesLab) -> None:
    visitor = page.open()["visitor"]
    code = page.ask("POST", "code").get_json()["code"]

    assert len(code) == 6 and code.isdigit()
    assert services(lab).visitors.join(code, "c1").id == visitor


def test_the_queues_state_is_told(page: ShopPage, lab: PagesLab) -> None:
    page.open()

    assert page.ask("GET", "status").get_json()["state"] in ("free", "busy", "closed")


def test_a_telephone_system_that_is_away_is_said_to_be(page: ShopPage, lab: PagesLab) -> None:
    page.open(language="en")
    lab.control.goes_away()

    status, callback = page.ask("GET", "status"), page.ask("POST", "callback", {"number": "+33612345678"})

    assert status.get_json()["state"] == "unknown"
    assert (callback.status_code, callback.get_json()["id"]) == (503, "refused.unavailable")


# Files.


def test_files_are_served_to_everybody_the_named_ones_for_long(lab: PagesLab) -> None:
    files = WidgetFiles()
    if files.entry is None:
        pytest.skip("the widget is not built")
    client = lab.web.app.test_client()

    alias, named = client.get("/widget/v1/widget.js"), client.get(f"/widget/v1/{files.entry}")

    assert alias.data == named.data
    assert alias.headers["Cache-Control"] == "public, max-age=300"
    assert "immutable" in named.headers["Cache-Control"]
    assert named.headers["Access-Control-Allow-Origin"] == "*"
    assert named.headers["Content-Type"].startswith("text/javascript")
    for other in ("nothing.js", "..%2f..%2fapp.js", ".vite%2fmanifest.js"):
        assert client.get(f"/widget/v1/{other}").status_code == 404


# The live connection.


class LivePage:
    """A WebSocket; its blocking calls run in a thread, while the server runs in this one."""

    def __init__(self, port: int, workers: Workers, origin: str = ORIGIN) -> None:
        self._workers = workers
        url = f"ws://127.0.0.1:{port}/widget/v1/live"
        self._socket = workers.run(websocket.create_connection, url, origin=origin, timeout=5)

    def say(self, **message: Any) -> None:
        self._workers.run(self._socket.send, json.dumps(message))

    def hear(self) -> dict[str, Any]:
        return dict(json.loads(self._workers.run(self._socket.recv)))

    def close_code(self) -> int:
        """The code with which the server closes."""
        opcode, data = self._workers.run(self._socket.recv_data)
        assert opcode == websocket.ABNF.OPCODE_CLOSE
        return int.from_bytes(data[:2])

    def close(self) -> None:
        self._workers.run(self._socket.close)


@pytest.fixture
def connect(lab: PagesLab, site: None) -> Iterator[Callable[..., LivePage]]:
    port, stop = start(lab.web, "127.0.0.1", 0)
    workers = Workers(4)
    made: list[LivePage] = []

    def connect(origin: str = ORIGIN) -> LivePage:
        made.append(LivePage(port, workers, origin))
        return made[-1]

    yield connect
    for one in made:
        one.close()
    stop()


def test_a_page_is_greeted_then_tells_where_the_customer_is(
    page: ShopPage, lab: PagesLab, connect: Callable[..., LivePage]
) -> None:
    visitor = page.open()["visitor"]
    live = connect()
    live.say(type="hello", token=page.token)
    greeting = live.hear()
    live.say(type="page", url=f"{ORIGIN}/checkout?email=ana#pay", title="Paiement", step="payment")
    line = {"name": "Tasse", "sku": "KIT-1", "quantity": 2, "unit_price": 1250}
    live.say(type="cart", currency="EUR", lines=[line])

    visitors = services(lab).visitors
    lab.until(lambda: (known := visitors.get(visitor)) is not None and known.cart is not None)
    known = visitors.get(visitor)
    assert known is not None and known.cart is not None
    assert (greeting["type"], greeting["call"]) == ("hello", None)
    assert (known.url, known.title, known.checkout_step) == (f"{ORIGIN}/checkout", "Paiement", "payment")
    assert (known.cart.lines[0].name, known.cart.lines[0].unit_price) == ("Tasse", 1250)
    assert known.online


@pytest.mark.parametrize(
    "url",
    [
        f"{FOREIGN}/",
        "javascript:alert(1)",
        f"{ORIGIN}@evil.example/",
        f"{ORIGIN}/\u202egro.eil",
        f"{ORIGIN}/\x07",
    ],
)
def test_an_address_that_is_none_of_the_sites_is_shown_to_nobody(
    url: str, page: ShopPage, lab: PagesLab, connect: Callable[..., LivePage]
) -> None:
    visitor = page.open()["visitor"]
    live = connect()
    live.say(type="hello", token=page.token)
    live.say(type="page", url=url, title="Cart")

    visitors = services(lab).visitors
    lab.until(lambda: (known := visitors.get(visitor)) is not None and known.title == "Cart")
    known = visitors.get(visitor)
    assert known is not None and known.url == ""


def test_a_page_is_told_what_happens_and_its_end_is_noticed(
    page: ShopPage, lab: PagesLab, connect: Callable[..., LivePage]
) -> None:
    visitor = page.open()["visitor"]
    live = connect()
    live.say(type="hello", token=page.token)
    live.hear()

    services(lab).visitors.tell(visitor, {"type": "cart"})
    told = live.hear()
    live.close()

    assert told == {"type": "cart"}
    lab.until(lambda: (known := services(lab).visitors.get(visitor)) is not None and not known.online)


@pytest.mark.parametrize(
    "hello",
    [{"type": "hello", "token": "x"}, {"type": "page", "url": "https://x/"}, {"type": "hello"}],
    ids=["a bad token", "no hello", "no token"],
)
def test_who_does_not_say_who_it_is_is_sent_away(
    hello: dict[str, str], connect: Callable[..., LivePage]
) -> None:
    live = connect()
    live.say(**hello)

    assert live.close_code() == 4401


def test_a_token_of_one_site_is_worth_nothing_in_anothers_pages(
    page: ShopPage, connect: Callable[..., LivePage]
) -> None:
    page.open()
    live = connect("https://papel.example")
    live.say(type="hello", token=page.token)

    assert live.close_code() == 4401


def test_a_foreign_page_gets_no_connection(connect: Callable[..., LivePage]) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        connect(FOREIGN)


def test_a_page_that_talks_without_end_or_too_much_at_once_is_sent_away(
    page: ShopPage, connect: Callable[..., LivePage]
) -> None:
    page.open()
    flood, large = connect(), connect()
    for live in (flood, large):
        live.say(type="hello", token=page.token)
        live.hear()

    for _ in range(60):
        flood.say(type="page", url=f"{ORIGIN}/")
    large.say(type="page", url=f"{ORIGIN}/", title="x" * 40_000)

    assert flood.close_code() == 4429
    assert large.close_code() == 1009


def test_one_address_does_not_take_all_connections(
    page: ShopPage, lab: PagesLab, connect: Callable[..., LivePage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_ui.widget.live.FROM_ONE_ADDRESS", 1)
    page.open()
    first = connect()
    first.say(type="hello", token=page.token)
    first.hear()

    assert connect().close_code() == 4503

    first.close()
    lab.until(lambda: not services(lab).widget.pages._open)
    again = connect()
    again.say(type="hello", token=page.token)
    assert again.hear()["type"] == "hello"


def test_the_connection_ends_when_the_server_ends_it(
    page: ShopPage, connect: Callable[..., LivePage]
) -> None:
    live = connect()
    live.say(type="hello", token="x")
    live.close_code()

    with closing(live._socket.sock.dup()) as raw:
        raw.settimeout(5)
        ended = live._workers.run(raw.recv, 1)

    assert ended == b""
    assert isinstance(raw, socket.socket)
