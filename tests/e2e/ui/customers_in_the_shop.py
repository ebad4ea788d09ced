"""Customers who are in the shop's pages while they call: what the browser tests make them do."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import gevent
from sqlalchemy.orm import Session, sessionmaker

from agent_ui.app import Web
from agent_ui.visitors.model import PageCart, PageCartLine
from agent_ui.visitors.registry import Visitors
from agent_ui.wiring import EXTENSION
from orders.adapters import demo
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.events import CartChanged, ShopEvent
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.services import carts

T = TypeVar("T")
CALLERS = {caller.language: caller for caller in demo.DEMO_CALLERS}
SITE = "demo"


class OpenPage:
    """A visitor's page, as the server sees it."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []

    def send(self, message: dict[str, object]) -> None:
        """Keep it."""
        self.told.append(message)

    def close(self) -> None:
        """Nothing to close."""


class ShopSide:
    """Called from the thread that reads the tests' commands; what belongs to the event loop is done there."""

    def __init__(self, web: Web, sessions: sessionmaker[Session]) -> None:
        self._web = web
        self._sessions = sessions
        self._visitors: Visitors = web.app.extensions[EXTENSION].visitors
        self._loop = gevent.get_hub().loop
        self._at_first = {language: self._open_cart(language) for language in CALLERS}
        self._pages: dict[str, tuple[str, OpenPage, Callable[[], None]]] = {}

    def reset(self) -> None:
        """Carts as at the beginning, and nobody in the shop."""
        for language in list(self._pages):
            self.leaves(language)
        for language, cart in self._at_first.items():
            with SqlUnitOfWork(self._sessions) as uow:
                now = uow.carts.open_of(CALLERS[language].customer_id)
                uow.carts.save(replace(cart, version=now.version if now else cart.version))
                uow.commit()

    def visits(self, who: str, known: bool = True, foreign: bool = False) -> None:
        """A caller opens the shop; `known`: the shop says who they are."""
        self._on_loop(lambda: self._visit(who, known, foreign))

    def goes_to(self, who: str, title: str, url: str, step: str | None = None) -> dict[str, float]:
        """The caller's page is another one; gives the moment in milliseconds."""
        at = time.time() * 1000
        visitor = self._pages[who][0]
        self._on_loop(lambda: self._visitors.published(visitor, page=(url, title, step)))
        return {"at": at}

    def leaves(self, who: str) -> None:
        """The caller closes the page."""
        self._on_loop(self._pages.pop(who)[2])

    def puts_in(self, who: str, sku: str, quantity: int = 1) -> dict[str, float]:
        """The caller puts a product into the cart, in the shop; gives the moment it was begun."""
        at = time.time() * 1000
        events: list[ShopEvent] = []
        uow = SqlUnitOfWork(self._sessions, events.append)
        with uow:
            product = uow.products.having_skus([sku])[0]
        cart, actor = self._open_cart(who), Actor("customer", CALLERS[who].customer_id)
        carts.add_to_cart(uow, cart.id, product.id, quantity, actor, datetime.now(UTC))
        for event in events:
            if isinstance(event, CartChanged):
                self._tell(event)
        return {"at": at}

    def shows_code(self, who: str) -> dict[str, str]:
        """The code that the caller's page shows."""
        return {"code": self._on_loop(lambda: self._visitors.show_code(self._pages[who][0])).digits}

    def cart(self, who: str) -> dict[str, Any]:
        """The cart in the database and who changed it."""
        cart = self._open_cart(who)
        with SqlUnitOfWork(self._sessions) as uow:
            trail = uow.audit.of("cart", cart.id)
        return {
            "lines": {line.sku: line.quantity for line in cart.lines},
            "discount": cart.discount_rate,
            "prepared": cart.prepared.by if cart.prepared else None,
            "audit": [[entry.actor_kind, entry.actor_id, entry.action] for entry in trail],
        }

    def told(self, who: str) -> dict[str, Any]:
        """What the caller's page was told."""
        return {"told": self._pages[who][1].told}

    def _visit(self, who: str, known: bool, foreign: bool) -> None:
        caller, page = CALLERS[who], OpenPage()
        visitor = self._visitors.arrive(SITE, who, caller.customer_id if known else None)
        closed = self._visitors.opened(visitor.id, page)
        self._pages[who] = (visitor.id, page, closed)
        lines = (
            PageCartLine("Reliure faite main", "REL-7", 2, 4_550),
            PageCartLine("Encre de Chine", "", 1, 1_290),
        )
        cart = PageCart("EUR", lines) if foreign else PageCart("EUR", (), self._open_cart(who).id)
        place = ("https://shop.example/checkout/address", "Where it goes \u00b7 Demo shop", "address")
        self._visitors.published(visitor.id, page=place, cart=cart)

    def _open_cart(self, who: str) -> Cart:
        with SqlUnitOfWork(self._sessions) as uow:
            cart = uow.carts.open_of(CALLERS[who].customer_id)
        assert cart is not None
        return cart

    def _tell(self, event: CartChanged) -> None:
        self._on_loop(lambda: self._web.carts.cart_changed(event.cart_id, event.customer_id))

    def _on_loop(self, work: Callable[[], T]) -> T:
        outcome: list[T] = []
        problem: list[BaseException] = []
        done = threading.Event()

        def run() -> None:
            try:
                outcome.append(work())
            except BaseException as error:
                problem.append(error)
            finally:
                done.set()

        self._loop.run_callback_threadsafe(lambda: gevent.spawn(run))
        assert done.wait(5)
        if problem:
            raise problem[0]
        return outcome[0]
