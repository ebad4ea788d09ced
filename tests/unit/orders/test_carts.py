from datetime import timedelta

import pytest

from orders.adapters.memory import MemoryUnitOfWork
from orders.errors import (
    CartBelongsToAnother,
    CartClosed,
    CartEmpty,
    CartNotFound,
    Conflict,
    CustomerNotFound,
    DiscountNotAllowed,
    InvalidAmount,
    LineNotFound,
    NothingToRestore,
    OutOfStock,
    ProductNotFound,
)
from orders.events import CartChanged, ShopEvent
from orders.model.cart import Cart, Discount, Prepared
from orders.ports import UnitOfWork
from orders.services import carts
from tests.shop import AGENT, NOW, VISITOR, Contended, a_cart, a_customer, a_product, cart_line

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def cart(uow: UnitOfWork, published: list[ShopEvent]) -> Cart:
    cart = carts.start_cart(uow, "ana", "EUR", NOW)
    published.clear()
    return cart


def stored(uow: UnitOfWork, *new: Cart) -> None:
    with uow:
        for cart in new:
            uow.carts.save(cart)
        uow.commit()


def audited(uow: UnitOfWork, cart: Cart) -> list[tuple[str, str, dict[str, str | int]]]:
    with uow:
        entries = uow.audit.of("cart", cart.id)
    return [(entry.actor_id, entry.action, dict(entry.details)) for entry in entries]


def open_cart(uow: UnitOfWork) -> Cart | None:
    with uow:
        return uow.carts.open_of("ana")


def test_starting_a_cart_twice_gives_the_open_one(uow: UnitOfWork, cart: Cart) -> None:
    assert carts.start_cart(uow, "ana", "EUR", LATER) == cart
    assert open_cart(uow) == cart


def test_every_visitor_gets_a_cart_of_their_own(uow: UnitOfWork) -> None:
    first, second = (carts.start_cart(uow, None, "EUR", NOW) for _ in range(2))

    assert first.id != second.id
    assert first.customer_id is None


def test_nobody_unknown_starts_a_cart(uow: UnitOfWork) -> None:
    with pytest.raises(CustomerNotFound):
        carts.start_cart(uow, "nobody", "EUR", NOW)


def test_a_change_is_kept_attributed_and_published(
    uow: UnitOfWork, cart: Cart, published: list[ShopEvent]
) -> None:
    changed = carts.add_to_cart(uow, cart.id, "mug", 2, AGENT, LATER)

    assert carts.get_cart(uow, cart.id) == changed
    assert changed.lines == (cart_line(a_product("mug"), 2),)
    assert audited(uow, cart) == [("agent-1", "cart.line_added", {"sku": "SKU-mug", "quantity": 2})]
    assert published == [CartChanged(cart.id, "ana")]


def test_all_that_is_done_with_a_cart_can_be_read_in_its_audit_trail(uow: UnitOfWork, cart: Cart) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 2, VISITOR, LATER)
    carts.change_quantity(uow, cart.id, "mug", 5, AGENT, LATER)
    carts.give_discount(uow, cart.id, 500, "late parcel", AGENT, LATER)
    carts.go_to_step(uow, cart.id, "payment", VISITOR, LATER)
    carts.remove_from_cart(uow, cart.id, "mug", VISITOR, LATER)

    assert audited(uow, cart) == [
        ("ana", "cart.line_added", {"sku": "SKU-mug", "quantity": 2}),
        ("agent-1", "cart.quantity_changed", {"sku": "SKU-mug", "before": 2, "after": 5}),
        ("agent-1", "cart.discount_given", {"before": 0, "after": 500, "reason": "late parcel"}),
        ("ana", "cart.step_changed", {"before": "cart", "after": "payment"}),
        ("ana", "cart.line_removed", {"sku": "SKU-mug", "quantity": 5, "price": 1_250, "position": 0}),
    ]


