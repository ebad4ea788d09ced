"""Browsers come and go: a page is loaded anew, a network changes. Who signals over which connection is known here.

A page is known by what its Contact says (its instance, or else its address). When the same page of the same
account signals over another connection, that one takes the place of the old: dialogs go on over it.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from pbx.sip.events import PeerLost, PeerReturned
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Request

K = TypeVar("K")
V = TypeVar("V")
_MOST = 10_000


class Browsers:
    """The connections of each browser account. `supersede(old, new)` is told what takes the place of what."""

    def __init__(
        self, publish: Callable[[object], None], supersede: Callable[[int, int], None], capacity: int = _MOST
    ) -> None:
        self._publish = publish
        self._supersede = supersede
        self._capacity = capacity
        self._living: dict[str, set[int]] = {}
        self._over: dict[int, set[str]] = {}
        self._pages: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._away: OrderedDict[str, None] = OrderedDict()

    def signalled(self, username: str, page: str, connection: int) -> None:
        """The account has proved itself over this connection; `page` is empty when the request does not tell."""
        before = self._pages.get((username, page), connection) if page else connection
        if page:
            _keep(self._pages, (username, page), connection, self._capacity)
        self._living.setdefault(username, set()).add(connection)
        self._over.setdefault(connection, set()).add(username)
        if before != connection:
            self._supersede(before, connection)
            self.lost(before)
        if username in self._away:
            del self._away[username]
            self._publish(PeerReturned(username))

    def lost(self, connection: int) -> None:
        """The connection has ended."""
        for username in self._over.pop(connection, ()):
            living = self._living[username]
            living.discard(connection)
            if not living:
                del self._living[username]
                _keep(self._away, username, None, self._capacity)
                self._publish(PeerLost(username))


def page_of(request: Request) -> str:
    """Which page speaks, as its Contact says; empty when it does not."""
    try:
        contact = next(iter(request.contacts), None)
    except SipSyntaxError:
        return ""
    return "" if contact is None else contact.params.get("+sip.instance") or str(contact.uri)


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
