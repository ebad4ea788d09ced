"""What a shop behind a connector offers; each kind of shop has an adapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orders.connectors.model import RecordKind
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import Order
from orders.model.product import Product


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this shop can do; the desk offers nothing else."""

    prepares_orders: bool = False
    applies_coupons: bool = False


@dataclass(frozen=True, slots=True)
class CustomerChanged:
    """A customer as the shop has it since `changed_at`."""

    changed_at: datetime
    customer: Customer


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A product as the shop has it since `changed_at`."""

    changed_at: datetime
    product: Product


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order as the shop has it since `changed_at`, and its customer as the order names them.

    `is_guest`: the order is all that the shop knows of the customer.
    """

    changed_at: datetime
    order: Order
    customer: Customer
    is_guest: bool


Change = CustomerChanged | ProductChanged | OrderChanged


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes. `next` continues after them, None after the last page; `total` is how many there are in all.

    `not_understood` names the records that are not as the shop documents them, and why.
    """

    changes: tuple[Change, ...]
    next: str | None
    total: int | None = None
    not_understood: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a webhook brought; `id` is the same when it is delivered again."""

    id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An order to be prepared: items by product, for a customer of the shop or, with None, for whoever pays."""

    lines: tuple[tuple[str, int], ...]
    customer_id: str | None = None
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """An order that its customer confirms and pays at `pay_link`. `number` may be empty until then."""

    id: str
    number: str
    pay_link: str
    total: Money


class ShopConnector(Protocol):
    """A shop. Everything here blocks.

    Raises:
        ConnectorAway, ConnectorRefused, NotUnderstood.
    """

    @property
    def abilities(self) -> Abilities: ...

    def changed(self, kind: RecordKind, since: datetime | None, page: str | None) -> ChangePage:
        """Records that changed since a moment (None: all there are), from a page on (None: the first)."""
        ...

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """What a webhook brought.

        Raises:
            SignatureWrong: it does not come from the shop.
        """
        ...

    def prepare_order(self, draft: Draft) -> PreparedOrder:
        """An order for the customer to confirm and pay; nothing is charged."""
        ...
