"""Reads the page and the cart of a contact's customer. Everything here blocks: call it in a worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent_ui.customer_files import CustomerFiles
from agent_ui.messages import (
    CartChangeView,
    LiveCart,
    PageCartView,
    PageLineView,
    ProductView,
    ShopAbilities,
    VisitorView,
)
from agent_ui.shop_views import cart_of, change_of, money_of, product_of
from agent_ui.visitors.model import PageCart, PageCartLine, Visitor
from orders.connectors.model import Connector
from orders.connectors.port import Abilities
from orders.model.audit import AuditEntry
from orders.model.cart import Cart
from orders.model.money import Money
from orders.model.pricing import PriceRules
from orders.ports import UnitOfWork
from orders.services.catalog import search_products
from orders.services.overview import cart_overview

HISTORY = 30
"""Changes of a cart that are shown."""

FOUND = 8
"""Products that a search gives."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose page and cart to read: the contact's, its visitor's, its customer's or its caller's."""

    contact: str
    visitor: Visitor | None
    customer_id: str | None
    caller: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and whose cart it is."""

    view: LiveCart
    customer_id: str | None


class CartFiles:
    """Reads carts with their totals and their history."""

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        customers: CustomerFiles,
        rules: PriceRules,
        abilities: Callable[[Connector], Abilities],
    ) -> None:
        self._abilities = abilities
        self._unit_of_work = unit_of_work
        self._customers = customers
        self._rules = rules

    def live(self, asked: Asked) -> Found:
        """A visitor's cart as the page says it, or the shop's cart: the visitor's, else the customer's open one."""
        said = asked.visitor.cart if asked.visitor else None
        customer_id = asked.customer_id or self._customers.customer_calling(asked.caller)
        foreign = said if said is not None and said.id is None else None
        cart, history = (None, ()) if foreign else self._cart(said.id if said else None, customer_id)
        view = LiveCart(
            contact=asked.contact,
            visitor=_visitor(asked.visitor) if asked.visitor else None,
            cart=cart_of(cart_overview(cart, self._rules)) if cart else None,
            page_cart=_page_cart(foreign) if foreign else None,
            history=history,
            startable=foreign is None and cart is None and customer_id is not None,
            shop=self._shop(asked.visitor) if asked.visitor and foreign else ShopAbilities(),
            server_time=datetime.now(UTC),
        )
        return Found(view, customer_id)

    def search(self, text: str) -> tuple[ProductView, ...]:
        """Products with every word of the text."""
        return tuple(product_of(found) for found in search_products(self._unit_of_work(), text, FOUND))

    def _shop(self, visitor: Visitor) -> ShopAbilities:
        with self._unit_of_work() as uow:
            connector = uow.connectors.get(visitor.site)
        if connector is None:
            return ShopAbilities()
        able = self._abilities(connector)
        return ShopAbilities(prepares_orders=able.prepares_orders, applies_coupons=able.applies_coupons)

    def _cart(
        self, cart_id: str | None, customer_id: str | None
    ) -> tuple[Cart | None, tuple[CartChangeView, ...]]:
        with self._unit_of_work() as uow:
            cart = uow.carts.get(cart_id) if cart_id else None
            if customer_id and (cart is None or cart.state != "open"):
                cart = uow.carts.open_of(customer_id) or cart
            if cart is None:
                return None, ()
            latest = tuple(reversed(uow.audit.of("cart", cart.id)))[:HISTORY]
            return cart, _history(uow, latest)


def _history(uow: UnitOfWork, entries: Sequence[AuditEntry]) -> tuple[CartChangeView, ...]:
    skus = {str(value) for entry in entries for name, value in entry.details if name == "sku"}
    products = {product.sku: product for product in uow.products.having_skus(skus)} if skus else {}
    return tuple(change_of(entry, products.get(str(dict(entry.details).get("sku")))) for entry in entries)


def _visitor(visitor: Visitor) -> VisitorView:
    return VisitorView(
        id=visitor.id,
        site=visitor.site,
        language=visitor.language,
        url=visitor.url,
        title=visitor.title,
        checkout_step=visitor.checkout_step,
        online=visitor.online,
        vouched=visitor.customer_id is not None,
        seen_at=visitor.seen_at,
    )


def _page_cart(cart: PageCart) -> PageCartView:
    total = sum(line.unit_price * line.quantity for line in cart.lines)
    return PageCartView(
        lines=tuple(_page_line(line, cart.currency) for line in cart.lines),
        item_count=sum(line.quantity for line in cart.lines),
        total=money_of(Money(total, cart.currency)),
    )


def _page_line(line: PageCartLine, currency: str) -> PageLineView:
    price = Money(line.unit_price, currency)
    return PageLineView(
        name=line.name,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=money_of(price),
        amount=money_of(price * line.quantity),
    )
