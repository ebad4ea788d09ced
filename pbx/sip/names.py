"""Header names: compact forms, case, and the spelling we write (RFC 3261 section 7.3.3)."""

from functools import lru_cache

from pbx.sip.grammar import is_token

COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "j": "reject-contact",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "n": "identity-info",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
    "y": "identity",
}

_IRREGULAR = {
    "call-id": "Call-ID",
    "cseq": "CSeq",
    "min-se": "Min-SE",
    "mime-version": "MIME-Version",
    "rack": "RAck",
    "rseq": "RSeq",
    "www-authenticate": "WWW-Authenticate",
}


@lru_cache(maxsize=1024)
def key_of(name: str) -> str:
    """What headers are compared by: the long name in lower case; empty when it is no header name at all."""
    if not is_token(name):
        return ""
    lowered = name.lower()
    return COMPACT.get(lowered, lowered)


def display_name(key: str) -> str:
    """The usual spelling of a header name, from its key."""
    return _IRREGULAR.get(key) or "-".join(word.capitalize() for word in key.split("-"))
