"""Where the viewer is: an origin of its own, so that what a hostile page makes of its mirror is never the desk's.

A viewer's address says, signed, whose pages it may load from and which desk may embed it. It lets nobody in: that
is the ticket's, which is handed over by message and is in no address.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from agent_ui.cobrowse.errors import BadTicket
from config.settings import WebSettings
from orders.model.text import Language

VIEWER = "/cobrowse/v1/viewer"
REPLAY = "/cobrowse/v1/replay"
"""The documents: of a page that is watched live, and of one that was kept."""
_HOST = re.compile(r"[A-Za-z0-9.\-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class View:
    """One viewer: the site whose page it shows, the desk that embeds it, the agent's language."""

    site: str
    desk: str
    language: Language


class Places:
    """Origins as browsers see them. `port` is the viewer's; known once it listens."""

    def __init__(self, settings: WebSettings, secret: str) -> None:
        self.port = settings.viewer_port
        self._public, self._viewer = origin_of(settings.public_url), origin_of(settings.viewer_url)
        self._signer = URLSafeSerializer(secret, salt="comptoir cobrowse place")

    def desk(self, page: str, origin: str = "") -> str:
        """The desk's origin, for a request that came to the address `page` with this Origin header.

        A proxy may not pass on what it was asked for, so that the public address counts, too; nothing else does.
        """
        known = [one for one in (self._public, origin_of(page)) if one]
        return origin if origin in known else next(iter(known), "")

    def viewer(self, page: str) -> str:
        """The viewer's origin, for a desk at the address `page`: the public one, or the same host's other port."""
        parts = urlsplit(page)
        return self._viewer or f"{parts.scheme}://{_host(parts.hostname)}:{self.port}"

    def own(self, page: str) -> str:
        """The viewer's origin, for a request to itself at the address `page`."""
        return self._viewer or origin_of(page)

    def address(self, page: str, view: View, document: str = VIEWER) -> str:
        """Where a desk at `page` finds its viewer, or another of the documents."""
        signed = self._signer.dumps([view.site, view.desk, view.language])
        return f"{self.viewer(page)}{document}/{signed}"

    def read(self, signed: str) -> View:
        """The view of an address's last part. Raises BadTicket when it is none of ours."""
        try:
            return View(*self._signer.loads(signed))
        except (BadSignature, TypeError):
            raise BadTicket("that is no viewer of ours") from None


def origin_of(address: str) -> str:
    """The origin of an address; nothing for none. It stands in policies, so that a strange host is none."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return origin if _ORIGIN.fullmatch(origin) else ""


def _host(name: str | None) -> str:
    """A host as it stands in an address; what somebody wrote into a Host header may be no host at all."""
    if name is None or not _HOST.fullmatch(name):
        return "localhost"
    return f"[{name}]" if ":" in name else name
