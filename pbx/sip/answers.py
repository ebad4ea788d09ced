"""Our own answers: stateless, to where the request came from, and never longer than it before a login."""

import hashlib
from dataclasses import replace

from pbx.sip.flow_token import UdpFlow
from pbx.sip.flows import Flow
from pbx.sip.forwarding import noting_source
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Header, Request, Response, UnwritableMessageError, serialise
from pbx.sip.names import COMPACT, key_of
from pbx.sip.refusal import Refusal
from pbx.sip.replies import reply
from pbx.sip.sources import Sources

_SHORT = {key: short for short, key in COMPACT.items()}
_DISPENSABLE = frozenset({"allow", "accept", "supported", "accept-encoding"})


class Answers:
    """Builds and sends responses of the edge itself.

    An answer over UDP may use up as many bytes as its source has sent and not yet been answered for. One
    that is too long is written short; one that is still too long is not sent, and the repeated request
    earns it.
    """

    def __init__(self, sources: Sources, key: bytes) -> None:
        self._sources = sources
        self._key = hashlib.blake2b(b"to-tag", key=key, digest_size=32).digest()

    def send(self, flow: Flow, request: Request, refusal: Refusal, now: float, trusted: bool) -> None:
        """Answer `request` with a status, reason and headers; `trusted` sources have no limit."""
        answer = self._answer(request, flow, refusal)
        if trusted or not isinstance(flow.name, UdpFlow):
            flow.send(_written(answer))
            return
        source = self._sources.of(flow.peer[0], now)
        for data in (_written(answer), _written_short(answer)):
            if source.spend(len(data), now):
                flow.send(data)
                return

    def send_freely(self, flow: Flow, request: Request, refusal: Refusal) -> None:
        """Answer somebody who has logged in."""
        flow.send(_written(self._answer(request, flow, refusal)))

    def _answer(self, request: Request, flow: Flow, refusal: Refusal) -> Response:
        try:
            noted = noting_source(request, flow.peer)
        except SipSyntaxError:
            noted = request
        tag = self._tag(request, flow)
        return reply(noted, refusal.status, refusal.reason, refusal.headers, to_tag=tag)

    def _tag(self, request: Request, flow: Flow) -> str:
        """The same tag for a repeated request (RFC 3261 section 8.2.7)."""
        values = (request.first(name) or "" for name in ("call-id", "from", "cseq", "via"))
        identity = "|".join((*values, flow.peer[0]))
        return hashlib.blake2b(
            identity.encode("utf-8", "surrogateescape"), key=self._key, digest_size=6
        ).hexdigest()


def _written(answer: Response) -> bytes:
    """The bytes of an answer; what cannot be written becomes nothing."""
    try:
        return serialise(answer)
    except UnwritableMessageError:
        return b""


def _written_short(answer: Response) -> bytes:
    """The bytes in compact form (RFC 3261 section 7.3.3), without what the peer can do without."""
    short = (
        Header(_SHORT.get(key, name), value)
        for name, value in answer.headers
        if (key := key_of(name)) not in _DISPENSABLE
    )
    lean = replace(answer, reason="" if answer.status == 401 else answer.reason, headers=tuple(short))
    return _written(lean).replace(b"\r\nContent-Length: ", b"\r\nl: ")
