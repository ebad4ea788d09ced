"""A cart: what a customer is about to buy, and how far in the checkout they are."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from orders.errors import CurrencyMismatch, InvalidQuantity, LineNotFound, NothingToRestore
from orders.model.money import Money
from orders.model.product import Product
from orders.model.text import LocalizedText

CheckoutStep = Literal["cart", "address", "shipping", "payment", "review"]
CHECKOUT_STEPS: tuple[CheckoutStep, ...] = ("cart", "address", "shipping", "payment", "review")

CartState = Literal["open", "ordered", "abandoned"]

MAX_QUANTITY = 999
"""The most items of one product in one cart."""


@dataclass(frozen=True, slots=True)
class CartLine:
    """Some items of one product at the price they had when they were put in."""

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
class Discount:
    """A reduction in basis points of the subtotal, why it was given, and the id of the actor who gave it."""

    basis_points: int
    reason: str
    given_by: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An agent made the cart ready for its customer to confirm: the agent's id, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart has one line a product; `customer_id` is None until a visitor is known.

    `prepared` stands until what would be bought changes. `version` counts the saves, so that a change based on
    an old copy is refused.
    """

    id: str
    customer_id: str | None
    currency: str
    updated_at: datetime
    lines: tuple[CartLine, ...] = ()
    checkout_step: CheckoutStep = "cart"
    state: CartState = "open"
    discount: Discount | None = None
    version: int = 0
    prepared: Prepared | None = None

    @property
    def item_count(self) -> int:
        """Items in all lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def discount_rate(self) -> int:
        """The discount in basis points; 0 without one."""
        return self.discount.basis_points if self.discount else 0


def line_of(cart: Cart, product_id: str) -> CartLine:
    """The cart's line of this product.

    Raises:
        LineNotFound: there is none.
    """
    for line in cart.lines:
        if line.product_id == product_id:
            return line
    raise LineNotFound(f"cart {cart.id} holds no line of product {product_id}")


def with_added(cart: Cart, product: Product, quantity: int, now: datetime) -> Cart:
    """The cart with more items of a product; a line that exists grows and keeps its price.

    Raises:
        CurrencyMismatch: the product is sold in another currency.
        InvalidQuantity: the line would hold fewer than 1 or more than `MAX_QUANTITY` items.
    """
    if product.price.currency != cart.currency:
        raise CurrencyMismatch(f"product {product.id} is not sold in {cart.currency}")
    _check_quantity(quantity)
    for line in cart.lines:
        if line.product_id == product.id:
            return with_quantity(cart, product.id, line.quantity + quantity, now)
    line = CartLine(product.id, product.sku, product.name, quantity, product.price)
    return replace(cart, lines=(*cart.lines, line), updated_at=now)


def with_quantity(cart: Cart, product_id: str, quantity: int, now: datetime) -> Cart:
    """The cart with this many items of a product it holds.

    Raises:
        LineNotFound: the cart holds none of it.
        InvalidQuantity: not between 1 and `MAX_QUANTITY`.
    """
    _check_quantity(quantity)
    changed = replace(line_of(cart, product_id), quantity=quantity)
    lines = tuple(changed if line.product_id == product_id else line for line in cart.lines)
    return replace(cart, lines=lines, updated_at=now)


def without(cart: Cart, product_id: str, now: datetime) -> Cart:
    """The cart without the product's line.

    Raises:
        LineNotFound: the cart holds none of it.
    """
    gone = line_of(cart, product_id)
    return replace(cart, lines=tuple(line for line in cart.lines if line is not gone), updated_at=now)


def with_line_back(cart: Cart, line: CartLine, position: int, now: datetime) -> Cart:
    """The cart with a line that was removed, where it was or at the end of what is left.

    Raises:
        NothingToRestore: the cart holds the product again.
    """
    if any(held.product_id == line.product_id for held in cart.lines):
        raise NothingToRestore(f"cart {cart.id} holds product {line.product_id} again")
    lines = (*cart.lines[:position], line, *cart.lines[position:])
    return replace(cart, lines=lines, updated_at=now)


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidQuantity(f"a line holds 1 to {MAX_QUANTITY} items, not {quantity}")
