"""What can be done with a cart; each change is attributed to an actor and audited.

The changes raise `CartNotFound` and `CartClosed`, besides what each one names, and are retried a few times
before `Conflict` is raised: a customer and an agent may work on the same cart.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from orders.errors import (
    CartBelongsToAnother,
    CartClosed,
    CartEmpty,
    CartNotFound,
    DiscountNotAllowed,
    InvalidAmount,
    NothingToRestore,
    OutOfStock,
)
from orders.events import CartChanged
from orders.model.actor import Actor
from orders.model.audit import Detail
from orders.model.cart import (
    Cart,
    CartLine,
    CheckoutStep,
    Discount,
    Prepared,
    line_of,
    with_added,
    with_line_back,
    with_quantity,
    without,
)
from orders.model.money import BASIS_POINTS, Money
from orders.model.product import Product
from orders.ports import UnitOfWork
from orders.services.auditing import audit_cart
from orders.services.catalog import known_product
from orders.services.customers import known_customer
from orders.services.retrying import retried


@dataclass(frozen=True, slots=True)
class _Change:
    cart: Cart
    action: str
    details: tuple[Detail, ...] = ()


def get_cart(uow: UnitOfWork, cart_id: str) -> Cart:
    """The cart with this id, in any state.

    Raises:
        CartNotFound: there is none.
    """
    with uow:
        return known_cart(uow, cart_id)


def start_cart(uow: UnitOfWork, customer_id: str | None, currency: str, now: datetime) -> Cart:
    """The customer's open cart, or a new one; always a new one for a visitor nobody knows (None).

    Raises:
        CustomerNotFound: no customer has this id.
    """
    with uow:
        if customer_id is not None:
            existing = uow.carts.open_of(known_customer(uow, customer_id).id)
            if existing:
                return existing
        cart = uow.carts.save(Cart(uuid4().hex, customer_id, currency, now))
        uow.record(CartChanged(cart.id, customer_id))
        uow.commit()
        return cart


def add_to_cart(
    uow: UnitOfWork, cart_id: str, product_id: str, quantity: int, actor: Actor, now: datetime
) -> Cart:
    """The cart with more items of a product.

    Raises:
        ProductNotFound, InvalidQuantity, CurrencyMismatch.
        OutOfStock: the line would hold more than the shop has now.
    """

    def change(cart: Cart) -> _Change:
        product = known_product(uow, product_id)
        details: tuple[Detail, ...] = (("sku", product.sku), ("quantity", quantity))
        added = with_added(cart, product, quantity, now)
        _check_stock(product, line_of(added, product_id).quantity)
        return _Change(added, "cart.line_added", details)

    return _changed(uow, cart_id, change, actor, now)


def change_quantity(
    uow: UnitOfWork, cart_id: str, product_id: str, quantity: int, actor: Actor, now: datetime
) -> Cart:
    """The cart with this many items of a product it holds.

    Raises:
        LineNotFound, InvalidQuantity.
        OutOfStock: these are more than before, and more than the shop has now.
    """

    def change(cart: Cart) -> _Change:
        line = line_of(cart, product_id)
        details: tuple[Detail, ...] = (("sku", line.sku), ("before", line.quantity), ("after", quantity))
        changed = with_quantity(cart, product_id, quantity, now)
        if quantity > line.quantity:
            _check_stock(known_product(uow, product_id), quantity)
        return _Change(changed, "cart.quantity_changed", details)

    return _changed(uow, cart_id, change, actor, now)


def remove_from_cart(uow: UnitOfWork, cart_id: str, product_id: str, actor: Actor, now: datetime) -> Cart:
    """The cart without the product.

    Raises:
        LineNotFound.
    """

    def change(cart: Cart) -> _Change:
        line = line_of(cart, product_id)
        details: tuple[Detail, ...] = (
            ("sku", line.sku),
            ("quantity", line.quantity),
            ("price", line.unit_price.minor),
            ("position", cart.lines.index(line)),
        )
        return _Change(without(cart, product_id, now), "cart.line_removed", details)

    return _changed(uow, cart_id, change, actor, now)


def restore_line(uow: UnitOfWork, cart_id: str, product_id: str, actor: Actor, now: datetime) -> Cart:
    """The cart with the product's line that was removed last, at its place and at the price it had.

    Raises:
        ProductNotFound, OutOfStock.
        NothingToRestore: no such line was removed, or the cart holds the product again.
    """

    def change(cart: Cart) -> _Change:
        product = known_product(uow, product_id)
        line, position = _removed_line(uow, cart, product)
        _check_stock(product, line.quantity)
        details: tuple[Detail, ...] = (("sku", line.sku), ("quantity", line.quantity))
        return _Change(with_line_back(cart, line, position, now), "cart.line_restored", details)

    return _changed(uow, cart_id, change, actor, now)


def give_discount(
    uow: UnitOfWork, cart_id: str, basis_points: int, reason: str, actor: Actor, now: datetime
) -> Cart:
    """The cart with this discount (basis points of the subtotal) instead of any other; 0 takes it away.

    Raises:
        InvalidAmount: below 0 or above 10,000 basis points.
        DiscountNotAllowed: above the actor's limit.
    """
    if not 0 <= basis_points <= BASIS_POINTS:
        raise InvalidAmount(f"a discount is 0 to {BASIS_POINTS} basis points, not {basis_points}")
    if basis_points > actor.discount_limit:
        raise DiscountNotAllowed(
            f"this actor may give up to {actor.discount_limit} basis points", limit=str(actor.discount_limit)
        )

    def change(cart: Cart) -> _Change:
        discount = Discount(basis_points, reason, actor.id) if basis_points else None
        details: tuple[Detail, ...] = (
            ("before", cart.discount_rate),
            ("after", basis_points),
            ("reason", reason),
        )
        return _Change(replace(cart, discount=discount, updated_at=now), "cart.discount_given", details)

    return _changed(uow, cart_id, change, actor, now)


def prepare_order(uow: UnitOfWork, cart_id: str, actor: Actor, now: datetime) -> Cart:
    """The cart, marked as ready for its customer to confirm. Placing the order stays with the customer.

    Raises:
        CartEmpty.
        OutOfStock: the shop has too few of a product by now.
    """

    def change(cart: Cart) -> _Change:
        if not cart.lines:
            raise CartEmpty(f"cart {cart.id} is empty")
        for line in cart.lines:
            _check_stock(known_product(uow, line.product_id), line.quantity)
        prepared = Prepared(actor.id, now)
        return _Change(replace(cart, prepared=prepared, updated_at=now), "cart.prepared")

    return _changed(uow, cart_id, change, actor, now)


def withdraw_order(uow: UnitOfWork, cart_id: str, actor: Actor, now: datetime) -> Cart:
    """The cart without the mark of being prepared; as it is, if it has none."""

    def change(cart: Cart) -> _Change:
        return _Change(replace(cart, prepared=None, updated_at=now), "cart.withdrawn")

    return _changed(uow, cart_id, change, actor, now)


def go_to_step(uow: UnitOfWork, cart_id: str, step: CheckoutStep, actor: Actor, now: datetime) -> Cart:
    """The cart at this step of the checkout."""

    def change(cart: Cart) -> _Change:
        details: tuple[Detail, ...] = (("before", cart.checkout_step), ("after", step))
        return _Change(replace(cart, checkout_step=step, updated_at=now), "cart.step_changed", details)

    return _changed(uow, cart_id, change, actor, now)


def claim_cart(uow: UnitOfWork, cart_id: str, customer_id: str, actor: Actor, now: datetime) -> Cart:
    """The visitor's cart as the customer's own; what they had in an open cart joins it.

    Raises:
        CustomerNotFound, CartBelongsToAnother.
    """

    def change(cart: Cart) -> _Change:
        known_customer(uow, customer_id)
        if cart.customer_id not in (None, customer_id):
            raise CartBelongsToAnother(f"cart {cart.id} belongs to another customer")
        earlier = uow.carts.open_of(customer_id)
        if earlier is not None and earlier.id != cart.id:
            uow.carts.save(replace(earlier, state="abandoned", updated_at=now))
            cart = _joined(cart, earlier)
        return _Change(replace(cart, customer_id=customer_id, updated_at=now), "cart.claimed")

    return _changed(uow, cart_id, change, actor, now)


def known_cart(uow: UnitOfWork, cart_id: str) -> Cart:
    """The cart with this id, within a unit of work that was entered.

    Raises:
        CartNotFound: there is none.
    """
    cart = uow.carts.get(cart_id)
    if cart is None:
        raise CartNotFound(f"no cart has the id {cart_id}")
    return cart


def _check_stock(product: Product, quantity: int) -> None:
    if quantity > product.stock:
        raise OutOfStock(
            f"product {product.id} is out of stock", sku=product.sku, left=str(max(product.stock, 0))
        )


def _removed_line(uow: UnitOfWork, cart: Cart, product: Product) -> tuple[CartLine, int]:
    """The line that was removed last, as the audit trail has it, and its place."""
    for entry in reversed(uow.audit.of("cart", cart.id)):
        details = dict(entry.details)
        if entry.action == "cart.line_removed" and details.get("sku") == product.sku and "price" in details:
            quantity, price, position = (int(details[name]) for name in ("quantity", "price", "position"))
            line = CartLine(product.id, product.sku, product.name, quantity, Money(price, cart.currency))
            return line, position
    raise NothingToRestore(f"no line of product {product.id} was removed from cart {cart.id}")


def _still_prepared(before: Cart, after: Cart) -> Cart:
    """The mark goes when what would be bought is no longer what was prepared."""
    if (before.lines, before.discount) == (after.lines, after.discount):
        return after
    return replace(after, prepared=None)


def _joined(cart: Cart, earlier: Cart) -> Cart:
    held = {line.product_id for line in cart.lines}
    joining = tuple(
        line
        for line in earlier.lines
        if line.product_id not in held and line.unit_price.currency == cart.currency
    )
    return replace(cart, lines=(*cart.lines, *joining), discount=cart.discount or earlier.discount)


def _changed(
    uow: UnitOfWork, cart_id: str, change: Callable[[Cart], _Change], actor: Actor, now: datetime
) -> Cart:
    return retried(lambda: _changed_once(uow, cart_id, change, actor, now))


def _changed_once(
    uow: UnitOfWork, cart_id: str, change: Callable[[Cart], _Change], actor: Actor, now: datetime
) -> Cart:
    with uow:
        cart = known_cart(uow, cart_id)
        if cart.state != "open":
            raise CartClosed(f"cart {cart.id} is {cart.state}")
        made = change(cart)
        saved = uow.carts.save(_still_prepared(cart, made.cart))
        audit_cart(uow, cart.id, made.action, made.details, actor, now)
        uow.record(CartChanged(saved.id, saved.customer_id))
        uow.commit()
        return saved
