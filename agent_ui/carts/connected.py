"""Prepares the cart that a page shows as an order in the page's connected shop, for its customer to pay there."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from agent_ui.carts.errors import ItemsUnknown, NothingToPrepare, PayLinkForeign
from agent_ui.messages import PreparedInShop
from agent_ui.shop_views import money_of
from agent_ui.visitors.model import PageCart, PageCartLine, Visitor
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Workers
from config.errors import SettingsError
from orders.connectors.errors import ConnectorRefused
from orders.connectors.model import Connector
from orders.connectors.port import Draft, PreparedOrder, ShopConnector
from orders.model.actor import Actor
from orders.ports import UnitOfWork
from orders.services.auditing import audit_order
from pbx.contract.resources import ContactView


class ConnectedShops:
    """Called on the event loop; waits for a worker. Prices and stock are the shop's, never the page's."""

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        open_connector: Callable[[Connector], ShopConnector],
        workers: Workers,
        visitors: Visitors,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._open = open_connector
        self._workers = workers
        self._visitors = visitors

    def prepare(self, contact: ContactView, coupon: str, actor: Actor) -> PreparedInShop:
        """The order that the shop made; the customer's page is given the address to pay it.

        Raises:
            NothingToPrepare, ItemsUnknown, PayLinkForeign.
            OrdersError: the shop refuses, or is away.
        """
        visitor = self._visitors.for_contact(contact)
        if visitor is None or visitor.cart is None or visitor.cart.id is not None:
            raise NothingToPrepare("the page has no cart of a connected shop")
        made = self._workers.run(self._made, visitor, visitor.cart, coupon.strip() or None, actor)
        self._visitors.tell(visitor.id, {"type": "order", "url": made.pay_link})
        return PreparedInShop(number=made.number, pay_link=made.pay_link, total=money_of(made.total))

    def _made(self, visitor: Visitor, cart: PageCart, coupon: str | None, actor: Actor) -> PreparedOrder:
        with self._unit_of_work() as uow:
            connector = uow.connectors.get(visitor.site)
            if connector is None or not cart.lines:
                raise NothingToPrepare("the page's shop is not connected, or its cart is empty")
            lines = _lines(uow, connector.site, cart.lines)
        made = self._opened(connector).prepare_order(Draft(lines, visitor.customer_id, coupon))
        if not _is_of(made.pay_link, connector.url):
            raise PayLinkForeign("the shop gave an address that is not its own")
        self._note(made, connector.site, actor)
        return made

    def _opened(self, connector: Connector) -> ShopConnector:
        try:
            return self._open(connector)
        except SettingsError as error:
            raise ConnectorRefused("a secret of the shop cannot be read") from error

    def _note(self, made: PreparedOrder, site: str, actor: Actor) -> None:
        with self._unit_of_work() as uow:
            details = (("site", site), ("total", made.total.minor))
            audit_order(uow, made.id, "order.prepared", details, actor, datetime.now(UTC))
            uow.commit()


def _lines(uow: UnitOfWork, site: str, lines: Sequence[PageCartLine]) -> tuple[tuple[str, int], ...]:
    """The shop's products of these lines, by SKU."""
    found = uow.products.having_skus([line.sku for line in lines if line.sku], site)
    by_sku = {product.sku: product.id for product in found}
    missing = [line.name for line in lines if line.sku not in by_sku]
    if missing:
        raise ItemsUnknown("lines are not among the shop's products", what=", ".join(missing))
    return tuple((by_sku[line.sku], line.quantity) for line in lines)


def _is_of(link: str, shop: str) -> bool:
    """Whether an address is the shop's own."""
    given, own = urlsplit(link), urlsplit(shop)
    return (given.scheme, given.netloc) == (own.scheme, own.netloc)
