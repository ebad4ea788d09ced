"""What the edge tells the rest of the softswitch on the bus."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EndpointRegistered:
    """The phone `username` can be reached: its first live contact has appeared."""

    username: str


@dataclass(frozen=True, slots=True)
class EndpointUnregistered:
    """The phone `username` can no longer be reached: its last live contact is gone."""

    username: str
    why: Literal["removed", "expired", "connection_lost"]


@dataclass(frozen=True, slots=True)
class SourceBanned:
    """An address, or one user name from one address (`user` not empty), is refused for `seconds`."""

    address: str
    user: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PeerLost:
    """The last connection over which the browser account `username` signalled has ended; its calls may live on."""

    username: str


@dataclass(frozen=True, slots=True)
class PeerReturned:
    """The browser account `username` signals again, over a new connection."""

    username: str
