"""Where a new call goes: decided from what was dialed, who dials, and the catalog."""

import re
from dataclasses import dataclass

from pbx.catalog import Catalog, EndpointRow
from pbx.contract.browser_token import TAKE_BACK
from pbx.contract.guest import account_visitor

OUTSIDE = re.compile(r"^\+?[0-9]{3,20}$")


@dataclass(frozen=True, slots=True)
class ToFlow:
    """A DID: its flow answers."""

    did: str


@dataclass(frozen=True, slots=True)
class ToQueue:
    """A queue dialed by its id, from inside."""

    queue: str


@dataclass(frozen=True, slots=True)
class ToEndpoint:
    """A registered phone."""

    username: str


@dataclass(frozen=True, slots=True)
class ToTrunk:
    """A number outside."""

    number: str


@dataclass(frozen=True, slots=True)
class ToOwnCall:
    """The call that the caller is in already."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """No way; the SIP status says why."""

    status: int
    reason: str


Destination = ToFlow | ToQueue | ToEndpoint | ToTrunk | ToOwnCall | Refuse


def destination(dialed: str, account: str | None, catalog: Catalog) -> Destination:
    """Where `dialed` leads for `account` (an authenticated endpoint or a guest), or for others (None).

    Strangers and trunks reach DIDs only, guests public ones only. Whether an account may dial outside is
    decided by `may_dial_out`.
    """
    if dialed == TAKE_BACK and account is not None:
        return ToOwnCall()
    if account is not None and account_visitor(account):
        did = catalog.dids.get(dialed)
        return ToFlow(dialed) if did is not None and did.public else Refuse(404, "Not Found")
    if dialed in catalog.dids:
        return ToFlow(dialed)
    if account is None:
        return Refuse(404, "Not Found")
    if dialed in catalog.endpoints:
        return ToEndpoint(dialed)
    if dialed in catalog.agents:
        return ToEndpoint(catalog.agents[dialed].phone)
    if dialed in catalog.queues:
        return ToQueue(dialed)
    if OUTSIDE.match(dialed) and catalog.trunks:
        return _outside(dialed, catalog.endpoints.get(account))
    return Refuse(404, "Not Found")


def _outside(number: str, account: EndpointRow | None) -> Destination:
    if account is None or not account.may_dial_out or not in_plan(number, account.number_plan):
        return Refuse(403, "Dialing this number is not allowed")
    return ToTrunk(number)


def in_plan(number: str, plan: tuple[str, ...]) -> bool:
    """Whether one of the plan's prefixes begins the number ("+" alone allows everything)."""
    digits = number if number.startswith("+") else f"+{number}"
    return any(digits.startswith(prefix) for prefix in plan)
