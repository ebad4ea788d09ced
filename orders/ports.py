"""What the services need of the outside; adapters provide it."""

from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from orders.connectors.model import Connector
from orders.events import ShopEvent
from orders.model.audit import AuditEntry
from orders.model.cart import Cart
from orders.model.customer import Customer
from orders.model.order import Order
from orders.model.product import Product
from orders.model.site import Site


class NumberParser(Protocol):
    """Reads phone numbers as people write them."""

    def e164(self, raw: str, default_region: str) -> str | None:
        """The number in E.164 form, or None if it cannot be one.

        `default_region` (ISO 3166-1 alpha-2) says how a number without country code is dialed.
        """
        ...


class Customers(Protocol):
    """The customers."""

    def get(self, customer_id: str) -> Customer | None: ...

    def by_phone(self, e164: str) -> tuple[Customer, ...]:
        """Every customer with this number, ordered by id: a household may share one."""
        ...

    def search(self, text: str, limit: int) -> tuple[Customer, ...]:
        """Customers whose name or e-mail address contains the text, ordered by name.

        Case and accents do not matter.
        """
        ...

    def save(self, customer: Customer) -> None:
        """Add the customer or replace the one with this id."""
        ...


class Products(Protocol):
    """The products of the shop here, and of those behind connectors."""

    def get(self, product_id: str) -> Product | None: ...

    def list(self, limit: int, offset: int = 0) -> tuple[Product, ...]:
        """The shop's own products, ordered by SKU."""
        ...

    def search(self, text: str, limit: int) -> tuple[Product, ...]:
        """The shop's own products that have every word of the text in their SKU or a name in any language.

        Case and accents do not matter. They are ordered by SKU.
        """
        ...

    def having_skus(self, skus: Iterable[str], site: str = "") -> tuple[Product, ...]:
        """The shop's own products, or a connected shop's, with these SKUs, ordered by SKU."""
        ...

    def save(self, product: Product) -> None:
        """Add the product or replace the one with this id.

        Raises:
            Conflict: another product of its site has the SKU.
        """
        ...

    def take_stock(self, product_id: str, quantity: int) -> bool:
        """Lower the stock if it suffices, in one step; False (and no change) if it does not."""
        ...

    def put_back(self, product_id: str, quantity: int) -> None:
        """Raise the stock."""
        ...


class Carts(Protocol):
    """The carts."""

    def get(self, cart_id: str) -> Cart | None: ...

    def open_of(self, customer_id: str) -> Cart | None:
        """The customer's open cart; there is at most one."""
        ...

    def save(self, cart: Cart) -> Cart:
        """Add the cart (version 0) or replace it, and return it with its next version.

        Raises:
            Conflict: the stored cart's version is another, or the customer already has an open cart.
        """
        ...


class Orders(Protocol):
    """The orders."""

    def get(self, order_id: str) -> Order | None: ...

    def by_number(self, number: str) -> Order | None:
        """This shop's own order with this number."""
        ...

    def numbered(self, number: str) -> tuple[Order, ...]:
        """The orders with this number, the shop's own first, then those of other sites by their ids."""
        ...

    def by_client_key(self, client_key: str) -> Order | None: ...

    def of_customer(self, customer_id: str, limit: int, offset: int = 0) -> tuple[Order, ...]:
        """The customer's orders, latest first."""
        ...

    def count_of_customer(self, customer_id: str) -> int: ...

    def number_is_taken(self, number: str) -> bool: ...

    def save(self, order: Order) -> Order:
        """Add the order (version 0) or replace it, and return it with its next version.

        Raises:
            Conflict: the stored order's version is another, or its number (within its site) or client key is
                taken.
        """
        ...


class Sites(Protocol):
    """The sites where a widget stands."""

    def get(self, site_id: str) -> Site | None: ...

    def by_key(self, key: str) -> Site | None:
        """The site with this public key."""
        ...

    def all(self) -> tuple[Site, ...]:
        """Every site, ordered by id."""
        ...

    def save(self, site: Site) -> None:
        """Add the site or replace the one with this id.

        Raises:
            Conflict: another site has the key.
        """
        ...


class Connectors(Protocol):
    """The shops behind connectors, what is known of their records, and the deliveries that were taken."""

    def get(self, site: str) -> Connector | None: ...

    def all(self) -> tuple[Connector, ...]:
        """Every connector, ordered by site."""
        ...

    def save(self, connector: Connector) -> None:
        """Add the connector or replace the one of this site."""
        ...

    def remove(self, site: str) -> None:
        """Forget the connector; what was imported stays."""
        ...

    def changed_at(self, site: str, local_id: str) -> datetime | None:
        """Since when the imported record is as it is here."""
        ...

    def note_change(self, site: str, local_id: str, changed_at: datetime) -> None:
        """Keep since when the imported record is as it is here."""
        ...

    def take_delivery(self, site: str, delivery_id: str, at: datetime) -> bool:
        """Note a delivery; False if it was taken before."""
        ...

    def forget_deliveries(self, before: datetime) -> None:
        """Forget the deliveries taken before a moment."""
        ...


class AuditTrail(Protocol):
    """Who changed what; nothing is ever removed."""

    def add(self, entry: AuditEntry) -> None: ...

    def of(self, subject_kind: str, subject_id: str) -> tuple[AuditEntry, ...]:
        """The subject's entries in the order they were added."""
        ...


class UnitOfWork(Protocol):
    """One transaction: entered with `with`, rolled back on leaving unless it was committed.

    It may be entered again after it was left, by one thread at a time.
    """

    @property
    def customers(self) -> Customers: ...

    @property
    def products(self) -> Products: ...

    @property
    def carts(self) -> Carts: ...

    @property
    def orders(self) -> Orders: ...

    @property
    def sites(self) -> Sites: ...

    @property
    def connectors(self) -> Connectors: ...

    @property
    def audit(self) -> AuditTrail: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def record(self, event: ShopEvent) -> None:
        """Keep an event to be published once the changes are committed."""
        ...

    def commit(self) -> None:
        """Make the changes last, then publish the recorded events in order.

        Raises:
            Conflict: another transaction got in the way.
        """
        ...

    def rollback(self) -> None:
        """Undo the changes since the last commit and forget the recorded events."""
        ...
