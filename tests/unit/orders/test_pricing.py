from hypothesis import given
from hypothesis import strategies as st

from orders.model.pricing import price_lines
from orders.model.totals import Totals
from tests.shop import RULES, a_product, cart_line, eur


def test_a_small_cart_pays_shipping_and_its_tax_is_in_the_total() -> None:
    totals = price_lines("EUR", [cart_line(a_product("mug", 1_250), 2)], 0, RULES)

    assert totals == Totals(eur(2_500), eur(0), eur(500), tax=eur(500), total=eur(3_000))


def test_shipping_is_free_from_the_threshold_on() -> None:
    totals = price_lines("EUR", [cart_line(a_product("sofa", 10_000))], 0, RULES)

    assert (totals.shipping, totals.total) == (eur(0), eur(10_000))


def test_the_threshold_looks_at_what_is_paid_after_the_discount() -> None:
    totals = price_lines("EUR", [cart_line(a_product("sofa", 10_000))], 1_000, RULES)

    assert totals == Totals(eur(10_000), eur(1_000), eur(500), tax=eur(1_583), total=eur(9_500))


def test_nothing_costs_nothing() -> None:
    assert price_lines("EUR", [], 0, RULES).total == eur(0)


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 999)), max_size=8),
    st.integers(0, 10_000),
)
def test_totals_always_add_up(lines: list[tuple[int, int]], discount: int) -> None:
    priced = [cart_line(a_product("x", price), quantity) for price, quantity in lines]

    totals = price_lines("EUR", priced, discount, RULES)

    assert totals.total == totals.subtotal - totals.discount + totals.shipping
    assert eur(0) <= totals.discount <= totals.subtotal
    assert eur(0) <= totals.tax <= totals.total
