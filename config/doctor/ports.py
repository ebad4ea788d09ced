"""Are the ports free that Comptoir listens on?"""

import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from config.doctor.finding import Finding, failure, ok
from config.lock import running_pid
from config.settings import Settings

SAMPLES = 50
"""So many RTP ports, spread over the range, are tried."""


@dataclass(frozen=True)
class Listener:
    """A port that some setting names."""

    setting: str
    address: str
    port: int
    stream: bool


def listeners(settings: Settings) -> Iterator[Listener]:
    """Yield what the two processes will listen on, RTP apart."""
    sip, media = settings.sip, settings.media
    for address in sip.listen:
        yield Listener("sip.port", address, sip.port, stream=False)
        yield Listener("sip.port", address, sip.port, stream=True)
        if sip.tls:
            yield Listener("sip.tls_port", address, sip.tls_port, stream=True)
        if sip.ws:
            yield Listener("sip.ws_port", address, sip.ws_port, stream=True)
            yield Listener("sip.wss_port", address, sip.wss_port, stream=True)
    yield Listener("sip.internal_port", sip.internal_address, sip.internal_port, stream=False)
    for name in ("plain_port", "secure_port", "webrtc_port"):
        yield Listener(f"media.{name}", sip.internal_address, getattr(media, name), stream=False)
    yield Listener("api.port", settings.api.listen, settings.api.port, stream=True)
    for name in ("port", "viewer_port"):
        yield Listener(f"web.{name}", settings.web.listen, getattr(settings.web, name), stream=True)
    if settings.shop.enabled:
        for name in ("port", "payment_port"):
            yield Listener(f"shop.{name}", settings.shop.listen, getattr(settings.shop, name), stream=True)


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Try to bind each port; a running Comptoir's own are fine."""
    pid = running_pid(settings.paths.state_dir)
    if pid is not None:
        yield ok("ports", f"in use by the running Comptoir (process {pid})")
        return
    problems = list(busy_ports(settings))
    yield from problems
    if not problems:
        free = ", ".join(sorted({f"{item.port}" for item in listeners(settings) if item.port}))
        yield ok("ports", f"free: {free}")
    yield _rtp(settings)


def busy_ports(settings: Settings) -> Iterator[Finding]:
    """Yield a failure for each port that cannot be bound."""
    for item in listeners(settings):
        problem = _bind_problem(item)
        if problem is not None:
            kind = "TCP" if item.stream else "UDP"
            where = f"{kind} port {item.port} on {item.address} ({item.setting})"
            yield failure("ports", f"{where}: {problem}", _advice(item))


def _bind_problem(item: Listener) -> str | None:
    family = socket.AF_INET6 if ":" in item.address else socket.AF_INET
    kind = socket.SOCK_STREAM if item.stream else socket.SOCK_DGRAM
    try:
        with socket.socket(family, kind) as sock:
            if item.stream:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((item.address, item.port))
    except OSError as problem:
        if problem.errno == errno.EAFNOSUPPORT or (
            problem.errno == errno.EADDRNOTAVAIL and item.address == "::"
        ):
            return None  # a machine without IPv6: the edge leaves it out as well
        return problem.strerror or str(problem)
    return None


def _advice(item: Listener) -> str:
    look = "ss -tlnp" if item.stream else "ss -ulnp"
    return f"`{look}` shows who has it; stop that program, or choose another {item.setting}"


def _rtp(settings: Settings) -> Finding:
    media = settings.media
    step = max(2, (media.rtp_end - media.rtp_start) // SAMPLES)
    address = media.rtp_address or "0.0.0.0"  # noqa: S104 - only bound for a moment, to see that it is free
    tried = range(media.rtp_start, media.rtp_end, step)
    busy = [p for p in tried if _bind_problem(Listener("media.rtp_start", address, p, stream=False))]
    if busy:
        found = f"{len(busy)} of {len(tried)} ports tried in the RTP range are taken, e.g. {busy[0]}"
        return failure("rtp ports", found, "choose a range nobody else uses: media.rtp_start, media.rtp_end")
    return ok("rtp ports", f"{media.rtp_start}-{media.rtp_end} free ({len(tried)} tried)")
