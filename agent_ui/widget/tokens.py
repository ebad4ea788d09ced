"""The token by which a page goes on as the same visitor: signed, dated, bound to the visitor and the site."""

from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from agent_ui.widget.errors import SessionOver
from orders.model.text import LANGUAGES, Language

LONGEST = 1024


@dataclass(frozen=True, slots=True)
class VisitorClaims:
    """Whom a page speaks for. `customer` is set when the site's shop has vouched for it."""

    visitor: str
    site: str
    language: Language
    customer: str | None = None


class VisitorTokens:
    """Makes and reads them; they end `ttl` seconds after they were made."""

    def __init__(self, secret: str, ttl: float) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="comptoir visitor")
        self._ttl = ttl

    def make(self, claims: VisitorClaims) -> str:
        """The token of these claims."""
        return self._serializer.dumps([claims.visitor, claims.site, claims.language, claims.customer])

    def read(self, token: str) -> VisitorClaims:
        """The claims of a token.

        Raises:
            SessionOver: it is none of ours, or its time is over.
        """
        if not token or len(token) > LONGEST:
            raise SessionOver
        try:
            visitor, site, language, customer = self._serializer.loads(token, max_age=int(self._ttl))
        except (BadSignature, ValueError, TypeError):
            raise SessionOver from None
        if language not in LANGUAGES:
            raise SessionOver
        return VisitorClaims(visitor, site, language, customer)
