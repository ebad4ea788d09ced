"""Headers by which an element vouches for somebody: from outside they are claims, and are taken off."""

from pbx.sip.message import Request
from pbx.sip.names import key_of

# RFC 3325, RFC 5806, RFC 7044 and the draft behind Remote-Party-ID. Identity (RFC 8224) is not here: it
# carries its own signature, and dropping it would take away the proof.
ASSERTED = frozenset(
    {
        "diversion",
        "history-info",
        "p-asserted-identity",
        "p-asserted-service",
        "p-preferred-identity",
        "remote-party-id",
    }
)
OUR_PREFIX = "x-comptoir-"


def is_asserted(name: str) -> bool:
    """Whether only we, or a peer we trust, may set a header of this name."""
    key = key_of(name)
    return key in ASSERTED or key.startswith(OUR_PREFIX)


def strip(request: Request, *, trusted: bool = False) -> Request:
    """The request without the headers that its sender may not set.

    Names compare as the parser reads them, so case, blanks before the colon, folding and repetition hide
    nothing. A trusted peer (a trunk by address) keeps its assertions, but never sets our own X-Comptoir-*.
    """
    refused = [
        name
        for name, _ in request.headers
        if is_asserted(name) and not (trusted and key_of(name) in ASSERTED)
    ]
    return request.without(*refused) if refused else request
