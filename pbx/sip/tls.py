"""TLS for those who connect to us: the certificate of the moment, taken over from its files while calls go on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from zope.interface import implementer

from config.certificates import CertificateError, Pair, read_pair
from pbx.sip.edge_settings import TlsSettings

_log = Logger()
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL"
"""For TLS 1.2, forward secrecy only; TLS 1.3 has no others."""


@implementer(IOpenSSLServerConnectionCreator)
class ServerTls:
    """Makes the TLS side of each new connection with the newest certificate; those that are up keep theirs.

    Nothing is read before `load`. Files are read in a thread of the reactor's pool.
    """

    def __init__(self, reactor: Any, settings: TlsSettings) -> None:
        self._reactor = reactor
        self._settings = settings
        self._context: SSL.Context | None = None
        self._seen: tuple[int, ...] = ()

    async def load(self) -> None:
        """Read the files. Raises CertificateError, which names the one that cannot be used."""
        self._seen = await self._in_thread(self._looks)
        self._take(await self._in_thread(self._read))

    async def reload_if_changed(self) -> None:
        """Take changed files over; what cannot be used is logged once and leaves everything as it is."""
        looks = await self._in_thread(self._looks)
        if self._context is None or looks == self._seen:
            return
        self._seen = looks
        try:
            self._take(await self._in_thread(self._read))
            _log.info("New connections over TLS get the certificate that was put in place")
        except CertificateError as error:
            _log.error("The new certificate is not used: {error}", error=str(error))

    def serverConnectionForTLS(self, protocol: object) -> SSL.Connection:  # noqa: N802 - Twisted's name
        """The server's side of one new connection."""
        if self._context is None:
            raise CertificateError("there is no certificate for TLS")
        return SSL.Connection(self._context, None)

    def _looks(self) -> tuple[int, ...]:
        """What changes when the files do; empty while one is missing."""
        try:
            found = [path.stat() for path in (self._settings.certificate, self._settings.key)]
        except OSError:
            return ()
        return tuple(number for one in found for number in (one.st_mtime_ns, one.st_ino, one.st_size))

    def _read(self) -> Pair:
        return read_pair(self._settings.certificate, self._settings.key)

    def _take(self, pair: Pair) -> None:
        problem = pair.problem(datetime.now(UTC))
        if problem is not None:  # who trusts it nevertheless, and everybody without TLS, is still served
            _log.error("Clients will not accept our certificate: {problem}", problem=problem)
        self._context = server_context(pair)

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await deferToThreadPool(self._reactor, self._reactor.getThreadPool(), work)


def server_context(pair: Pair) -> SSL.Context:
    """TLS 1.2 or newer with this certificate chain; no compression, no renegotiation."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION)
    context.set_cipher_list(_CIPHERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.use_certificate(pair.chain[0])
    for issuer in pair.chain[1:]:
        context.add_extra_chain_cert(issuer)
    context.use_privatekey(pair.key)
    return context
