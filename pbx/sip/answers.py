"""Our own answers: stateless, to where the request came from, and never longer than it before a login."""

import hashlib
from collections.abc import Iterable

from pbx.sip.flow_token import UdpFlow
from pbx.sip.flows import Flow
from pbx.sip.forwarding import noting_source
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Request, UnwritableMessageError, serialise
from pbx.sip.refusal import Refusal
from pbx.sip.replies import reply
from pbx.sip.sources import Sources

_DISPENSABLE = frozenset({"allow", "accept", "supported", "accept-encoding"})


class Answers:
    """Builds and sends responses of the edge itself.

    An answer over UDP may use up as many bytes as its source has sent and not yet been answered for. One
    that is too long loses the headers it can do without; one that is still too long is not sent, and the
    repeated request earns it.
    """

    def __init__(self, sources: Sources, key: bytes) -> None:
        self._sources = sources
        self._key = hashlib.blake2b(b"to-tag", key=key, digest_size=32).digest()

    def send(self, flow: Flow, request: Request, refusal: Refusal, now: float, trusted: bool) -> None:
        """Answer `request` with a status, reason and headers; `trusted` sources have no limit."""
        data = self.built(request, flow, refusal, refusal.headers)
        if trusted or not isinstance(flow.name, UdpFlow):
            flow.send(data)
            return
        source = self._sources.of(flow.peer[0], now)
        if source.spend(len(data), now):
            flow.send(data)
            return
        data = self.built(request, flow, refusal, _indispensable(refusal.headers))
        if source.spend(len(data), now):
            flow.send(data)

    def built(
        self, request: Request, flow: Flow, refusal: Refusal, headers: Iterable[tuple[str, str]] = ()
    ) -> bytes:
        """The bytes of an answer, with the source noted in Via. What cannot be written becomes nothing."""
        try:
            noted = noting_source(request, flow.peer)
        except SipSyntaxError:
            noted = request
        tag = self._tag(request, flow)
        try:
            return serialise(reply(noted, refusal.status, refusal.reason, headers, to_tag=tag))
        except UnwritableMessageError:
            return b""

    def _tag(self, request: Request, flow: Flow) -> str:
        """The same tag for a repeated request (RFC 3261 section 8.2.7)."""
        values = (request.first(name) or "" for name in ("call-id", "from", "cseq", "via"))
        identity = "|".join((*values, flow.peer[0]))
        return hashlib.blake2b(
            identity.encode("utf-8", "surrogateescape"), key=self._key, digest_size=6
        ).hexdigest()


def _indispensable(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in _DISPENSABLE)
