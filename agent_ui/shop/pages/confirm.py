"""The customer's last word: the order is placed."""

from datetime import UTC, datetime

from flask import abort, flash, render_template
from sqlalchemy.orm import Session

from agent_ui.shop.drafts import Draft, forget_draft
from agent_ui.shop.forms import ConfirmForm
from agent_ui.shop.language import language
from agent_ui.shop.pages.area import Answer, area, to
from agent_ui.shop.pages.checkout import draft, keep
from agent_ui.shop.placing import CartMoved, PaymentTooLow, Purchase, buy, client_key
from agent_ui.shop.visits import holds_cart, may_see_order, note_order
from agent_ui.shop.wiring import services
from orders.errors import CartClosed, CartEmpty, CartNotFound, Conflict, OrderNotFound, OutOfStock
from orders.model.order import Order
from orders.ports import UnitOfWork
from orders.services.order_lookup import get_order

blueprint = area("confirm")


@blueprint.post("/checkout/review")
def place() -> Answer:
    """Place the order; pressed twice it is the same order."""
    form = ConfirmForm()
    if not form.validate():
        abort(400)
    cart_id: str = form.cart.data
    order = services().store.run(_placed_earlier, cart_id)
    if order is not None and (holds_cart(cart_id) or may_see_order(order.id, order.customer_id)):
        return _done(order)
    if not holds_cart(cart_id):
        abort(400)
    said = draft(cart_id)
    if said.recipient is None or said.delivery is None:
        return to("checkout.enter")
    return _bought(cart_id, form.seen.data, said)


@blueprint.get("/order/<order_id>/done")
def done(order_id: str) -> Answer:
    """The order's number, which the telephone knows a minute later."""
    try:
        order = services().store.run(get_order, order_id)
    except OrderNotFound:
        abort(404)
    if not may_see_order(order.id, order.customer_id):
        abort(404)
    return render_template("shop/done.html", order=order)


def _bought(cart_id: str, seen: str, said: Draft) -> Answer:
    assert said.recipient is not None and said.delivery is not None  # noqa: S101 - the caller has looked
    authorized = services().signer.authorization(said.payment or "")
    purchase = Purchase(cart_id, seen, said.recipient, said.delivery, authorized, language())
    try:
        order = services().store.run(buy, purchase, services().rules, services().numbers, datetime.now(UTC))
    except OutOfStock:
        flash("checkout.out_of_stock", "problem")
        return to("cart.show")
    except (CartMoved, Conflict):
        flash("checkout.moved", "problem")
        return to("checkout.review")
    except PaymentTooLow:
        keep(cart_id, said.with_payment(None))
        flash("payment.again", "problem")
        return to("checkout.payment")
    except (CartNotFound, CartClosed, CartEmpty):
        return to("cart.show")
    return _done(order)


def _done(order: Order) -> Answer:
    services().storage.run(_tidy, order.cart_id or "")
    note_order(order.id)
    return to("confirm.done", order_id=order.id)


def _placed_earlier(uow: UnitOfWork, cart_id: str) -> Order | None:
    with uow:
        return uow.orders.by_client_key(client_key(cart_id))


def _tidy(session: Session, cart_id: str) -> None:
    forget_draft(session, cart_id)
