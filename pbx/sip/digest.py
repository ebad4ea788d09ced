"""Digest authentication, RFC 7616 as RFC 8760 puts it to SIP: SHA-256 and MD5 with qop=auth.

Only HA1 values are known, never passwords. Every check costs the same whether the user exists or not.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pbx.sip.edge_settings import Algorithm
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.headers import Auth, challenge, parse_auth
from pbx.sip.message import Request
from pbx.sip.uri import parse_uri

ALGORITHMS: tuple[Algorithm, ...] = ("SHA-256", "MD5")
"""What can be offered, strongest first (RFC 8760 section 2.4)."""

_HASHES = {"MD5": "md5", "SHA-256": "sha256"}
_NONCE_COUNT = re.compile(r"[0-9a-fA-F]{8}")


def _digest(algorithm: str, text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    return hashlib.new(_HASHES[algorithm], data, usedforsecurity=False).hexdigest()


def ha1(username: str, realm: str, password: str, algorithm: str) -> str:
    """The hash to store in place of a password (RFC 7616 section 3.4.2), hex in lower case."""
    return _digest(algorithm, f"{username}:{realm}:{password}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a peer sent to prove who it is. `nonce_count` is the number behind `nc`."""

    username: str
    nonce: str
    uri: str
    response: str
    algorithm: str
    cnonce: str
    nc: str

    @property
    def nonce_count(self) -> int:
        """How often the peer says it has used the nonce, this time included."""
        return int(self.nc, 16)


def challenges(
    realm: str, nonce: str, stale: bool = False, algorithms: Sequence[Algorithm] = ALGORITHMS
) -> tuple[str, ...]:
    """The values of the WWW-Authenticate headers of a 401, in the order of `algorithms`.

    Written without the optional `opaque` and blanks: a 401 may not be longer than what it answers.
    """
    staleness = (("stale", "true"),) if stale else ()
    return tuple(
        str(
            challenge(
                "Digest",
                (("realm", realm), ("nonce", nonce), *staleness, ("algorithm", algorithm), ("qop", "auth")),
            )
        ).replace(", ", ",")
        for algorithm in algorithms
    )


def read_credentials(
    request: Request, realm: str, algorithms: Sequence[Algorithm] = ALGORITHMS
) -> Credentials | None:
    """The first usable credentials for our realm in Authorization; None when there are none.

    Without qop=auth, or with an algorithm we did not offer, credentials count as absent, and the peer is
    challenged again. Raises SipSyntaxError when the header cannot be read.
    """
    for line in request.lines("authorization"):
        found = _usable(parse_auth(line), realm)
        if found is not None and found.algorithm in algorithms:
            return found
    return None


def _usable(auth: Auth, realm: str) -> Credentials | None:
    algorithm = auth.params.get("algorithm", "MD5").upper()
    if auth.scheme.lower() != "digest" or auth.get("realm") != realm or algorithm not in _HASHES:
        return None
    values = [auth.get(name) for name in ("username", "nonce", "uri", "response", "cnonce", "nc")]
    if None in values or (auth.get("qop") or "").lower() != "auth":
        return None
    username, nonce, uri, response, cnonce, nc = (value or "" for value in values)
    if not _NONCE_COUNT.fullmatch(nc):
        return None
    return Credentials(username, nonce, uri, response, algorithm, cnonce, nc)


def response_for(secret_hash: str, credentials: Credentials, method: str) -> str:
    """The response that proves knowledge of the HA1 `secret_hash` (RFC 7616 section 3.4.1)."""
    c = credentials
    ha2 = _digest(c.algorithm, f"{method}:{c.uri}")
    return _digest(c.algorithm, f"{secret_hash}:{c.nonce}:{c.nc}:{c.cnonce}:auth:{ha2}")


def proves(credentials: Credentials, stored: Mapping[str, str] | None, request: Request) -> bool:
    """Whether the credentials prove one of the stored HA1 values and speak of this very request.

    `stored` is None for an unknown user: a hash that nobody has is compared with, at the same cost.
    """
    known = (stored or {}).get(credentials.algorithm)
    expected = response_for(known or "0" * 64, credentials, request.method)
    same = hmac.compare_digest(expected.encode(), credentials.response.lower().encode("utf-8", "replace"))
    return _speaks_of(credentials, request) and same and known is not None


def _speaks_of(credentials: Credentials, request: Request) -> bool:
    """The same user part: hosts differ in practice where a name, an address or a proxy stands between."""
    try:
        return parse_uri(credentials.uri).username == request.target.username
    except SipSyntaxError:
        return False
