"""What only the control API says and is asked, beside the contract shared with the pages."""

from typing import Annotated, Any, Literal

from pydantic import Field

from pbx.contract.base import Id, Moment, Schema


class CdrQuery(Schema):
    """Which records to read: filters that are left out do not filter. `before` is where a page before ended."""

    customer_id: Id | None = None
    caller: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    agent: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    before: Moment | None = None


class RecordingsQuery(Schema):
    """Which recordings to read: begun from `since` until before `until`, of a contact, with an agent in it."""

    contact: Id | None = None
    agent: Id | None = None
    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class QueueStatusQuery(Schema):
    """Which number somebody would call to reach the queue: its opening hours count."""

    number: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class StreamQuery(Schema):
    """From where to read events: after number `since` of process `boot`; without `since` from now on."""

    since: Annotated[int, Field(ge=0)] | None = None
    boot: Id | None = None


class EventView(Schema):
    """One entry of a contact's append-only log; `body` is the event without `at`, `type` and `contact`."""

    boot: Id
    seq: int
    at: Moment
    type: str
    body: dict[str, Any]


class Dialed(Schema):
    """The contact that a click-to-dial made."""

    contact: Id


class BanView(Schema):
    """An address that the SIP edge refuses, or a user name at it when `user` is not empty."""

    id: Id
    address: str
    user: str
    until: Moment
    times: int


class RegistrationView(Schema):
    """Where a phone is registered."""

    username: Id
    contact: str
    transport: str
    source: str
    user_agent: str
    registered_at: Moment
    expires_at: Moment
    reachable: bool


class HealthView(Schema):
    """Whether the process can do its work. `journal_waiting` are rows not yet in the database."""

    status: Literal["ok", "degraded"]
    boot: Id
    started_at: Moment
    database: Literal["ok", "away"]
    journal_waiting: int
    live_legs: int
