"""Where browsers reach the SIP edge: SIP over WebSocket on the host of the pages, or where the settings say."""

import re
from urllib.parse import urlsplit

from config.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.\-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")


def edge_url(settings: Settings, page: str) -> str:
    """The WebSocket for a page at this address, as secure as the page is: `wss://host:8444/sip`."""
    if settings.webrtc.ws_url:
        return settings.webrtc.ws_url
    parts = urlsplit(page)
    if parts.scheme == "https":
        return f"wss://{_host(parts.hostname)}:{settings.sip.wss_port}/sip"
    return f"ws://{_host(parts.hostname)}:{settings.sip.ws_port}/sip"


def edge_origin(settings: Settings, page: str) -> str:
    """The same without the path, as a content security policy names it."""
    parts = urlsplit(edge_url(settings, page))
    return f"{parts.scheme}://{parts.netloc}"


def edge_domain(url: str) -> str:
    """The host part of SIP addresses at this WebSocket."""
    return _host(urlsplit(url).hostname)


def _host(name: str | None) -> str:
    """A host as it stands in an address; what somebody wrote into a Host header may be no host at all."""
    if name is None or not _HOST.fullmatch(name):
        return "localhost"
    return f"[{name}]" if ":" in name else name
