"""What lets a viewer in: issued to a signed-in desk for one contact, good for a minute, and once.

The viewer is a document of another origin, so no cookie speaks for it.
"""

import secrets
from collections.abc import Callable
from dataclasses import astuple, dataclass
from time import monotonic

from itsdangerous import BadSignature, URLSafeTimedSerializer

from agent_ui.cobrowse.errors import BadTicket

LIFETIME = 60
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may watch which contact's page, for as long as the sign-in `session` is valid."""

    session: str
    watcher: str
    name: str
    role: str
    contact: str


class Tickets:
    """Issues them, and takes each once."""

    def __init__(self, secret: str, clock: Callable[[], float] = monotonic) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="comptoir cobrowse viewer")
        self._clock = clock
        self._taken: dict[str, float] = {}

    def issue(self, ticket: Ticket) -> str:
        """The ticket as text."""
        return self._serializer.dumps([secrets.token_urlsafe(9), *astuple(ticket)])

    def take(self, text: object) -> Ticket:
        """The ticket of a text. Raises BadTicket when it is none of ours, too old, or was taken before."""
        if not isinstance(text, str) or len(text) > LONGEST:
            raise BadTicket("that is no ticket")
        try:
            number, *parts = self._serializer.loads(text, max_age=LIFETIME)
            ticket = Ticket(*parts)
        except (BadSignature, TypeError, ValueError):
            raise BadTicket("the ticket is not ours, or too old") from None
        self._once(number)
        return ticket

    def _once(self, number: str) -> None:
        """What is older than any valid ticket need not be remembered."""
        now = self._clock()
        self._taken = {one: at for one, at in self._taken.items() if now - at <= LIFETIME + 1}
        if number in self._taken:
            raise BadTicket("the ticket was taken before")
        self._taken[number] = now
