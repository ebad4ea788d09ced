"""All registrations, alive in memory and written behind: who is bound where, and who can be reached."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from pbx.sip.clock import Clock
from pbx.sip.edge_settings import RegistrarSettings
from pbx.sip.events import EndpointRegistered, EndpointUnregistered
from pbx.sip.message import Request
from pbx.sip.refusal import Refusal
from pbx.sip.registrar import Arrival, Update, register
from pbx.sip.registration_store import Registration, RegistrationStore, Remove
from pbx.sip.registration_writer import RegistrationWriter
from pbx.sip.uri import parse_uri

DATAGRAMS = "UDP"
Why = str


class Registrations:
    """The bindings of every phone. A binding over a connection is reachable while that connection lives."""

    def __init__(
        self,
        clock: Clock,
        store: RegistrationStore,
        limits: RegistrarSettings,
        lives: Callable[[int], bool],
        publish: Callable[[object], None],
        moved: Callable[[int, int], None] = lambda old, new: None,
    ) -> None:
        self._clock = clock
        self._store = store
        self._limits = limits
        self._lives = lives
        self._publish = publish
        self._moved = moved
        self._bound: dict[str, tuple[Registration, ...]] = {}
        self._reachable: set[str] = set()
        self._writer = RegistrationWriter(clock, store)

    def now(self) -> datetime:
        """The reactor's time as a UTC datetime."""
        return datetime.fromtimestamp(self._clock.seconds(), UTC)

    async def load(self) -> None:
        """Take over what was stored and has not expired. Raises DatabaseAway."""
        now = self.now()
        by_user: dict[str, list[Registration]] = {}
        for one in await self._store.load():
            if one.expires_at > now:
                by_user.setdefault(one.username, []).append(one)
            else:
                self._writer.write((Remove(one.id),))
        for username, bindings in by_user.items():
            self._bound[username] = tuple(bindings)
            self._review(username, "expired")

    async def close(self) -> None:
        """Write what is unwritten; gives up when the database is away."""
        await self._writer.close()

    def update(self, username: str, request: Request, arrival: Arrival) -> Update | Refusal:
        """Apply an authenticated REGISTER."""
        new_ids = [uuid.uuid4().hex for _ in request.contacts]
        current = self._bound.get(username, ())
        outcome = register(current, username, request, arrival, self._limits, self.now(), new_ids)
        if isinstance(outcome, Update) and outcome.changes:
            self._tell_moved(current, outcome)
            self._replace(username, outcome, "removed")
        return outcome

    def _tell_moved(self, before: tuple[Registration, ...], update: Update) -> None:
        """Calls of a phone whose connection was replaced go on over the new one."""
        now_over = {one.id: one.connection for one in update.bindings}
        for one in before:
            if one.connection and now_over.get(one.id, 0) not in (0, one.connection):
                self._moved(one.connection, now_over[one.id])

    def of(self, username: str) -> tuple[Registration, ...]:
        """All live bindings, reachable or not."""
        now = self.now()
        return tuple(one for one in self._bound.get(username, ()) if one.expires_at > now)

    def reachable(self, username: str) -> tuple[Registration, ...]:
        """The bindings that a call can be sent to, highest q first, then the newest."""
        found = [one for one in self.of(username) if self._is_reachable(one)]
        return tuple(sorted(found, key=lambda one: (-one.q, -one.registered_at.timestamp())))

    def everybody(self) -> tuple[str, ...]:
        """The names of all phones that can be reached."""
        return tuple(sorted(self._reachable))

    def behind_nat(self) -> tuple[Registration, ...]:
        """UDP bindings that came from another address than their Contact names: a NAT keeps a door open."""
        now = self.now()
        return tuple(
            one
            for bindings in self._bound.values()
            for one in bindings
            if one.transport == DATAGRAMS and one.expires_at > now and _came_through_nat(one)
        )

    def _is_reachable(self, binding: Registration) -> bool:
        return binding.transport == DATAGRAMS or self._lives(binding.connection)

    def connection_lost(self, number: int) -> None:
        """A connection has ended: its phones cannot be reached until they register again."""
        affected = [
            username
            for username in self._reachable
            if any(one.connection == number for one in self._bound.get(username, ()))
        ]
        for username in affected:
            self._review(username, "connection_lost")

    def sweep(self) -> None:
        """Drop what has expired; to be called every second or so."""
        now = self.now()
        for username, bindings in tuple(self._bound.items()):
            gone = tuple(one for one in bindings if one.expires_at <= now)
            if gone:
                live = tuple(one for one in bindings if one.expires_at > now)
                changes = tuple(Remove(one.id) for one in gone)
                self._replace(username, Update(live, changes), "expired")

    def _replace(self, username: str, update: Update, why: Why) -> None:
        if update.bindings:
            self._bound[username] = update.bindings
        else:
            self._bound.pop(username, None)
        self._writer.write(update.changes)
        self._review(username, why)

    def _review(self, username: str, why: Why) -> None:
        """Say so when the phone has become reachable, or has ceased to be."""
        is_reachable = any(map(self._is_reachable, self.of(username)))
        if is_reachable and username not in self._reachable:
            self._reachable.add(username)
            self._publish(EndpointRegistered(username))
        elif not is_reachable and username in self._reachable:
            self._reachable.discard(username)
            self._publish(EndpointUnregistered(username, why))  # type: ignore[arg-type]


def _came_through_nat(binding: Registration) -> bool:
    contact = parse_uri(binding.contact_uri)
    return (contact.host, contact.port or 5060) != (binding.source_host, binding.source_port)
