from dataclasses import replace
from datetime import timedelta

import pytest

from orders.adapters.memory import MemoryUnitOfWork
from orders.errors import (
    CartClosed,
    CartEmpty,
    CartHasNoCustomer,
    CartNotFound,
    ClientKeyReused,
    Conflict,
    OutOfStock,
)
from orders.events import CartChanged, OrderPlaced, ShopEvent
from orders.model.address import Address
from orders.model.cart import Cart, Discount
from orders.model.order import Order
from orders.model.order_number import parse_order_number
from orders.model.order_state import OrderState
from orders.ports import UnitOfWork
from orders.services.place_order import Checkout, place_order
from tests.shop import AGENT, LISBON, NOW, RULES, a_cart, a_product, cart_line, eur

CHECKOUT = Checkout("key-1", "card")
MUGS_AND_LAMP = (cart_line(a_product("mug"), 2), cart_line(a_product("lamp", 2_000)))


def stored(uow: UnitOfWork, cart: Cart) -> Cart:
    with uow:
        saved = uow.carts.save(cart)
        uow.commit()
    return saved


def placed(uow: UnitOfWork, cart: Cart, checkout: Checkout = CHECKOUT) -> Order:
    return place_order(uow, cart.id, checkout, RULES, AGENT, NOW)


def stock(uow: UnitOfWork) -> dict[str, int]:
    with uow:
        return {product.id: product.stock for product in uow.products.list(10)}


def test_an_order_has_the_carts_lines_totals_and_customer(uow: UnitOfWork) -> None:
    order = placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP)))

    assert [(line.sku, line.quantity, line.amount) for line in order.lines] == [
        ("SKU-mug", 2, eur(2_500)),
        ("SKU-lamp", 1, eur(2_000)),
    ]
    assert (order.totals.subtotal, order.totals.total) == (eur(4_500), eur(5_000))
    assert (order.customer_id, order.ship_to, order.placed_at) == ("ana", LISBON, NOW)
    assert order.state is OrderState.PLACED
    assert parse_order_number(order.number) == order.number


def test_a_discount_lasts_into_the_order(uow: UnitOfWork) -> None:
    order = placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP, discount=Discount(1_000, "sorry", "agent-1"))))

    assert (order.totals.discount, order.totals.total) == (eur(450), eur(4_550))


def test_a_payment_of_the_total_is_pending(uow: UnitOfWork) -> None:
    order = placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP)), Checkout("key", "bank_transfer"))

    assert [(payment.method, payment.amount, payment.state) for payment in order.payments] == [
        ("bank_transfer", eur(5_000), "pending")
    ]


def test_what_costs_nothing_is_paid_at_once(uow: UnitOfWork) -> None:
    cart = stored(uow, a_cart(*MUGS_AND_LAMP, discount=Discount(10_000, "gift", "boss")))
    sent_for_free = replace(RULES, shipping_fee=eur(0))

    order = place_order(uow, cart.id, CHECKOUT, sent_for_free, AGENT, NOW)

    assert (order.state, order.payments) == (OrderState.PAID, ())


def test_a_present_goes_to_its_own_address(uow: UnitOfWork) -> None:
    elsewhere = Address("12 Gift Road", "SW1A 1AA", "London", "GB")

    order = placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP)), Checkout("key", "card", elsewhere))

    assert order.ship_to == elsewhere


def test_the_items_leave_the_stock_and_the_cart_is_closed(uow: UnitOfWork) -> None:
    cart = stored(uow, a_cart(*MUGS_AND_LAMP))

    placed(uow, cart)

    assert stock(uow) == {"mug": 8, "lamp": 9}
    with uow:
        assert uow.carts.open_of("ana") is None


def test_placing_is_audited_and_published(uow: UnitOfWork, published: list[ShopEvent]) -> None:
    cart = stored(uow, a_cart(*MUGS_AND_LAMP))

    order = placed(uow, cart)

    assert published == [CartChanged(cart.id, "ana"), OrderPlaced(order.id, cart.id, "ana")]
    with uow:
        entries = uow.audit.of("order", order.id)
    assert [(entry.actor_id, entry.action) for entry in entries] == [("agent-1", "order.placed")]


def test_the_same_key_gives_the_same_order_and_takes_nothing_twice(
    uow: UnitOfWork, published: list[ShopEvent]
) -> None:
    cart = stored(uow, a_cart(*MUGS_AND_LAMP))
    first = placed(uow, cart)
    published.clear()

    again = place_order(uow, cart.id, CHECKOUT, RULES, AGENT, NOW + timedelta(hours=1))

    assert again == first
    assert stock(uow) == {"mug": 8, "lamp": 9}
    assert published == []


def test_a_key_is_for_one_cart(uow: UnitOfWork) -> None:
    placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP, cart_id="first")))
    other = stored(uow, a_cart(*MUGS_AND_LAMP, cart_id="second"))

    with pytest.raises(ClientKeyReused):
        placed(uow, other)


def test_a_cart_becomes_one_order_whatever_the_key(uow: UnitOfWork) -> None:
    cart = stored(uow, a_cart(*MUGS_AND_LAMP))
    placed(uow, cart)

    with pytest.raises(CartClosed):
        placed(uow, cart, Checkout("another key", "card"))


def test_too_little_stock_takes_nothing_and_leaves_the_cart_open(
    uow: UnitOfWork, published: list[ShopEvent]
) -> None:
    cart = stored(uow, a_cart(cart_line(a_product("lamp")), cart_line(a_product("mug"), 11)))

    with pytest.raises(OutOfStock):
        placed(uow, cart)

    assert stock(uow) == {"mug": 10, "lamp": 10}
    assert published == []
    with uow:
        assert uow.carts.open_of("ana") == cart


def test_an_empty_anonymous_or_missing_cart_cannot_be_ordered(uow: UnitOfWork) -> None:
    with pytest.raises(CartEmpty):
        placed(uow, stored(uow, a_cart(cart_id="empty")))
    with pytest.raises(CartHasNoCustomer):
        placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP, cart_id="nobodys", customer_id=None)))
    with pytest.raises(CartNotFound):
        placed(uow, a_cart(cart_id="never saved"))


class Beaten(MemoryUnitOfWork):
    """Another request with the same key commits first."""

    def commit(self) -> None:
        place_order(MemoryUnitOfWork(self.shop), "cart-1", CHECKOUT, RULES, AGENT, NOW)
        raise Conflict("somebody was quicker")


def test_a_request_that_is_beaten_by_itself_gives_the_order_of_the_other(uow: MemoryUnitOfWork) -> None:
    stored(uow, a_cart(*MUGS_AND_LAMP))

    order = place_order(Beaten(uow.shop), "cart-1", CHECKOUT, RULES, AGENT, NOW)

    with uow:
        assert uow.orders.of_customer("ana", 5) == (order,)


def test_the_chosen_delivery_is_audited(uow: UnitOfWork) -> None:
    order = placed(uow, stored(uow, a_cart(*MUGS_AND_LAMP)), Checkout("key-1", "card", delivery="point"))

    with uow:
        [entry] = uow.audit.of("order", order.id)
    assert entry.details == (("cart", "cart-1"), ("delivery", "point"))
