"""An order: what a customer bought, and all that happened to it since."""

from dataclasses import dataclass
from datetime import datetime

from orders.errors import LineNotFound
from orders.model.address import Address
from orders.model.money import Money, round_ratio
from orders.model.order_return import Return
from orders.model.order_state import OrderState
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.model.text import LocalizedText
from orders.model.totals import Totals


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Some items of one product, with its name and price as they were when the order was placed."""

    product_id: str
    sku: str
    name: LocalizedText
    quantity: int
    unit_price: Money

    @property
    def amount(self) -> Money:
        """The line's price."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """An order with everything that belongs to it; `number` is what people say, `id` what programs use.

    `client_key` is the key the order was placed with, `version` counts the saves. `site` is the shop behind a
    connector that it was placed in, empty for the shop here: numbers are unique within a shop.
    """

    id: str
    number: str
    customer_id: str
    cart_id: str | None
    client_key: str
    placed_at: datetime
    state: OrderState
    ship_to: Address
    lines: tuple[OrderLine, ...]
    totals: Totals
    payments: tuple[Payment, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()
    version: int = 0
    site: str = ""

    @property
    def item_count(self) -> int:
        """Items in all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def currency(self) -> str:
        """ISO 4217 code of all the order's amounts."""
        return self.totals.total.currency


def paid_for(order: Order, product_id: str, quantity: int) -> Money:
    """What the customer pays for these items: the line's price less its part of the order's discount.

    Raises:
        LineNotFound: the order holds fewer of the product.
    """
    line = next((line for line in order.lines if line.product_id == product_id), None)
    if line is None or not 1 <= quantity <= line.quantity:
        raise LineNotFound(f"order {order.id} does not hold {quantity} of product {product_id}")
    full = line.unit_price * quantity
    if not order.totals.discount:
        return full
    part = round_ratio(full.minor * order.totals.discount.minor, order.totals.subtotal.minor)
    return full - Money(part, order.currency)
