"""Sets of addresses and CIDR networks, asked for every message."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from twisted.logger import Logger

_log = Logger()


class Networks:
    """`host in networks`: whether an address literal belongs to one of them. Answers are remembered."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._networks = tuple(_read(texts))
        self._remembered = lru_cache(maxsize=8192)(self._contains)

    def __contains__(self, host: object) -> bool:
        return bool(self._networks) and isinstance(host, str) and self._remembered(host)

    def _contains(self, host: str) -> bool:
        address = ipaddress.ip_address(host.partition("%")[0])
        return any(address in network for network in self._networks)


def _read(texts: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """What is neither an address nor a network is left out, with a line in the log."""
    for text in texts:
        try:
            yield ipaddress.ip_network(text.partition("%")[0], strict=False)
        except ValueError:
            _log.error("Not an address or network: {text}", text=text)
