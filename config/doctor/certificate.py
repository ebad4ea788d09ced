"""Is the certificate for TLS and secure WebSocket good, and for how long?"""

from collections.abc import Iterator
from datetime import UTC, datetime

from config.certificates import CertificateError, read_pair
from config.doctor.finding import Finding, failure, ok, warning
from config.settings import Settings

SOON = 21
"""Days before the end in which it is time for a new one."""


def check_certificate(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Read the pair as the telephone system does."""
    sip = settings.sip
    if not (sip.tls or sip.ws):
        return
    if not sip.tls_certificate.exists() and not sip.tls_key.exists():
        yield ok("certificate", f"a self-signed one will be made at the first start: {sip.tls_certificate}")
        return
    try:
        pair = read_pair(sip.tls_certificate, sip.tls_key)
    except CertificateError as problem:
        yield failure("certificate", str(problem), "mend sip.tls_certificate and sip.tls_key")
        return
    now = now or datetime.now(UTC)
    problem_now, left = pair.problem(now), (pair.expires - now).days
    kind = " (self-signed: phones and browsers must be told to trust it)" if pair.is_self_signed else ""
    if problem_now is not None:
        yield failure("certificate", problem_now, "put a valid one in its place; it is taken over by itself")
    elif left < SOON:
        yield warning("certificate", f"{left} days left{kind}", f"put a new one at {sip.tls_certificate}")
    else:
        yield ok("certificate", f"{left} days left{kind}")
