"""A shop's pages, as the widget in them knows them."""

import hashlib
import hmac
from dataclasses import dataclass

from orders.model.text import Language


@dataclass(frozen=True, slots=True)
class SiteNumber:
    """The number that the widget calls when it speaks this language."""

    language: Language
    number: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where a widget may stand, and whom it calls.

    `key` is public: it stands in the page's script tag. `origins` (`https://shop.example`) are the only ones that
    a widget with this key is answered in. `queue` is the one whose state the widget shows. `region` (ISO 3166-1
    alpha-2) is where numbers without a country code are dialed. The first of `numbers` is the usual one. With
    `secret` the shop vouches for who its customer is; it never leaves the shop's server and this one.
    """

    id: str
    key: str
    name: str
    origins: tuple[str, ...]
    numbers: tuple[SiteNumber, ...]
    queue: str
    region: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret: a representation may get into a log."""
        return f"Site(id={self.id!r}, key={self.key!r})"

    @property
    def languages(self) -> tuple[Language, ...]:
        """What the widget speaks here, the usual one first."""
        return tuple(number.language for number in self.numbers)

    def language(self, wanted: str) -> Language:
        """The wanted language (`fr`, `fr-CA`), or the usual one."""
        plain = wanted[:2].lower()
        return next((language for language in self.languages if language == plain), self.languages[0])

    def number(self, language: str) -> str:
        """The number to call in this language."""
        spoken = self.language(language)
        return next(number.number for number in self.numbers if number.language == spoken)

    def proof_of(self, customer_id: str) -> str:
        """What the shop's server writes beside the customer's id: hex HMAC-SHA-256 with the secret."""
        return hmac.new(self.secret.encode(), customer_id.encode(), hashlib.sha256).hexdigest()

    def may_know(self, customer_id: str) -> bool:
        """Whether it can be a customer of the shop: those of connected shops begin with the site (`atelier:c7`)."""
        owner, colon, _ = customer_id.partition(":")
        return not colon or owner == self.id

    def vouches_for(self, customer_id: str, proof: str) -> bool:
        """Whether the proof is the shop's own for this customer."""
        expected = self.proof_of(customer_id).encode()
        return bool(self.secret) and hmac.compare_digest(expected, proof.lower().encode())
