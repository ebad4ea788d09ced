"""The shop of this system itself, through the connectors' port."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from orders.connectors.errors import NotAble
from orders.connectors.model import RecordKind
from orders.connectors.port import Abilities, ChangePage, Delivery, Draft, PreparedOrder
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.model.pricing import PriceRules
from orders.model.product import Product
from orders.ports import UnitOfWork
from orders.services import carts
from orders.services.catalog import search_products
from orders.services.overview import cart_overview


class BuiltinShop:
    """`orders.connectors.port.ShopConnector` on the shop's own services.

    A prepared order is the customer's cart, marked as ready: its customer confirms it at `pay_link(cart id)`.
    """

    abilities = Abilities(searches_products=True, prepares_orders=True)

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
        raise NotAble("this shop's records are here already")

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery | None:
        raise NotAble("this shop needs no webhooks")

    def search_products(self, text: str, limit: int) -> tuple[Product, ...]:
        return search_products(self._unit_of_work(), text, limit)

    def prepare_order(self, draft: Draft) -> PreparedOrder:
        if draft.coupon is not None:
            raise NotAble("this shop has no coupons; agents give discounts")
        uow, now = self._unit_of_work(), datetime.now(UTC)
        currency = self._rules.shipping_fee.currency
        cart = carts.start_cart(uow, draft.customer_id, currency, now)
        for product_id, quantity in draft.lines:
            cart = carts.add_to_cart(uow, cart.id, product_id, quantity, self._actor, now)
        return self._prepared(carts.prepare_order(uow, cart.id, self._actor, now))

    def apply_coupon(self, order_id: str, code: str) -> PreparedOrder:
        raise NotAble("this shop has no coupons; agents give discounts")

    def _prepared(self, cart: Cart) -> PreparedOrder:
        total = cart_overview(cart, self._rules).totals.total
        return PreparedOrder(cart.id, "", self._pay_link(cart.id), total)
