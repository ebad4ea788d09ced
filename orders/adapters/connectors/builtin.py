"""The shop of this system itself, through the connectors' port."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from orders.connectors.errors import ConnectorRefused, SignatureWrong
from orders.connectors.model import RecordKind
from orders.connectors.port import Abilities, ChangePage, Delivery, Draft, PreparedOrder
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.model.pricing import PriceRules
from orders.ports import UnitOfWork
from orders.services import carts
from orders.services.overview import cart_overview


class BuiltinShop:
    """`orders.connectors.port.ShopConnector` on the shop's own services.

    Its records are here already: none has changed elsewhere, and no delivery is its own. A prepared order is the
    customer's cart, marked as ready: its customer confirms it at `pay_link(cart id)`.
    """

    abilities = Abilities(prepares_orders=True)

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        rules: PriceRules,
        actor: Actor,
        pay_link: Callable[[str], str],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._rules = rules
        self._actor = actor
        self._pay_link = pay_link

    def changed(self, kind: RecordKind, since: datetime | None, page: str | None) -> ChangePage:
        return ChangePage((), None, 0)

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        raise SignatureWrong("this shop sends no deliveries")

    def prepare_order(self, draft: Draft) -> PreparedOrder:
        if draft.coupon is not None:
            raise ConnectorRefused("this shop has no coupons; agents give discounts")
        uow, now = self._unit_of_work(), datetime.now(UTC)
        cart = carts.start_cart(uow, draft.customer_id, self._rules.shipping_fee.currency, now)
        for product_id, quantity in draft.lines:
            cart = carts.add_to_cart(uow, cart.id, product_id, quantity, self._actor, now)
        return self._prepared(carts.prepare_order(uow, cart.id, self._actor, now))

    def _prepared(self, cart: Cart) -> PreparedOrder:
        total = cart_overview(cart, self._rules).totals.total
        return PreparedOrder(cart.id, "", self._pay_link(cart.id), total)
