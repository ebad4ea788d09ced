"""Whom the edge knows: accounts, public numbers and trunks. All look-ups are in memory."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pbx.sip.edge_settings import TrunkTransport


@dataclass(frozen=True, slots=True)
class Guest:
    """A customer in a shop's page: may call public numbers and nothing else, and cannot register."""

    visitor: str
    site: str
    customer: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class EndpointAccount:
    """A phone's account. `ha1` maps a digest algorithm ("MD5", "SHA-256") to the stored HA1 value in hex.

    Dialling out needs `may_dial_out` and a number that starts with one of `allowed_prefixes` (E.164, for
    example "+33"; empty for any). None in a cap means no cap. `browser` is set of whoever logged in over a
    WebSocket, with a short-lived credential (pbx.contract.browser_token) or with its password; `guest` is set for
    customers.
    """

    username: str
    ha1: Mapping[str, str] = field(repr=False)
    may_dial_out: bool = False
    allowed_prefixes: tuple[str, ...] = ()
    max_calls: int | None = 2
    max_calls_per_hour: int | None = 60
    browser: bool = False
    guest: Guest | None = None


@dataclass(frozen=True, slots=True)
class TrunkAddress:
    """Where a carrier is reached and from where it calls.

    `host` is a name or an address literal. Requests from the addresses of `host`, and from `sources`
    (literals or CIDR networks), are the trunk's and need no digest. `domain` is the host part of request
    URIs towards it, when that is not `host`.
    """

    id: str
    host: str
    port: int = 5060
    transport: TrunkTransport = "UDP"
    sources: tuple[str, ...] = ()
    domain: str = ""


class Directory(Protocol):
    """The edge's view of the database, held in memory by whoever loads it."""

    def endpoint(self, username: str) -> EndpointAccount | None:
        """The account of that name."""

    def is_public_number(self, user: str) -> bool:
        """Whether anybody may call this user part (a DID open to the public)."""

    def is_number(self, user: str) -> bool:
        """Whether this user part is one of our DIDs, public or not: what trunks may call."""

    def is_extension(self, user: str) -> bool:
        """Whether the dial plan knows this user part for authenticated phones: agents, queues, codes."""

    def outside_number(self, user: str) -> str | None:
        """The E.164 number that this user part dials, or None when it is no number."""

    def trunks(self) -> tuple[TrunkAddress, ...]:
        """All enabled trunks."""


class MemoryDirectory:
    """A directory that is filled by hand, for tests and demonstrations."""

    def __init__(
        self,
        endpoints: tuple[EndpointAccount, ...] = (),
        public_numbers: tuple[str, ...] = (),
        other_numbers: tuple[str, ...] = (),
        extensions: tuple[str, ...] = (),
        trunks: tuple[TrunkAddress, ...] = (),
    ) -> None:
        self.endpoints = {one.username: one for one in endpoints}
        self.public_numbers = set(public_numbers)
        self.other_numbers = set(other_numbers)
        self.extensions = set(extensions)
        self.all_trunks = trunks

    def endpoint(self, username: str) -> EndpointAccount | None:
        """The account of that name."""
        return self.endpoints.get(username)

    def is_public_number(self, user: str) -> bool:
        """Whether the number was given as public."""
        return user in self.public_numbers

    def is_number(self, user: str) -> bool:
        """Whether the number was given, as public or not."""
        return user in self.public_numbers or user in self.other_numbers

    def is_extension(self, user: str) -> bool:
        """Whether it was given as an extension, or is an account's name."""
        return user in self.extensions or user in self.endpoints

    def outside_number(self, user: str) -> str | None:
        """`+digits` as it is and `00digits` with its plus; nothing else is a number here."""
        found = re.fullmatch(r"(?:\+|00)([1-9][0-9]{4,14})", user)
        return f"+{found[1]}" if found else None

    def trunks(self) -> tuple[TrunkAddress, ...]:
        """The trunks given."""
        return self.all_trunks
