"""From a checkout to an order, in memory."""

from dataclasses import replace

import pytest

from agent_ui.shop.drafts import Recipient
from agent_ui.shop.payment.tokens import Authorization
from agent_ui.shop.placing import CartMoved, PaymentTooLow, Purchase, buy, contents, guest_id
from orders.adapters.memory import MemoryUnitOfWork, Shop
from orders.adapters.numbers import PhoneNumberParser
from orders.errors import OutOfStock
from orders.model.cart import Cart, Discount
from orders.model.order import Order
from orders.model.order_state import OrderState
from orders.ports import UnitOfWork
from orders.services.carts import add_to_cart
from orders.services.customers import find_customer_by_number, get_customer
from orders.services.order_lookup import find_order
from tests.shop import AGENT, LISBON, NOW, RULES, a_cart, a_customer, a_product, cart_line

NUMBERS = PhoneNumberParser()
RUI = Recipient("Rui Sá", "rui@example.com", "200 000 177", "Rua Nova 1", "4000-001", "Porto", "PT")
TOTAL = 2_500 + 500


@pytest.fixture
def uow() -> UnitOfWork:
    uow = MemoryUnitOfWork(Shop())
    with uow:
        uow.customers.save(a_customer())
        uow.products.save(a_product("mug", 1_250, stock=4))
        uow.commit()
    return uow


def cart(uow: UnitOfWork, **details: object) -> Cart:
    with uow:
        made = uow.carts.save(
            a_cart(cart_line(a_product("mug", 1_250), 2), **{"customer_id": None, **details})
        )
        uow.commit()
    return made


def purchase(cart: Cart, authorized: int = TOTAL) -> Purchase:
    return Purchase(cart.id, contents(cart), RUI, "home", Authorization(cart.id, authorized, "EUR"), "pt")


def bought(uow: UnitOfWork, wanted: Purchase) -> Order:
    return buy(uow, wanted, RULES, NUMBERS, NOW)


def test_a_visitor_becomes_a_customer_with_a_paid_order(uow: UnitOfWork) -> None:
    order = bought(uow, purchase(cart(uow)))

    assert order.state is OrderState.PAID
    assert [payment.state for payment in order.payments] == ["captured"]
    assert order.ship_to == RUI.address
    customer = get_customer(uow, order.customer_id)
    assert (customer.name, customer.phones, customer.language) == ("Rui Sá", ("+351200000177",), "pt")


def test_the_order_is_found_by_its_number_and_postal_code_as_on_the_telephone(uow: UnitOfWork) -> None:
    order = bought(uow, purchase(cart(uow)))

    assert find_order(uow, order.number, "4000001", "PT", NUMBERS) == order


def test_pressed_twice_it_is_one_order_of_one_customer(uow: UnitOfWork) -> None:
    wanted = purchase(cart(uow))

    first, second = bought(uow, wanted), bought(uow, wanted)

    assert first.id == second.id
    with uow:
        assert len(uow.customers.search("Rui", 10)) == 1
        product = uow.products.get("mug")
    assert product is not None and product.stock == 2


def test_a_signed_in_customers_order_is_theirs_and_goes_where_they_say(uow: UnitOfWork) -> None:
    order = bought(uow, purchase(cart(uow, customer_id="ana")))

    assert order.customer_id == "ana"
    assert order.ship_to == RUI.address
    assert get_customer(uow, "ana").address == LISBON


def test_a_cart_that_an_agent_changed_since_is_looked_at_again_first(uow: UnitOfWork) -> None:
    seen = cart(uow)
    add_to_cart(uow, seen.id, "mug", 1, AGENT, NOW)

    with pytest.raises(CartMoved):
        bought(uow, purchase(seen))


@pytest.mark.parametrize("authorized", [0, TOTAL - 1])
def test_a_payment_below_the_total_is_not_taken(uow: UnitOfWork, authorized: int) -> None:
    with pytest.raises(PaymentTooLow):
        bought(uow, purchase(cart(uow), authorized))


def test_a_payment_for_another_cart_is_not_taken(uow: UnitOfWork) -> None:
    wanted = replace(purchase(cart(uow)), payment=Authorization("cart-2", TOTAL, "EUR"))

    with pytest.raises(PaymentTooLow):
        bought(uow, wanted)


def test_nothing_is_asked_for_what_costs_nothing(uow: UnitOfWork) -> None:
    gift = cart(uow, discount=Discount(10_000, "sorry", "agent-1"))
    with uow:
        uow.customers.save(a_customer())
    rules = replace(RULES, shipping_fee=RULES.shipping_fee - RULES.shipping_fee)

    order = buy(uow, replace(purchase(gift), payment=None), rules, NUMBERS, NOW)

    assert order.state is OrderState.PAID
    assert order.payments == ()


def test_too_few_items_make_no_order_and_take_no_stock(uow: UnitOfWork) -> None:
    wanted = purchase(cart(uow))
    with uow:
        uow.products.take_stock("mug", 3)
        uow.commit()

    with pytest.raises(OutOfStock):
        bought(uow, wanted)

    with uow:
        product = uow.products.get("mug")
        assert uow.orders.by_client_key("shop-cart-1") is None
    assert product is not None and product.stock == 1


def test_a_guest_does_not_take_another_customers_number_away(uow: UnitOfWork) -> None:
    hers = replace(RUI, phone="+351 200 000 101")

    order = bought(uow, replace(purchase(cart(uow)), recipient=hers))

    assert get_customer(uow, order.customer_id).phones == ()
    caller = find_customer_by_number(uow, "+351200000101", "PT", NUMBERS)
    assert caller is not None and caller.id == "ana"


def test_a_carts_guest_is_always_the_same(uow: UnitOfWork) -> None:
    assert guest_id("cart-1") == guest_id("cart-1") != guest_id("cart-2")
