"""Where the shop, its payment frame and the pages are, as the customer's browser sees them."""

import re
from dataclasses import dataclass

from config.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass
class Ports:
    """The ports that were chosen; known once everything listens."""

    pages: int
    shop: int
    payment: int


@dataclass(frozen=True)
class Origins:
    """Public addresses come from the settings; without them it is the host of the request, with other ports."""

    settings: Settings
    ports: Ports

    def pages(self, host: str) -> str:
        """Where the widget is served."""
        return _origin(self.settings.web.public_url, host, self.ports.pages)

    def shop(self, host: str) -> str:
        """Where the shop is served."""
        return _origin(self.settings.shop.public_url, host, self.ports.shop)

    def payment(self, host: str) -> str:
        """Where the payment frame is served."""
        return _origin(self.settings.shop.payment_url, host, self.ports.payment)

    def sip(self, host: str) -> str:
        """Where browsers' telephones connect."""
        if self.settings.webrtc.ws_url:
            return re.sub(r"(?<=[^/:])/.*", "", self.settings.webrtc.ws_url)
        return f"ws://{_bare(host)}:{self.settings.sip.ws_port}"


def _origin(public_url: str, host: str, port: int) -> str:
    return public_url.rstrip("/") if public_url else f"http://{_bare(host)}:{port}"


def _bare(host: str) -> str:
    """A Host header without its port; the loopback address for one that is no host."""
    name = re.sub(r":\d+$", "", host)
    return name if _HOST.fullmatch(name) else "127.0.0.1"
