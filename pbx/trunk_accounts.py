"""The trunks' accounts in the media stack, kept as the catalog says."""

import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from twisted.logger import Logger

from pbx.catalog import TrunkRow
from pbx.errors import Unreachable
from pbx.media.stack import MediaStack
from pbx.media.trunks import TrunkAccount
from pbx.sip.edge import Edge
from pbx.sip.uri import host_port

_log = Logger()
DISCARD_PORT = 9


class TrunkAccounts:
    """Adds, replaces and removes accounts; passwords are read from their files each time.

    `advertised` is our address as carriers reach it, empty to find out which one leads to each; `tls_port` is where
    we listen for TLS, if we do.
    """

    def __init__(
        self,
        media: MediaStack,
        edge: Edge,
        advertised: str,
        port: int,
        in_thread: Callable[..., Awaitable[Any]],
        tls_port: int = 0,
    ) -> None:
        self._media = media
        self._edge = edge
        self._advertised = advertised
        self._port = port
        self._in_thread = in_thread
        self._tls_port = tls_port
        self._known: dict[str, TrunkAccount] = {}

    async def set_up(self, trunks: Mapping[str, TrunkRow]) -> None:
        """Make the accounts fit. A trunk that cannot be set up is logged and left out; the others work."""
        await self._edge.refresh_trunks()
        for gone in self._known.keys() - trunks.keys():
            self._media.remove_trunk(gone)
            del self._known[gone]
        for row in trunks.values():
            try:
                self._apply(await self._account(row))
            except (OSError, Unreachable) as error:
                _log.error("Trunk {trunk} cannot be set up: {error}", trunk=row.id, error=error)

    def _apply(self, account: TrunkAccount) -> None:
        if self._known.get(account.name) == account:
            return
        self._known[account.name] = account
        self._media.add_trunk(account, lambda registered: _tell(account.name, registered))

    async def _account(self, row: TrunkRow) -> TrunkAccount:
        password = await self._in_thread(_read_secret, row.password_file) if row.password_file else ""
        ours = self._advertised or await self._in_thread(_address_towards, row.host)
        user = f"{row.username}@" if row.username else ""
        return TrunkAccount(
            name=row.id, uri=f"sip:{host_port(row.host, row.port)}", username=row.username, password=password,
            realm=row.realm, register=row.register, route=self._edge.trunk_route(row.id, row.username).route,
            contact=f"sip:{user}{ours}:{self._at(row)}", profile="secure" if _is_tls(row) else "plain",
        )  # fmt: skip

    def _at(self, row: TrunkRow) -> str:
        """Our port for the carrier's calls. They come over TLS too; without a listener, over our connection."""
        return f"{self._tls_port or self._port};transport=tls" if _is_tls(row) else f"{self._port}"


def _is_tls(row: TrunkRow) -> bool:
    return row.transport.upper() == "TLS"


def _read_secret(path: str) -> str:
    return Path(path).expanduser().read_text("utf-8").strip()


def _address_towards(host: str) -> str:
    """Our address on the way to `host`; nothing is sent to find it out."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, DISCARD_PORT, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.connect(address)
        found = str(probe.getsockname()[0])
    return f"[{found}]" if ":" in found else found


def _tell(trunk: str, registered: bool) -> None:
    _log.info("Trunk {trunk} is {state}", trunk=trunk, state="registered" if registered else "not registered")