def test_a_discount_within_the_actors_limit_is_given_and_taken_away(uow: UnitOfWork, cart: Cart) -> None:
    with_discount = carts.give_discount(uow, cart.id, 1_000, "sorry", AGENT, LATER)
    without_discount = carts.give_discount(uow, cart.id, 0, "", AGENT, LATER)

    assert with_discount.discount == Discount(1_000, "sorry", "agent-1")
    assert without_discount.discount is None


def test_a_discount_above_the_actors_limit_is_refused(uow: UnitOfWork, cart: Cart) -> None:
    with pytest.raises(DiscountNotAllowed):
        carts.give_discount(uow, cart.id, 1_001, "too kind", AGENT, LATER)
    with pytest.raises(DiscountNotAllowed):
        carts.give_discount(uow, cart.id, 1, "for myself", VISITOR, LATER)

    assert carts.get_cart(uow, cart.id) == cart
    assert audited(uow, cart) == []


@pytest.mark.parametrize("basis_points", [-1, 10_001])
def test_a_discount_is_a_share_of_the_subtotal(uow: UnitOfWork, cart: Cart, basis_points: int) -> None:
    with pytest.raises(InvalidAmount):
        carts.give_discount(uow, cart.id, basis_points, "", AGENT, LATER)


def test_a_refused_change_leaves_nothing_behind(
    uow: UnitOfWork, cart: Cart, published: list[ShopEvent]
) -> None:
    with pytest.raises(ProductNotFound):
        carts.add_to_cart(uow, cart.id, "no such thing", 1, AGENT, LATER)
    with pytest.raises(LineNotFound):
        carts.change_quantity(uow, cart.id, "mug", 1, AGENT, LATER)
    with pytest.raises(LineNotFound):
        carts.remove_from_cart(uow, cart.id, "mug", AGENT, LATER)

    assert carts.get_cart(uow, cart.id) == cart
    assert audited(uow, cart) == []
    assert published == []


def test_a_closed_or_missing_cart_does_not_change(uow: UnitOfWork) -> None:
    stored(uow, a_cart(cart_id="done", state="ordered"))

    with pytest.raises(CartClosed):
        carts.add_to_cart(uow, "done", "mug", 1, AGENT, LATER)
    with pytest.raises(CartNotFound):
        carts.add_to_cart(uow, "no such cart", "mug", 1, AGENT, LATER)


def test_a_visitors_cart_becomes_the_customers_and_their_earlier_one_joins_it(uow: UnitOfWork) -> None:
    mug, lamp = cart_line(a_product("mug"), 2), cart_line(a_product("lamp"))
    stored(uow, a_cart(cart_line(a_product("mug"), 9), lamp, cart_id="earlier"))
    stored(uow, a_cart(mug, cart_id="visit", customer_id=None))

    claimed = carts.claim_cart(uow, "visit", "ana", VISITOR, LATER)

    assert claimed.customer_id == "ana"
    assert claimed.lines == (mug, lamp)
    assert open_cart(uow) == claimed
    assert carts.get_cart(uow, "earlier").state == "abandoned"


def test_claiming_ones_own_cart_again_changes_nothing_but_its_version(uow: UnitOfWork, cart: Cart) -> None:
    claimed = carts.claim_cart(uow, cart.id, "ana", VISITOR, NOW)

    assert (claimed.customer_id, claimed.lines, claimed.state) == ("ana", (), "open")


def test_nobody_claims_anothers_cart(uow: UnitOfWork, cart: Cart) -> None:
    with uow:
        uow.customers.save(a_customer("rui"))
        uow.commit()

    with pytest.raises(CartBelongsToAnother):
        carts.claim_cart(uow, cart.id, "rui", AGENT, LATER)


@pytest.mark.parametrize(("losses", "kept"), [(2, True), (3, False)])
def test_a_lost_race_is_run_again_a_few_times(
    uow: MemoryUnitOfWork, cart: Cart, losses: int, kept: bool
) -> None:
    contended = Contended(uow.shop, losses)

    try:
        carts.add_to_cart(contended, cart.id, "mug", 2, AGENT, LATER)
    except Conflict:
        assert not kept

    quantities = [line.quantity for line in carts.get_cart(uow, cart.id).lines]
    assert quantities == ([2] if kept else [])


