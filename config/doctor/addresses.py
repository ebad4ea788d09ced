"""Do the public addresses fit together?"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.doctor.finding import Finding, warning
from config.settings import Settings


def check_addresses(settings: Settings) -> Iterator[Finding]:
    """The viewer of customers' pages needs an address of its own beside the desk's."""
    web = settings.web
    desk, viewer = urlsplit(web.public_url), urlsplit(web.viewer_url)
    if not web.public_url:
        return
    if not web.viewer_url:
        found = f"web.viewer_url is empty: desks look for customers' pages on port {web.viewer_port}"
        yield warning("viewer", found, f"give port {web.viewer_port} a host name, and set web.viewer_url")
    elif (desk.scheme, desk.netloc) == (viewer.scheme, viewer.netloc):
        found = "web.viewer_url has the origin of web.public_url"
        yield warning("viewer", found, "give the viewer another host name, or another port")
