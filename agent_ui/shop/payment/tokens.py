"""What shop and payment provider tell each other through the customer's browser, signed.

A request says what shall be paid, and where to go then. A token says that a card is good for it. Neither
holds anything of the card.
"""

from dataclasses import asdict, dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from orders.model.money import Money

REQUEST_AGE = 4 * 3600
"""Seconds that a customer may take at the payment page."""

TOKEN_AGE = 3600
"""Seconds that an accepted card is good for an order."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What shall be paid: `reference` is the cart, `back` the shop's page that takes the token."""

    reference: str
    minor: int
    currency: str
    language: str
    back: str

    @property
    def amount(self) -> Money:
        """What shall be paid."""
        return Money(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Authorization:
    """A card is good for this amount, for this reference and no other."""

    reference: str
    minor: int
    currency: str

    def covers(self, reference: str, amount: Money) -> bool:
        """Whether it is for this reference and at least this amount."""
        same = (self.reference, self.currency) == (reference, amount.currency)
        return same and self.minor >= amount.minor


class PaymentSigner:
    """Signs requests and tokens with a secret that the shop and its provider share."""

    def __init__(self, secret: str) -> None:
        self._requests = URLSafeTimedSerializer(secret, salt="comptoir.shop.payment-request")
        self._tokens = URLSafeTimedSerializer(secret, salt="comptoir.shop.payment-token")

    def sign_request(self, request: PaymentRequest) -> str:
        """The request as text for an address."""
        return self._requests.dumps(asdict(request))

    def request(self, signed: str) -> PaymentRequest | None:
        """The request, or None if it is forged or old."""
        fields = _opened(self._requests, signed, REQUEST_AGE)
        return None if fields is None else PaymentRequest(**fields)

    def token(self, request: PaymentRequest) -> str:
        """What the provider gives for a good card."""
        accepted = Authorization(request.reference, request.minor, request.currency)
        return self._tokens.dumps(asdict(accepted))

    def authorization(self, token: str) -> Authorization | None:
        """What the token is good for, or None if it is forged or old."""
        fields = _opened(self._tokens, token, TOKEN_AGE)
        return None if fields is None else Authorization(**fields)


def _opened(serializer: URLSafeTimedSerializer, signed: str, age: int) -> dict[str, Any] | None:
    try:
        fields: dict[str, Any] = serializer.loads(signed, max_age=age)
    except BadSignature:
        return None
    return fields
