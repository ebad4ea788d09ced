"""What the shop adds to the welcome."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from config.addresses import reachable_hosts
from config.settings import Settings


def lines(settings: Settings, _session: Session) -> Iterator[str]:
    """Where the shop is."""
    shop = settings.shop
    if not shop.enabled:
        return
    if shop.public_url:
        yield f"shop         {shop.public_url}"
        return
    for host in reachable_hosts((shop.listen,)):
        yield f"shop         http://{host}:{shop.port}" if shop.port else "shop         on any free port"
