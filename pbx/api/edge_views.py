"""What the SIP edge knows, for operators: registrations and bans."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from pbx.api.schemas import BanView, RegistrationView
from pbx.errors import NotFound
from pbx.sip.bans import Ban
from pbx.sip.registration_store import Registration


class EdgeBans(Protocol):
    """The edge's side of it; see pbx.sip.edge.Edge."""

    def bans(self) -> tuple[Ban, ...]: ...

    def lift_ban(self, address: str, user: str = "") -> bool: ...


class EdgeRegistrations(Protocol):
    """The edge's side of it; see pbx.sip.edge.Edge."""

    def registered(self) -> tuple[str, ...]: ...

    def registrations(self, username: str) -> tuple[Registration, ...]: ...


class BanList:
    """`pbx.api.services.Bans` on the edge. A ban's id names address and user without showing them in a path."""

    def __init__(self, edge: EdgeBans) -> None:
        self._edge = edge

    def list(self) -> tuple[BanView, ...]:
        """See Bans."""
        return tuple(_ban_view(one) for one in self._edge.bans())

    def lift(self, ban: str) -> None:
        """See Bans."""
        for one in self._edge.bans():
            if _ban_id(one) == ban and self._edge.lift_ban(one.address, one.user):
                return
        raise NotFound("This ban is over, or never was.", ban=ban)


def registrations(edge: EdgeRegistrations, usernames: Iterable[str]) -> tuple[RegistrationView, ...]:
    """Every live binding of these phones, by name."""
    reachable = frozenset(edge.registered())
    return tuple(
        RegistrationView(
            username=username, contact=one.contact_uri, transport=one.transport,
            source=f"{one.source_host}:{one.source_port}", user_agent=one.user_agent,
            registered_at=one.registered_at, expires_at=one.expires_at, reachable=username in reachable,
        )
        for username in sorted(usernames)
        for one in edge.registrations(username)
    )  # fmt: skip


def _ban_id(ban: Ban) -> str:
    return sha256(f"{ban.address}\n{ban.user}".encode()).hexdigest()[:16]


def _ban_view(ban: Ban) -> BanView:
    return BanView(
        id=_ban_id(ban), address=ban.address, user=ban.user, times=ban.times,
        until=datetime.fromtimestamp(ban.until, UTC),
    )  # fmt: skip
