"""What an agent sees of a customer, from the shop's own services."""

from datetime import UTC, date, datetime

import pytest

from agent_ui.customer_files import CustomerFiles
from orders.adapters.memory import MemoryUnitOfWork
from orders.adapters.memory import Shop as Stored
from orders.adapters.numbers import PhoneNumberParser
from orders.model.address import Address
from orders.model.cart import Cart, CartLine
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import Order, OrderLine
from orders.model.order_state import OrderState
from orders.model.shipment import Shipment
from orders.model.text import LocalizedText
from orders.model.totals import Totals

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOME = Address("8 rue des Lilas", "75011", "Paris", "FR")
MUG = LocalizedText("Enamel mug", "Tasse émaillée", "Caneca esmaltada")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def customer(id: str = "cust", *phones: str) -> Customer:
    return Customer(id, "Camille Rousselin", "camille@example.com", phones or ("+33639980001",), "fr", HOME)


@pytest.fixture
def stored() -> Stored:
    made = Stored()
    made.customers["cust"] = customer()
    made.carts["cart"] = Cart(
        "cart", "cust", "EUR", NOW, (CartLine("mug", "KIT-101", MUG, 2, euros(1290)),), "payment"
    )
    totals = Totals(euros(2580), euros(0), euros(490), euros(512), euros(3070))
    made.orders["order"] = Order(
        id="order",
        number="2001018",
        customer_id="cust",
        cart_id=None,
        client_key="key",
        placed_at=NOW,
        state=OrderState.SHIPPED,
        ship_to=HOME,
        lines=(OrderLine("mug", "KIT-101", MUG, 2, euros(1290)),),
        totals=totals,
        shipments=(Shipment("s", "La Poste", "6A1", 2, date(2020, 1, 2), NOW),),
    )
    return made


def shop(stored: Stored) -> CustomerFiles:
    return CustomerFiles(lambda: MemoryUnitOfWork(stored), PhoneNumberParser())


def test_the_panel_shows_cart_lines_with_their_totals(stored: Stored) -> None:
    panel = shop(stored).panel("cust", None)
    assert panel is not None
    assert panel.cart is not None
    line = panel.cart.lines[0]
    assert (line.name["fr"], line.quantity, line.amount.minor) == ("Tasse émaillée", 2, 2580)
    assert panel.cart.totals.total.minor == 2580 + 490
    assert panel.cart.checkout_step == "payment"


def test_the_panel_shows_where_each_order_stands(stored: Stored) -> None:
    panel = shop(stored).panel("cust", None)
    assert panel is not None
    order = panel.orders[0]
    assert (order.number, order.state, order.carrier, order.is_late) == (
        "2001018",
        "shipped",
        "La Poste",
        True,
    )
    assert panel.order_count == 1


def test_a_caller_who_was_not_asked_is_found_by_number(stored: Stored) -> None:
    panel = shop(stored).panel(None, "+33639980001")
    assert panel is not None
    assert panel.customer.id == "cust"


def test_a_number_that_two_customers_share_shows_neither(stored: Stored) -> None:
    stored.customers["other"] = customer("other", "+33639980001")
    assert shop(stored).panel(None, "+33639980001") is None


@pytest.mark.parametrize("caller", [None, "", "anonymous", "+33600000000"])
def test_an_unknown_caller_has_no_panel(stored: Stored, caller: str | None) -> None:
    assert shop(stored).panel(None, caller) is None


def test_a_customer_who_is_gone_has_no_panel(stored: Stored) -> None:
    assert shop(stored).panel("gone", None) is None


def test_an_empty_cart_counts_as_none(stored: Stored) -> None:
    stored.carts["cart"] = Cart("cart", "cust", "EUR", NOW)
    panel = shop(stored).panel("cust", None)
    assert panel is not None
    assert panel.cart is None


def test_names_are_given_for_the_customers_that_exist(stored: Stored) -> None:
    assert shop(stored).names(["cust", "gone", "cust"]) == {"cust": "Camille Rousselin"}
