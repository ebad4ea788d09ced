"""Serves the shop and its payment frame beside the pages."""

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

from agent_ui.app import Web
from agent_ui.server import GRACE, Beside, begun
from agent_ui.shop.app import Shop, create_shop
from config.addresses import bracketed, reachable_hosts
from config.settings import Settings, ShopSettings
from orders.adapters.demo_site import DEMO_SITE

_log = logging.getLogger(__name__)


def shop_beside(web: Web, settings: Settings, sessions: sessionmaker[Session]) -> Beside:
    """Serves the shop beside the pages: its pages may carry the widget, and agents see its carts change."""
    shop = create_shop(settings, sessions, cart_changed=web.carts.cart_changed)

    def begin(pages_port: int) -> Callable[[], None]:
        stop = start_shop(shop, settings.shop, pages_port)
        for origin in own_origins(settings.shop, shop.ports.shop):
            web.sites.let(DEMO_SITE, origin)
        return stop

    return begin


def own_origins(settings: ShopSettings, port: int) -> list[str]:
    """Where browsers find the shop: the public address, or what it listens on."""
    if settings.public_url:
        return [settings.public_url.rstrip("/")]
    hosts = ["localhost", bracketed("::1"), "127.0.0.1", *reachable_hosts((settings.listen,))]
    return [f"http://{host}:{port}" for host in dict.fromkeys(hosts)]


def start_shop(shop: Shop, settings: ShopSettings, pages_port: int) -> Callable[[], None]:
    """Serve both until the returned function is called; the chosen ports are in `shop.ports`.

    Raises:
        OSError: an address cannot be listened on; nothing is served then.
    """
    shop.ports.pages = pages_port
    payment = begun(settings.listen, settings.payment_port, shop.payment)
    try:
        front = begun(settings.listen, settings.port, shop.app)
    except OSError:
        payment.stop()
        raise
    shop.ports.payment, shop.ports.shop = int(payment.server_port), int(front.server_port)
    _log.info(
        "the shop is served on port %d, its payment frame on port %d", shop.ports.shop, shop.ports.payment
    )

    def stop() -> None:
        front.stop(timeout=GRACE)
        payment.stop(timeout=GRACE)

    return stop
