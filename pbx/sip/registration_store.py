"""Where registrations survive a restart: the port, and its twin in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Registration:
    """One contact of one phone, as RFC 3261 section 10.3 binds it to the flow it came over.

    `contact_uri` is the Contact's URI as written; `instance` the outbound key `+sip.instance|reg-id`
    (RFC 5626) or empty. `transport`, `source_host`, `source_port` and `local` ("host:port" of ours) name
    the flow; `connection` the living TCP connection, which does not survive a restart and is not stored.
    """

    id: str
    username: str
    contact_uri: str
    call_id: str
    cseq: int
    transport: str
    source_host: str
    source_port: int
    local: str
    registered_at: datetime
    expires_at: datetime
    instance: str = ""
    q: float = 1.0
    user_agent: str = ""
    connection: int = 0


@dataclass(frozen=True, slots=True)
class Put:
    """Insert the registration, or replace the one with its id."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete the registration with this id; it may be gone already."""

    id: str


Change = Put | Remove


class RegistrationStore(Protocol):
    """Durable registrations. Raises DatabaseAway when it cannot be reached; nothing was changed then."""

    async def load(self) -> tuple[Registration, ...]:
        """All that is stored, expired ones included."""

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make all the changes, in order, or none. Repeating them is harmless."""


class MemoryRegistrationStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Registration] = {}

    async def load(self) -> tuple[Registration, ...]:
        """All that was put and not removed."""
        return tuple(self.rows.values())

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make the changes in order."""
        for change in changes:
            if isinstance(change, Put):
                self.rows[change.registration.id] = change.registration
            else:
                self.rows.pop(change.id, None)
