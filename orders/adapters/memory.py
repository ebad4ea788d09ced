"""The shop in memory: the ports' twin for tests and simulations, under the same contract as SQL."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Self

from orders.connectors.model import Connector
from orders.errors import Conflict
from orders.events import Publish, ShopEvent, nobody_listens
from orders.model.audit import AuditEntry
from orders.model.cart import Cart
from orders.model.customer import Customer
from orders.model.order import Order
from orders.model.product import Product, searched_text
from orders.model.site import Site
from orders.model.text import folded


@dataclass
class Shop:
    """Everything stored, by id; values are immutable, so a copy of the dictionaries is a snapshot."""

    customers: dict[str, Customer] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    carts: dict[str, Cart] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    sites: dict[str, Site] = field(default_factory=dict)
    connectors: dict[str, Connector] = field(default_factory=dict)
    changed_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    deliveries: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def copy(self) -> "Shop":
        """A snapshot."""
        return Shop(
            dict(self.customers),
            dict(self.products),
            dict(self.carts),
            dict(self.orders),
            list(self.audit),
            dict(self.sites),
            dict(self.connectors),
            dict(self.changed_at),
            dict(self.deliveries),
        )


class MemoryCustomers:
    """`orders.ports.Customers` on a dictionary."""

    def __init__(self, rows: dict[str, Customer]) -> None:
        self._rows = rows

    def get(self, customer_id: str) -> Customer | None:
        return self._rows.get(customer_id)

    def by_phone(self, e164: str) -> tuple[Customer, ...]:
        owners = (customer for customer in self._rows.values() if e164 in customer.phones)
        return tuple(sorted(owners, key=lambda customer: customer.id))

    def search(self, text: str, limit: int) -> tuple[Customer, ...]:
        wanted = folded(text)
        found = (c for c in self._rows.values() if wanted in folded(f"{c.name} {c.email}"))
        return tuple(sorted(found, key=lambda customer: (customer.name, customer.id))[:limit])

    def save(self, customer: Customer) -> None:
        self._rows[customer.id] = customer


class MemoryProducts:
    """`orders.ports.Products` on a dictionary."""

    def __init__(self, rows: dict[str, Product]) -> None:
        self._rows = rows

    def get(self, product_id: str) -> Product | None:
        return self._rows.get(product_id)

    def list(self, limit: int, offset: int = 0) -> tuple[Product, ...]:
        return self._of("")[offset : offset + limit]

    def search(self, text: str, limit: int) -> tuple[Product, ...]:
        words = folded(text).split()
        found = (p for p in self._of("") if all(word in searched_text(p) for word in words))
        return tuple(islice(found, limit))

    def having_skus(self, skus: Iterable[str], site: str = "") -> tuple[Product, ...]:
        wanted = set(skus)
        return tuple(product for product in self._of(site) if product.sku in wanted)

    def save(self, product: Product) -> None:
        rivals = self.having_skus([product.sku], product.site)
        if any(rival.id != product.id for rival in rivals):
            raise Conflict("another product has the SKU")
        self._rows[product.id] = product

    def _of(self, site: str) -> tuple[Product, ...]:
        products = (product for product in self._rows.values() if product.site == site)
        return tuple(sorted(products, key=lambda product: product.sku))

    def take_stock(self, product_id: str, quantity: int) -> bool:
        product = self._rows.get(product_id)
        if product is None or product.stock < quantity:
            return False
        self.put_back(product_id, -quantity)
        return True

    def put_back(self, product_id: str, quantity: int) -> None:
        product = self._rows.get(product_id)
        if product is not None:
            self._rows[product_id] = replace(product, stock=product.stock + quantity)


class MemoryCarts:
    """`orders.ports.Carts` on a dictionary."""

    def __init__(self, rows: dict[str, Cart]) -> None:
        self._rows = rows

    def get(self, cart_id: str) -> Cart | None:
        return self._rows.get(cart_id)

    def open_of(self, customer_id: str) -> Cart | None:
        mine = (cart for cart in self._rows.values() if cart.customer_id == customer_id)
        return next((cart for cart in mine if cart.state == "open"), None)

    def save(self, cart: Cart) -> Cart:
        _check_version("cart", cart.id, cart.version, self._rows.get(cart.id))
        rival = self.open_of(cart.customer_id) if cart.customer_id and cart.state == "open" else None
        if rival is not None and rival.id != cart.id:
            raise Conflict("the customer already has an open cart")
        saved = replace(cart, version=cart.version + 1)
        self._rows[cart.id] = saved
        return saved


class MemoryOrders:
    """`orders.ports.Orders` on a dictionary."""

    def __init__(self, rows: dict[str, Order]) -> None:
        self._rows = rows

    def get(self, order_id: str) -> Order | None:
        return self._rows.get(order_id)

    def by_number(self, number: str) -> Order | None:
        return next((order for order in self.numbered(number) if not order.site), None)

    def numbered(self, number: str) -> tuple[Order, ...]:
        found = (order for order in self._rows.values() if order.number == number)
        return tuple(sorted(found, key=lambda order: order.site))

    def by_client_key(self, client_key: str) -> Order | None:
        return next((order for order in self._rows.values() if order.client_key == client_key), None)

    def of_customer(self, customer_id: str, limit: int, offset: int = 0) -> tuple[Order, ...]:
        mine = sorted(self._of(customer_id), key=lambda order: order.id)
        mine.sort(key=lambda order: order.placed_at, reverse=True)
        return tuple(mine[offset : offset + limit])

    def count_of_customer(self, customer_id: str) -> int:
        return sum(1 for _ in self._of(customer_id))

    def number_is_taken(self, number: str) -> bool:
        return self.by_number(number) is not None

    def save(self, order: Order) -> Order:
        _check_version("order", order.id, order.version, self._rows.get(order.id))
        namesakes = (other for other in self.numbered(order.number) if other.site == order.site)
        for rival in (*namesakes, self.by_client_key(order.client_key)):
            if rival is not None and rival.id != order.id:
                raise Conflict("the order's number or client key is taken")
        saved = replace(order, version=order.version + 1)
        self._rows[order.id] = saved
        return saved

    def _of(self, customer_id: str) -> Iterable[Order]:
        return (order for order in self._rows.values() if order.customer_id == customer_id)


class MemorySites:
    """`orders.ports.Sites` on a dictionary."""

    def __init__(self, rows: dict[str, Site]) -> None:
        self._rows = rows

    def get(self, site_id: str) -> Site | None:
        return self._rows.get(site_id)

    def by_key(self, key: str) -> Site | None:
        return next((site for site in self._rows.values() if site.key == key), None)

    def all(self) -> tuple[Site, ...]:
        return tuple(sorted(self._rows.values(), key=lambda site: site.id))

    def save(self, site: Site) -> None:
        rival = self.by_key(site.key)
        if rival is not None and rival.id != site.id:
            raise Conflict("another site has the key")
        self._rows[site.id] = site


class MemoryConnectors:
    """`orders.ports.Connectors` on dictionaries."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def get(self, site: str) -> Connector | None:
        return self._shop.connectors.get(site)

    def all(self) -> tuple[Connector, ...]:
        return tuple(sorted(self._shop.connectors.values(), key=lambda connector: connector.site))

    def save(self, connector: Connector) -> None:
        self._shop.connectors[connector.site] = connector

    def remove(self, site: str) -> None:
        self._shop.connectors.pop(site, None)
        for rows in (self._shop.changed_at, self._shop.deliveries):
            for key in [key for key in rows if key[0] == site]:
                del rows[key]

    def changed_at(self, site: str, local_id: str) -> datetime | None:
        return self._shop.changed_at.get((site, local_id))

    def note_change(self, site: str, local_id: str, changed_at: datetime) -> None:
        self._shop.changed_at[site, local_id] = changed_at

    def take_delivery(self, site: str, delivery_id: str, at: datetime) -> bool:
        if (site, delivery_id) in self._shop.deliveries:
            return False
        self._shop.deliveries[site, delivery_id] = at
        return True

    def forget_deliveries(self, before: datetime) -> None:
        for key in [key for key, at in self._shop.deliveries.items() if at < before]:
            del self._shop.deliveries[key]


