"""What can go wrong in the shop, each with a stable id that the edges map to their own codes."""

from typing import ClassVar


class OrdersError(Exception):
    """Root of the shop's errors; `id` is stable and safe to show, the text is for developers.

    `params` are the values with which a page says it in its reader's language.
    """

    id: ClassVar[str] = "orders.error"

    def __init__(self, detail: str = "", **params: str) -> None:
        super().__init__(detail)
        self.params = params


class CurrencyMismatch(OrdersError):
    """Two amounts of different currencies were put together."""

    id = "orders.currency_mismatch"


class InvalidAmount(OrdersError):
    """An amount, a rate or a currency code is not usable."""

    id = "orders.invalid_amount"


class InvalidQuantity(OrdersError):
    """A quantity is below one or above what one line may hold."""

    id = "orders.invalid_quantity"


class InvalidPhoneNumber(OrdersError):
    """A text cannot be read as a phone number; the text itself is never part of the message."""

    id = "orders.invalid_phone_number"


class CustomerNotFound(OrdersError):
    """No customer has this id."""

    id = "orders.customer_not_found"


class ProductNotFound(OrdersError):
    """No product has this id."""

    id = "orders.product_not_found"


class CartNotFound(OrdersError):
    """No cart has this id."""

    id = "orders.cart_not_found"


class LineNotFound(OrdersError):
    """The cart or the order does not hold this product, or not so many of it."""

    id = "orders.line_not_found"


class OrderNotFound(OrdersError):
    """No order has this id."""

    id = "orders.order_not_found"


class ShipmentNotFound(OrdersError):
    """The order has no shipment with this id."""

    id = "orders.shipment_not_found"


class CartClosed(OrdersError):
    """The cart became an order or was abandoned, and cannot change any more."""

    id = "orders.cart_closed"


class CartEmpty(OrdersError):
    """An empty cart cannot become an order."""

    id = "orders.cart_empty"


class NothingToRestore(OrdersError):
    """The line was not removed from the cart, or is in it again."""

    id = "orders.nothing_to_restore"


class CartHasNoCustomer(OrdersError):
    """A cart becomes an order only once it belongs to a customer."""

    id = "orders.cart_has_no_customer"


class CartBelongsToAnother(OrdersError):
    """The cart already belongs to another customer."""

    id = "orders.cart_belongs_to_another"


class OutOfStock(OrdersError):
    """The shop has fewer items of a product than the cart asks for."""

    id = "orders.out_of_stock"


class DiscountNotAllowed(OrdersError):
    """The discount is above what this actor may give."""

    id = "orders.discount_not_allowed"


class IllegalTransition(OrdersError):
    """The order's state has no transition for this event; the order is unchanged."""

    id = "orders.illegal_transition"


class ClientKeyReused(OrdersError):
    """The idempotency key was used before to place an order from another cart."""

    id = "orders.client_key_reused"


class Conflict(OrdersError):
    """Someone else changed the same record first; read it again and retry."""

    id = "orders.conflict"
