from datetime import timedelta

import pytest

from orders.errors import CurrencyMismatch, InvalidQuantity, LineNotFound
from orders.model.cart import MAX_QUANTITY, with_added, with_quantity, without
from tests.shop import NOW, a_cart, a_product, cart_line, eur

LATER = NOW + timedelta(minutes=1)


def test_a_product_comes_in_as_a_line_at_its_price() -> None:
    cart = with_added(a_cart(), a_product("mug", 1_250), 2, LATER)

    assert cart.lines == (cart_line(a_product("mug", 1_250), 2),)
    assert cart.lines[0].amount == eur(2_500)
    assert cart.updated_at == LATER


def test_more_of_a_product_makes_its_line_longer_and_keeps_its_price() -> None:
    cart = a_cart(cart_line(a_product("mug", 1_000), 2))

    cart = with_added(cart, a_product("mug", 1_250), 3, LATER)

    assert [(line.quantity, line.unit_price) for line in cart.lines] == [(5, eur(1_000))]
    assert cart.item_count == 5


def test_changing_a_quantity_keeps_the_lines_in_order() -> None:
    cart = a_cart(cart_line(a_product("mug")), cart_line(a_product("lamp")))

    cart = with_quantity(cart, "mug", 7, LATER)

    assert [(line.product_id, line.quantity) for line in cart.lines] == [("mug", 7), ("lamp", 1)]


def test_a_line_can_be_taken_out() -> None:
    cart = without(a_cart(cart_line(a_product("mug")), cart_line(a_product("lamp"))), "mug", LATER)

    assert [line.product_id for line in cart.lines] == ["lamp"]


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1])
def test_a_line_holds_a_sensible_number_of_items(quantity: int) -> None:
    cart = a_cart(cart_line(a_product("mug")))

    with pytest.raises(InvalidQuantity):
        with_added(a_cart(), a_product("mug"), quantity, LATER)
    with pytest.raises(InvalidQuantity):
        with_quantity(cart, "mug", quantity, LATER)


def test_a_line_cannot_grow_beyond_the_limit_by_adding() -> None:
    with pytest.raises(InvalidQuantity):
        with_added(a_cart(cart_line(a_product("mug"), MAX_QUANTITY)), a_product("mug"), 1, LATER)


def test_what_the_cart_does_not_hold_cannot_change() -> None:
    with pytest.raises(LineNotFound):
        with_quantity(a_cart(), "mug", 1, LATER)
    with pytest.raises(LineNotFound):
        without(a_cart(), "mug", LATER)


def test_a_cart_has_one_currency() -> None:
    with pytest.raises(CurrencyMismatch):
        with_added(a_cart(currency="USD"), a_product("mug"), 1, LATER)
