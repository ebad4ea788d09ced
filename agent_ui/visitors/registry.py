"""The visitors of all sites, in memory of the web process."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from time import time
from typing import Protocol

from agent_ui.latest import Latest
from agent_ui.visitors.codes import Code, Codes
from agent_ui.visitors.errors import CodeUnknown, VisitorUnknown
from agent_ui.visitors.model import PageCart, Visitor
from pbx.contract.resources import ContactView

CAPACITY = 20_000
"""Visitors kept; beyond it the one who was idle longest is forgotten."""
LINES = 100_000
"""Lines of all carts together; beyond it the carts of those who were idle longest are forgotten."""
SPARE = 0.1
"""The part of LINES that is made free then, so that it is seldom done."""
LOOK_AT = 200
"""How many of the longest idle are looked at when somebody arrives: for those who are over, or without a page."""
JOINS = 5_000
"""Contacts whose visitor is known by a code."""
PAGES = 20
"""Open pages of one visitor; the oldest is closed for the next one."""

Listener = Callable[[Visitor], None]
_log = logging.getLogger(__name__)


class Page(Protocol):
    """An open page's connection."""

    def send(self, message: dict[str, object]) -> None:
        """Queue a message; never waits, and a page that is gone takes nothing amiss."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


class Visitors:
    """Every method is called on the event loop's thread and returns at once."""

    def __init__(
        self,
        codes: Codes,
        ttl: float,
        clock: Callable[[], float] = time,
        capacity: int = CAPACITY,
        lines: int = LINES,
    ) -> None:
        self._codes = codes
        self._ttl = ttl
        self._clock = clock
        self._capacity = capacity
        self._most_lines = lines
        self._lines = 0
        """Lines of the carts that are kept."""
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._of: dict[str, dict[str, None]] = {}
        """The visitors that a customer was vouched to be, the one seen last at the end."""
        self._pages: dict[str, list[Page]] = {}
        self._joined: Latest[str] = Latest(JOINS)
        self._listeners: list[Listener] = []

    # What the desk asks.

    def get(self, visitor_id: str) -> Visitor | None:
        """The visitor, unless it was idle for too long."""
        visitor = self._visitors.get(visitor_id)
        if visitor is None or self._is_over(visitor):
            return None
        return replace(visitor, code=self._codes.of(visitor_id, self._clock()))

    def for_contact(self, contact: ContactView) -> Visitor | None:
        """Who the contact's customer is among the visitors.

        By the page that the call comes from, else by the code that was told, else by the customer the telephone
        system recognised, if a shop vouched for a visitor to be this customer.
        """
        known = contact.visitor or self._joined.get(contact.id)
        if known is not None:
            return self.get(known)
        return self._of_customer(contact.customer_id) if contact.customer_id else None

    def has_joined(self, contact_id: str, visitor_id: str) -> bool:
        """Whether a code was told in this contact that was the visitor's."""
        return self._joined.get(contact_id) == visitor_id

    def join(self, code: str, contact_id: str) -> Visitor:
        """The visitor whose page shows this code belongs to this contact from now on. A code is good for once.

        Raises:
            CodeUnknown: no page shows it.
        """
        visitor = self.get(self._codes.take(code, self._clock()) or "")
        if visitor is None:
            raise CodeUnknown("no page shows this code")
        self._joined.put(contact_id, visitor.id)
        self.tell(visitor.id, {"type": "joined"})
        self._changed(visitor.id)
        return visitor

    def tell(self, visitor_id: str, message: dict[str, object]) -> None:
        """Send a message to this visitor's open pages."""
        for page in tuple(self._pages.get(visitor_id, ())):
            page.send(message)

    def subscribe(self, callback: Listener) -> Callable[[], None]:
        """Call back after every change of a visitor; the returned function ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    # What the widget's side does.

    def arrive(self, site: str, language: str, customer_id: str | None) -> Visitor:
        """A new session."""
        visitor = Visitor(secrets.token_hex(12), site, language, self._now(), customer_id)
        self._keep(visitor)
        self._forget(self._superfluous())
        return visitor

    def renew(self, visitor_id: str, site: str, language: str, customer_id: str | None) -> Visitor:
        """The session of a token goes on, even if this process has restarted and knows nothing of it."""
        known = self.get(visitor_id)
        if known is None:
            known = Visitor(visitor_id, site, language, self._now())
        self._keep(replace(known, language=language, customer_id=customer_id))
        self._forget(self._superfluous())
        return self._changed(visitor_id)

    def published(
        self,
        visitor_id: str,
        *,
        page: tuple[str, str, str | None] | None = None,
        cart: PageCart | None = None,
    ) -> Visitor:
        """The page said where it is (address, title, checkout step), or what is in the cart.

        Raises:
            VisitorUnknown: the session is over.
        """
        known = self._known(visitor_id)
        if page is not None:
            url, title, step = page
            known = replace(known, url=url, title=title, checkout_step=step)
        self._keep(known if cart is None else replace(known, cart=cart))
        self._forget_carts(visitor_id)
        return self._changed(visitor_id)

    def show_code(self, visitor_id: str) -> Code:
        """A new code for this visitor's page to show.

        Raises:
            VisitorUnknown: the session is over.
        """
        self._known(visitor_id)
        code = self._codes.show(visitor_id, self._clock())
        self._changed(visitor_id)
        return code

    def opened(self, visitor_id: str, page: Page) -> Callable[[], None]:
        """A page of this visitor is connected; the returned function says that it is no longer.

        Raises:
            VisitorUnknown: the session is over.
        """
        self._known(visitor_id)
        pages = self._pages.setdefault(visitor_id, [])
        pages.append(page)
        if len(pages) > PAGES:
            pages.pop(0).close()
        self._changed(visitor_id)

        def closed() -> None:
            if page in pages:
                pages.remove(page)
                self._left(visitor_id, pages)

        return closed

    def _left(self, visitor_id: str, pages: list[Page]) -> None:
        if not pages and self._pages.get(visitor_id) is pages:
            del self._pages[visitor_id]
        if visitor_id in self._visitors:
            self._changed(visitor_id)

    def _known(self, visitor_id: str) -> Visitor:
        visitor = self.get(visitor_id)
        if visitor is None:
            raise VisitorUnknown("there is no such visitor any more")
        return visitor

    def _changed(self, visitor_id: str) -> Visitor:
        """Note the sign of life and tell who listens; a listener's fault is its own."""
        visitor = replace(self._known(visitor_id), seen_at=self._now(), online=visitor_id in self._pages)
        self._keep(visitor)
        for listener in tuple(self._listeners):
            try:
                listener(visitor)
            except Exception:
                _log.exception("a change of a visitor could not be taken")
        return visitor

    def _keep(self, visitor: Visitor) -> None:
        self._unlist(visitor.id)
        self._visitors[visitor.id] = replace(visitor, code=None)
        self._visitors.move_to_end(visitor.id)
        self._lines += _lines_of(visitor)
        if visitor.customer_id is not None:
            self._of.setdefault(visitor.customer_id, {})[visitor.id] = None

    def _unlist(self, visitor_id: str) -> None:
        known = self._visitors.get(visitor_id)
        if known is None:
            return
        self._lines -= _lines_of(known)
        if known.customer_id is None:
            return
        theirs = self._of[known.customer_id]
        del theirs[visitor_id]
        if not theirs:
            del self._of[known.customer_id]

    def _forget_carts(self, spared: str) -> None:
        """When there are too many lines; a page whose cart is forgotten tells it again when it is loaded."""
        if self._lines <= self._most_lines:
            return
        for visitor in tuple(self._visitors.values()):
            if self._lines <= self._most_lines * (1 - SPARE):
                return
            if visitor.id != spared and _lines_of(visitor):
                self._lines -= _lines_of(visitor)
                self._visitors[visitor.id] = replace(visitor, cart=None)

    def _superfluous(self) -> list[str]:
        """Whom to forget: who is over, and beyond the capacity the longest idle, without an open page first."""
        older = list(islice(self._visitors.values(), LOOK_AT))
        over = [visitor.id for visitor in older if self._is_over(visitor)]
        excess = len(self._visitors) - self._capacity
        if excess <= len(over):
            return over
        away = [visitor.id for visitor in older if not visitor.online]
        return (away or [visitor.id for visitor in older])[:excess]

    def _forget(self, visitor_ids: Iterable[str]) -> None:
        for visitor_id in visitor_ids:
            self._unlist(visitor_id)
            self._visitors.pop(visitor_id, None)
            self._codes.end(visitor_id)
            for page in tuple(self._pages.pop(visitor_id, ())):
                page.close()

    def _of_customer(self, customer_id: str) -> Visitor | None:
        """The one seen last, one with an open page before all others."""
        listed = (self._visitors[visitor_id] for visitor_id in reversed(self._of.get(customer_id, {})))
        theirs = [visitor for visitor in listed if not self._is_over(visitor)]
        found = next((visitor for visitor in theirs if visitor.online), theirs[0] if theirs else None)
        return self.get(found.id) if found else None

    def _is_over(self, visitor: Visitor) -> bool:
        return not visitor.online and self._clock() - visitor.seen_at.timestamp() > self._ttl

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _lines_of(visitor: Visitor) -> int:
    return len(visitor.cart.lines) if visitor.cart else 0
