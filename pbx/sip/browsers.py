"""Browsers come and go: a page is loaded anew, a network changes. Who signals over which connection is known here.

A page is known by several names, of which a request shows some. When the same page of the same account signals over
another connection, that one takes the place of the old: dialogs go on over it.
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
_NAMES = 30
"""Names remembered of one account: no account pushes out those of others."""
_LONGEST = 256
"""Characters of a name; SIP stacks make up about fifty."""
_RANDOM = ".invalid"


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
        self._pages: OrderedDict[str, OrderedDict[str, int]] = OrderedDict()
        """By account and name, the connection."""
        self._away: OrderedDict[str, None] = OrderedDict()

    def signalled(self, username: str, page: tuple[str, ...], connection: int) -> None:
        """The account has proved itself over this connection; `page` is all that the page is known by."""
        names = self._pages.get(username, OrderedDict())
        before = {names.get(name, connection) for name in page}
        for name in page:
            _keep(names, name, connection, _NAMES)
        if names:
            _keep(self._pages, username, names, self._capacity)
        self._living.setdefault(username, set()).add(connection)
        self._over.setdefault(connection, set()).add(username)
        for old in before - {connection}:
            self._supersede(old, connection)
            self.lost(old)
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


def page_of(request: Request) -> tuple[str, ...]:
    """By what the page that speaks is known: its instance, its Contact's address, the random name in its Via.

    Parameters of the address are left out: JsSIP writes `ob` into those of its calls only (RFC 5626). The name in
    Via counts only when it is one that nobody else has (RFC 7118 section 5).
    """
    try:
        contact, via = next(iter(request.contacts), None), request.via.host.lower()
    except SipSyntaxError:
        return ()
    names = [via] if via.endswith(_RANDOM) else []
    if contact is not None:
        names += [f"{contact.uri.user}@{contact.uri.host}", contact.params.get("+sip.instance") or ""]
    return tuple(name for name in names if 0 < len(name) <= _LONGEST)


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)