class MemoryAuditTrail:
    """`orders.ports.AuditTrail` on a list."""

    def __init__(self, rows: list[AuditEntry]) -> None:
        self._rows = rows

    def add(self, entry: AuditEntry) -> None:
        self._rows.append(entry)

    def of(self, subject_kind: str, subject_id: str) -> tuple[AuditEntry, ...]:
        subject = (subject_kind, subject_id)
        return tuple(entry for entry in self._rows if (entry.subject_kind, entry.subject_id) == subject)


class MemoryUnitOfWork:
    """`orders.ports.UnitOfWork` on a shop shared by all units of work made with it.

    The changes of the last to commit stand; it is for one thread.
    """

    def __init__(self, shop: Shop, publish: Publish = nobody_listens) -> None:
        self.shop = shop
        self._publish = publish
        self._begin()

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rollback()

    def record(self, event: ShopEvent) -> None:
        self._recorded.append(event)

    def commit(self) -> None:
        recorded = self._recorded
        vars(self.shop).update(vars(self._working))
        self._begin()
        for event in recorded:
            self._publish(event)

    def rollback(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._working = self.shop.copy()
        self._recorded: list[ShopEvent] = []
        self.customers = MemoryCustomers(self._working.customers)
        self.products = MemoryProducts(self._working.products)
        self.carts = MemoryCarts(self._working.carts)
        self.orders = MemoryOrders(self._working.orders)
        self.audit = MemoryAuditTrail(self._working.audit)
        self.sites = MemorySites(self._working.sites)
        self.connectors = MemoryConnectors(self._working)


def _check_version(kind: str, record_id: str, version: int, stored: Cart | Order | None) -> None:
    if version != (stored.version if stored else 0):
        raise Conflict(f"{kind} {record_id} is not at version {version} any more")
