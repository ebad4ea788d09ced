"""What every implementation of the shop's ports must do: in memory, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from orders.errors import Conflict
from orders.events import CartChanged, ShopEvent
from orders.model.audit import AuditEntry
from orders.model.cart import Discount, Prepared
from orders.model.order_return import Return
from orders.model.order_state import OrderState
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.model.text import LocalizedText
from orders.ports import UnitOfWork
from tests.shop import NOW, a_cart, a_customer, a_product, a_site, an_order, cart_line, eur

LATER = NOW + timedelta(hours=1, microseconds=123_456)
MUG, LAMP = a_product("mug"), a_product("lamp", 2_000)


@pytest.fixture(autouse=True)
def ana_and_the_products(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("ana"))
        uow.products.save(MUG)
        uow.products.save(LAMP)
        uow.commit()


def test_nothing_lasts_without_a_commit(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("rui"))

    with uow:
        assert uow.customers.get("rui") is None


def test_nothing_lasts_after_an_error(uow: UnitOfWork) -> None:
    with pytest.raises(RuntimeError), uow:
        uow.customers.save(a_customer("rui"))
        raise RuntimeError

    with uow:
        assert uow.customers.get("rui") is None


def test_a_rollback_undoes_what_came_since_the_commit(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("rui"))
        uow.commit()
        uow.customers.save(a_customer("eva"))
        uow.rollback()
        uow.commit()

    with uow:
        assert uow.customers.get("rui") is not None
        assert uow.customers.get("eva") is None


def test_changes_are_seen_by_others_after_the_commit_only(new_uow: Callable[[], UnitOfWork]) -> None:
    mine, yours = new_uow(), new_uow()

    with mine:
        mine.customers.save(a_customer("rui"))
        with yours:
            before = yours.customers.get("rui")
        mine.commit()
    with yours:
        after = yours.customers.get("rui")

    assert (before, after) == (None, a_customer("rui"))


def test_events_are_published_in_order_after_the_commit_only(
    uow: UnitOfWork, published: list[ShopEvent]
) -> None:
    first, second = CartChanged("1", None), CartChanged("2", "ana")
    with uow:
        uow.record(first)
        uow.record(second)
        before = list(published)
        uow.commit()
        uow.record(CartChanged("3", "ana"))

    assert before == []
    assert published == [first, second]


def test_a_customer_is_read_as_it_was_saved(uow: UnitOfWork) -> None:
    customer = a_customer("rui", name="Rui Só", phones=("+351200000109", "+447700900123"))
    with uow:
        uow.customers.save(customer)
        uow.commit()

    with uow:
        assert uow.customers.get("rui") == customer


def test_a_customer_is_replaced_with_all_phones(uow: UnitOfWork) -> None:
    changed = a_customer("ana", email="new@example.com", phones=("+351200000108",))
    with uow:
        uow.customers.save(changed)
        uow.commit()

    with uow:
        assert uow.customers.get("ana") == changed
        assert uow.customers.by_phone("+351200000101") == ()
        assert uow.customers.by_phone("+351200000108") == (changed,)


def test_all_customers_with_a_phone_are_found_by_it(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("rui", phones=("+351200000109", "+351200000101")))
        uow.customers.save(a_customer("eva", phones=()))
        uow.commit()

    with uow:
        found = uow.customers.by_phone("+351200000101")

    assert [customer.id for customer in found] == ["ana", "rui"]
    assert found[1].phones == ("+351200000109", "+351200000101")


def test_customers_are_searched_without_case_and_accents(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("elo", name="Élodie 100% Brand_o", email="x@example.org"))
        uow.commit()

    with uow:
        for text, found in (
            ("ELODIE", ["elo"]),
            ("brandao", ["ana"]),
            ("EXAMPLE.ORG", ["elo"]),
            ("100%", ["elo"]),
            ("d_o", ["elo"]),
            ("b%o", []),
            ("example", ["ana", "elo"]),
        ):
            assert [customer.id for customer in uow.customers.search(text, 10)] == found
        assert len(uow.customers.search("example", 1)) == 1


def test_products_are_read_listed_and_replaced(uow: UnitOfWork) -> None:
    cheaper = replace(MUG, price=eur(999), stock=3)
    with uow:
        uow.products.save(cheaper)
        uow.commit()

    with uow:
        assert uow.products.get("mug") == cheaper
        assert uow.products.get("sofa") is None
        assert uow.products.list(10) == (LAMP, cheaper)
        assert uow.products.list(1, 1) == (cheaper,)


def test_stock_is_taken_while_it_lasts(uow: UnitOfWork) -> None:
    with uow:
        taken = [uow.products.take_stock("mug", quantity) for quantity in (4, 7, 6, 1)]
        uow.products.put_back("mug", 2)
        uow.commit()

    with uow:
        product = uow.products.get("mug")
    assert taken == [True, False, True, False]
    assert product is not None
    assert product.stock == 2


def test_stock_of_nothing_cannot_be_taken(uow: UnitOfWork) -> None:
    with uow:
        assert not uow.products.take_stock("sofa", 1)
        uow.products.put_back("sofa", 1)


def test_a_cart_is_read_as_it_was_saved(uow: UnitOfWork) -> None:
    lines = (cart_line(LAMP, 3), replace(cart_line(MUG), unit_price=eur(1)))
    cart = a_cart(*lines, checkout_step="payment", discount=Discount(500, "Née à Évora", "agent-1"))
    with uow:
        saved = uow.carts.save(cart)
        uow.commit()

    assert saved == replace(cart, version=1)
    with uow:
        assert uow.carts.get(cart.id) == saved
        assert uow.carts.open_of("ana") == saved
        assert uow.carts.get("no such cart") is None


def test_a_cart_is_replaced_with_its_lines(uow: UnitOfWork) -> None:
    with uow:
        first = uow.carts.save(a_cart(cart_line(MUG), cart_line(LAMP)))
        second = uow.carts.save(replace(first, lines=(cart_line(LAMP, 2),), discount=None))
        third = uow.carts.save(replace(second, lines=()))
        uow.commit()

    assert third.version == 3
    with uow:
        assert uow.carts.get(first.id) == third


def test_a_change_based_on_an_old_cart_is_refused(uow: UnitOfWork) -> None:
    with uow:
        old = uow.carts.save(a_cart(cart_line(MUG)))
        new = uow.carts.save(replace(old, lines=()))
        uow.commit()

    for stale in (old, replace(old, version=0), replace(old, version=7)):
        with uow, pytest.raises(Conflict):
            uow.carts.save(stale)
    with uow:
        assert uow.carts.get(old.id) == new


def test_a_customer_has_one_open_cart_and_any_number_of_others(uow: UnitOfWork) -> None:
    with uow:
        uow.carts.save(a_cart(cart_id="done", state="ordered"))
        uow.carts.save(a_cart(cart_id="left", state="abandoned"))
        uow.carts.save(a_cart(cart_id="open"))
        uow.carts.save(a_cart(cart_id="visitor 1", customer_id=None))
        uow.carts.save(a_cart(cart_id="visitor 2", customer_id=None))
        uow.commit()

    with uow, pytest.raises(Conflict):
        uow.carts.save(a_cart(cart_id="another"))
    with uow:
        mine = uow.carts.open_of("ana")
    assert mine is not None
    assert mine.id == "open"


def test_an_order_is_read_as_it_was_saved_with_all_its_parts(uow: UnitOfWork) -> None:
    order = an_order(
        state=OrderState.RETURN_REQUESTED,
        placed_at=LATER,
        payments=(
            Payment("p2", "card", eur(5_000), "captured", NOW),
            Payment("p1", "card", eur(500), "refunded", LATER),
        ),
        shipments=(
            Shipment("s2", "Correios", "PT 1", 2, date(2026, 3, 5), NOW, LATER),
            Shipment("s1", "DHL", "", 1, None, LATER),
        ),
        returns=(
            Return("r2", "mug", 1, "damaged", eur(1_250), "refused", NOW, LATER),
            Return("r1", "lamp", 1, "too_late", eur(2_000), "requested", LATER),
        ),
    )
    with uow:
        saved = uow.orders.save(order)
        uow.commit()

    assert saved == replace(order, version=1)
    with uow:
        assert uow.orders.get(order.id) == saved
        assert uow.orders.by_number(order.number) == saved
        assert uow.orders.by_client_key(order.client_key) == saved
        assert uow.orders.of_customer("ana", 5) == (saved,)


def test_an_order_is_replaced_with_its_parts(uow: UnitOfWork) -> None:
    pending = Payment("p1", "card", eur(5_000), "pending", NOW)
    with uow:
        placed = uow.orders.save(an_order(payments=(pending,)))
        uow.commit()
    captured = replace(pending, state="captured", at=LATER)

    with uow:
        paid = uow.orders.save(replace(placed, state=OrderState.PAID, payments=(captured,)))
        uow.commit()

    with uow:
        assert uow.orders.get(placed.id) == paid
        with pytest.raises(Conflict):
            uow.orders.save(placed)


def test_numbers_and_client_keys_are_used_once(uow: UnitOfWork) -> None:
    first = an_order("first", 200_001)
    with uow:
        uow.orders.save(first)
        uow.commit()

    with uow, pytest.raises(Conflict):
        uow.orders.save(an_order("second", 200_001))
    with uow, pytest.raises(Conflict):
        uow.orders.save(an_order("second", 200_002, client_key=first.client_key))
    with uow:
        assert uow.orders.number_is_taken(first.number)
        assert not uow.orders.number_is_taken(an_order(payload=200_002).number)


def test_what_does_not_exist_is_none(uow: UnitOfWork) -> None:
    with uow:
        assert uow.orders.get("x") is uow.orders.by_number("x") is uow.orders.by_client_key("x") is None
        assert uow.customers.get("x") is uow.carts.open_of("x") is None
        assert uow.orders.of_customer("x", 5) == ()
        assert uow.orders.count_of_customer("x") == 0


def test_a_customers_orders_come_latest_first_in_pages_and_are_counted(uow: UnitOfWork) -> None:
    with uow:
        uow.customers.save(a_customer("rui"))
        uow.orders.save(an_order("not hers", 200_009, customer_id="rui"))
        for age in (2, 0, 3, 1):
            uow.orders.save(an_order(f"order {age}", 200_000 + age, placed_at=NOW - timedelta(days=age)))
        uow.commit()

    with uow:
        pages = [uow.orders.of_customer("ana", 3, offset) for offset in (0, 3, 6)]
        count = uow.orders.count_of_customer("ana")

    assert [[order.id for order in page] for page in pages] == [
        ["order 0", "order 1", "order 2"],
        ["order 3"],
        [],
    ]
    assert count == 4


def test_the_audit_trail_keeps_the_order_of_its_entries(uow: UnitOfWork) -> None:
    def entry(entry_id: str, action: str, subject_id: str = "cart-1") -> AuditEntry:
        details = (("sku", "SKU-mug"), ("quantity", 2))
        return AuditEntry(entry_id, NOW, "agent", "agent-1", action, "cart", subject_id, details)

    with uow:
        uow.audit.add(entry("z", "cart.line_added"))
        uow.audit.add(entry("a", "cart.line_removed"))
        uow.audit.add(entry("m", "cart.line_added", "cart-2"))
        uow.commit()

    with uow:
        assert uow.audit.of("cart", "cart-1") == (
            entry("z", "cart.line_added"),
            entry("a", "cart.line_removed"),
        )
        assert uow.audit.of("order", "cart-1") == ()


def test_a_site_is_read_as_it_was_saved_by_id_and_by_key(uow: UnitOfWork) -> None:
    site = a_site("atelier", origins=("https://shop.example", "https://loja.example"))
    with uow:
        uow.sites.save(site)
        uow.commit()

    with uow:
        assert uow.sites.get("atelier") == uow.sites.by_key(site.key) == site
        assert uow.sites.get("x") is uow.sites.by_key("x") is None


def test_sites_are_replaced_and_listed_by_id(uow: UnitOfWork) -> None:
    changed = a_site("papel", name="Papel & Tinta")
    with uow:
        for site in (a_site("papel"), a_site("atelier"), changed):
            uow.sites.save(site)
        uow.commit()

    with uow:
        assert uow.sites.all() == (a_site("atelier"), changed)


def test_a_sites_key_is_its_own(uow: UnitOfWork) -> None:
    with uow:
        uow.sites.save(a_site("atelier"))
        uow.commit()

    with uow, pytest.raises(Conflict):
        uow.sites.save(a_site("papel", key=a_site("atelier").key))


def test_products_are_found_by_words_of_any_language_and_by_sku(uow: UnitOfWork) -> None:
    mug = replace(MUG, sku="KIT-101", name=LocalizedText("Enamel mug", "Tasse émaillée", "Caneca esmaltada"))
    bowl = replace(LAMP, sku="KIT-102", name=LocalizedText("Enamel bowl", "Bol émaillé", "Taça 100%"))
    with uow:
        uow.products.save(mug)
        uow.products.save(bowl)
        uow.commit()

    with uow:
        assert uow.products.search("ENAMEL", 10) == (mug, bowl)
        assert uow.products.search("enamel", 1) == (mug,)
        assert uow.products.search("emaillee tasse", 10) == (mug,)
        assert uow.products.search("kit-102", 10) == uow.products.search("100%", 10) == (bowl,)
        assert uow.products.search("caneca bowl", 10) == uow.products.search("_", 10) == ()
        assert uow.products.having_skus(["KIT-102", "KIT-101", "x"]) == (mug, bowl)
        assert uow.products.having_skus([]) == ()


def test_each_shop_has_its_own_products_and_skus(uow: UnitOfWork) -> None:
    foreign = a_product("papel:p7", sku=MUG.sku, site="papel")
    with uow:
        uow.products.save(foreign)
        uow.commit()

    with uow:
        assert uow.products.list(10) == (LAMP, MUG)
        assert uow.products.search(foreign.name.en, 10) == ()
        assert uow.products.having_skus([MUG.sku]) == (MUG,)
        assert uow.products.having_skus([MUG.sku], "papel") == (foreign,)
        assert uow.products.get(foreign.id) == foreign
    with uow, pytest.raises(Conflict):
        uow.products.save(a_product("papel:p8", sku=MUG.sku, site="papel"))


def test_a_prepared_cart_says_by_whom_and_when(uow: UnitOfWork) -> None:
    with uow:
        saved = uow.carts.save(a_cart(cart_line(MUG), prepared=Prepared("agent-1", LATER)))
        uow.commit()

    with uow:
        assert uow.carts.get("cart-1") == saved
        assert saved.prepared == Prepared("agent-1", LATER)
        assert uow.carts.save(replace(saved, prepared=None)).prepared is None


def test_each_shop_numbers_its_orders_itself(uow: UnitOfWork) -> None:
    with uow:
        own = uow.orders.save(an_order("own"))
        other = uow.orders.save(an_order("other", site="papel"))
        foreign = uow.orders.save(an_order("foreign", number="727", site="papel"))
        uow.commit()

    with uow:
        assert uow.orders.by_number(own.number) == own
        assert uow.orders.numbered(own.number) == (own, other)
        assert uow.orders.numbered("727") == (foreign,)
        assert uow.orders.by_number("727") is None
        assert not uow.orders.number_is_taken("727")
    with uow, pytest.raises(Conflict):
        uow.orders.save(an_order("rival", number="727", site="papel"))