def test_no_more_is_put_in_than_the_shop_has(uow: UnitOfWork, cart: Cart) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 8, VISITOR, NOW)

    with pytest.raises(OutOfStock) as added:
        carts.add_to_cart(uow, cart.id, "mug", 3, AGENT, LATER)
    with pytest.raises(OutOfStock):
        carts.change_quantity(uow, cart.id, "mug", 11, AGENT, LATER)

    assert added.value.params == {"sku": "SKU-mug", "left": "10"}
    assert carts.change_quantity(uow, cart.id, "mug", 10, AGENT, LATER).item_count == 10


def test_fewer_can_always_be_had_though_the_stock_shrank(uow: UnitOfWork, cart: Cart) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 8, VISITOR, NOW)
    with uow:
        uow.products.save(a_product("mug", 1_250, stock=2))
        uow.commit()

    assert carts.change_quantity(uow, cart.id, "mug", 5, AGENT, LATER).item_count == 5


def test_a_removed_line_comes_back_at_its_place_and_price(uow: UnitOfWork, cart: Cart) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 2, VISITOR, NOW)
    before = carts.add_to_cart(uow, cart.id, "lamp", 1, VISITOR, NOW)
    carts.remove_from_cart(uow, cart.id, "mug", AGENT, LATER)
    with uow:
        uow.products.save(a_product("mug", 1_999))
        uow.commit()

    after = carts.restore_line(uow, cart.id, "mug", AGENT, LATER)

    assert after.lines == before.lines
    assert audited(uow, cart)[-1] == ("agent-1", "cart.line_restored", {"sku": "SKU-mug", "quantity": 2})


def test_only_what_was_removed_and_is_not_back_can_be_restored(uow: UnitOfWork, cart: Cart) -> None:
    with pytest.raises(NothingToRestore):
        carts.restore_line(uow, cart.id, "mug", AGENT, LATER)
    carts.add_to_cart(uow, cart.id, "mug", 2, VISITOR, NOW)
    carts.remove_from_cart(uow, cart.id, "mug", AGENT, LATER)
    carts.add_to_cart(uow, cart.id, "mug", 1, VISITOR, LATER)
    with pytest.raises(NothingToRestore):
        carts.restore_line(uow, cart.id, "mug", AGENT, LATER)


def test_a_prepared_order_says_by_whom_and_stays_so_on_the_way_through_the_checkout(
    uow: UnitOfWork, cart: Cart
) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 2, VISITOR, NOW)
    prepared = carts.prepare_order(uow, cart.id, AGENT, LATER)
    later = carts.go_to_step(uow, cart.id, "review", VISITOR, LATER)

    assert prepared.prepared == later.prepared == Prepared("agent-1", LATER)
    assert audited(uow, cart)[1] == ("agent-1", "cart.prepared", {})


def test_a_change_of_what_is_bought_takes_the_mark_away(uow: UnitOfWork, cart: Cart) -> None:
    carts.add_to_cart(uow, cart.id, "mug", 2, VISITOR, NOW)
    carts.prepare_order(uow, cart.id, AGENT, LATER)
    assert carts.add_to_cart(uow, cart.id, "lamp", 1, VISITOR, LATER).prepared is None
    carts.prepare_order(uow, cart.id, AGENT, LATER)
    assert carts.give_discount(uow, cart.id, 500, "", AGENT, LATER).prepared is None
    carts.prepare_order(uow, cart.id, AGENT, LATER)
    assert carts.withdraw_order(uow, cart.id, AGENT, LATER).prepared is None


def test_an_empty_cart_or_one_that_cannot_be_delivered_is_not_prepared(uow: UnitOfWork, cart: Cart) -> None:
    with pytest.raises(CartEmpty):
        carts.prepare_order(uow, cart.id, AGENT, LATER)
    carts.add_to_cart(uow, cart.id, "mug", 8, VISITOR, NOW)
    with uow:
        uow.products.save(a_product("mug", 1_250, stock=2))
        uow.commit()
    with pytest.raises(OutOfStock):
        carts.prepare_order(uow, cart.id, AGENT, LATER)
