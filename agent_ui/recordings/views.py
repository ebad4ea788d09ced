"""What the page of recordings is told."""

from typing import Literal

from pbx.contract.base import Id, Moment, Schema

Kind = Literal["call", "voicemail", "page"]
"""A recorded call, a message, or a page that was shown in a call that was not recorded."""


class RecordedContact(Schema):
    """A contact of which something can be heard or watched. Names are as they are now."""

    contact: Id
    kind: Kind
    started_at: Moment
    direction: str | None
    number: str | None
    """The other end's."""
    customer_name: str | None
    queue: str | None
    agent: Id | None
    agent_name: str | None
    seconds: float
    heard: bool
    """Whether there is something to hear."""
    replay: bool
    running: bool
    """Whether it is still being recorded."""


class Person(Schema):
    """An agent to choose."""

    id: Id
    name: str


class RecordedContacts(Schema):
    """The contacts of a time, newest first. `more`: there are more than can be shown at once."""

    contacts: tuple[RecordedContact, ...]
    more: bool
    agents: tuple[Person, ...]
    kept_days: float
    """After how many days what is recorded is deleted; 0 is never."""


class Pause(Schema):
    """A pause of a recording, in seconds since its start."""

    begin: float
    end: float


class RecordingPart(Schema):
    """A recording that can be heard. `pauses` are silence in it."""

    id: Id
    started_at: Moment
    seconds: float
    pauses: tuple[Pause, ...]


class ReplayPart(Schema):
    """A kept page that can be watched, and where its viewer is."""

    session: Id
    started_at: Moment
    ended_at: Moment
    viewer: str


class ConsentMark(Schema):
    """A step of the customer's consent. `by` is a name, or who it was: customer, system."""

    at: Moment
    action: str
    tier: str
    by: str


class WatchLine(Schema):
    """Somebody heard or watched the contact."""

    at: Moment
    name: str
    action: Literal["heard", "watched"]


class OpenedContact(Schema):
    """A contact, opened to be heard and watched; `watch` names this occasion in the addresses of its parts."""

    watch: Id
    contact: RecordedContact
    recordings: tuple[RecordingPart, ...]
    replays: tuple[ReplayPart, ...]
    consent: tuple[ConsentMark, ...]
    watched: tuple[WatchLine, ...]
    """Everybody so far, this occasion included."""
