"""Who may open a WebSocket, decided on the upgrade request alone (RFC 6455 section 10.2, RFC 7118 section 4).

A page of any site can make a visitor's browser connect here. The browser says truly which page it is (Origin)
and which name it asked for (Host); foreign ones are refused before anything is upgraded. A Host that is checked
keeps out names that were made to point here (DNS rebinding).
"""

import ipaddress
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from pbx.sip.edge_settings import WebSocketSettings

PATH = "/sip"
SUBPROTOCOL = "sip"
Origins = Callable[[], Collection[str]]

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What a browser asks for: the request's path, its Host, every Origin, and the sub-protocols."""

    path: str
    host: str
    origins: tuple[str, ...]
    subprotocols: tuple[str, ...]


class Gate:
    """Decides on upgrades. `origins` are the pages that may connect now, such as "https://shop.example"."""

    def __init__(self, settings: WebSocketSettings, origins: Origins) -> None:
        self._settings = settings
        self._origins = origins

    def refusal(self, upgrade: Upgrade) -> int | None:
        """The HTTP status that is owed, or None when the upgrade may go on."""
        if upgrade.path.partition("?")[0] != PATH:
            return 404
        if not self._knows_host(upgrade.host) or not self._knows_origin(upgrade.origins):
            return 403
        return None if SUBPROTOCOL in upgrade.subprotocols else 400

    def _knows_host(self, text: str) -> bool:
        found = _HOST.fullmatch(text)
        if found is None:
            return False
        host = found[1].strip("[]").lower()
        return host in self._settings.hosts or (self._settings.literal_hosts and _is_literal(host))

    def _knows_origin(self, given: tuple[str, ...]) -> bool:
        origin = normal_origin(given[0]) if len(given) == 1 else None
        return origin is not None and origin in set(map(normal_origin, self._origins()))


def normal_origin(text: str) -> str | None:
    """The origin in the form in which browsers send it: scheme, host in lower case, port unless it is the usual
    one. None for what is no origin of a web page (`null`, a path behind it)."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{port}"


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
