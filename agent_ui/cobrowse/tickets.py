"""What lets a viewer in: issued to a signed-in desk for one contact, good for a minute.

The viewer is a document of its own, perhaps of another origin, so no cookie speaks for it.
"""

from dataclasses import dataclass

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
    """Issues and reads them."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="comptoir cobrowse viewer")

    def issue(self, ticket: Ticket) -> str:
        """The ticket as text."""
        parts = [ticket.session, ticket.watcher, ticket.name, ticket.role, ticket.contact]
        return self._serializer.dumps(parts)

    def read(self, text: object) -> Ticket:
        """The ticket of a text. Raises BadTicket when it is none of ours, or too old."""
        if not isinstance(text, str) or len(text) > LONGEST:
            raise BadTicket("that is no ticket")
        try:
            return Ticket(*self._serializer.loads(text, max_age=LIFETIME))
        except (BadSignature, TypeError):
            raise BadTicket("the ticket is not ours, or too old") from None
