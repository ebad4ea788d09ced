"""The short-lived credential by which a page logs in to the SIP edge, in place of a password.

A bearer token (RFC 6750 section 2.1, in SIP by RFC 8898): `v1.<claims>.<mac>`, both base64url without padding; the
claims are JSON, the MAC is HMAC-SHA-256 over `v1.<claims>` with webrtc.token_secret. The pages issue it, the edge
reads it without asking anybody. It is sent only inside WebSocket connections that the edge has accepted.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Literal

TAKE_BACK = "take-back"
"""The user part that a page calls, logged in as before, to take its call over from the page that went away."""
_VERSION = "v1"
LONGEST = 1024
"""Characters; a longer token is not even read."""


class TokenRefused(Exception):
    """This is no token of ours, or no longer one."""

    id = "browser_token.refused"


class TokenExpired(TokenRefused):
    """It was ours; its time is over."""

    id = "browser_token.expired"


@dataclass(frozen=True, slots=True)
class BrowserIdentity:
    """Who a page speaks for. Times are Unix seconds.

    Of an agent, `subject` is the user name of the agent's endpoint. Of a guest (a customer in a shop's page)
    it is the visitor's id; `customer` is set when the shop vouched for who it is.
    """

    kind: Literal["agent", "guest"]
    subject: str
    expires_at: int
    site: str = ""
    customer: str = ""
    language: str = ""


def issue(identity: BrowserIdentity, secret: str) -> str:
    """The token of this identity. Raises ValueError without a secret."""
    if not secret:
        raise ValueError("a token cannot be signed without a secret")
    claims = {name: value for name, value in asdict(identity).items() if value != ""}
    signed = f"{_VERSION}.{_encoded(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{signed}.{_encoded(_mac(signed, secret))}"


def read(token: str, secret: str, now: float) -> BrowserIdentity:
    """Whom the token speaks for. Raises TokenRefused, or TokenExpired when only its time is over."""
    signed, _, mac = token.rpartition(".")
    if not secret or len(token) > LONGEST or not token.isascii() or not signed.startswith(f"{_VERSION}."):
        raise TokenRefused("this is no token of ours")
    if not hmac.compare_digest(_encoded(_mac(signed, secret)), mac):
        raise TokenRefused("the token's signature is not ours")
    identity = _claimed(signed.partition(".")[2])
    if identity.expires_at <= now:
        raise TokenExpired("the token has expired")
    return identity


def _claimed(text: str) -> BrowserIdentity:
    try:
        return BrowserIdentity(**json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (binascii.Error, ValueError, TypeError):
        raise TokenRefused("the token's claims cannot be read") from None


def _mac(signed: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
