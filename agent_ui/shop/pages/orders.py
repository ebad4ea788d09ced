"""The customer's orders: where they are, sending something back, ordering again."""

from datetime import UTC, datetime
from typing import cast

from flask import abort, flash, render_template, request
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from agent_ui.logins.guard import Attempt
from agent_ui.shop.forms import EmptyForm, ReturnForm
from agent_ui.shop.pages.area import Answer, area, signed_in_only, to
from agent_ui.shop.timeline import timeline
from agent_ui.shop.visits import cart_to_fill, customer, let_see, may_see_order, refresh, visit
from agent_ui.shop.wiring import services
from orders.errors import (
    Conflict,
    CurrencyMismatch,
    IllegalTransition,
    InvalidQuantity,
    LineNotFound,
    OutOfStock,
    ProductNotFound,
)
from orders.model.actor import Actor
from orders.model.order import Order
from orders.model.order_number import parse_foreign_number, parse_order_number
from orders.model.order_return import ReturnReason
from orders.model.order_state import OrderState
from orders.ports import UnitOfWork
from orders.services.carts import add_to_cart
from orders.services.order_lookup import customer_orders, find_order
from orders.services.order_progress import request_return
from orders.services.order_status import order_status

blueprint = area("orders")

PAGE = 10
LAST_PAGE = 1_000


class FindForm(FlaskForm):
    """An order's number and what proves that it is one's own."""

    number = StringField(validators=[DataRequired("form.required"), Length(max=20, message="form.too_long")])
    postal_code = StringField(
        validators=[DataRequired("form.required"), Length(max=20, message="form.too_long")],
        render_kw={"autocomplete": "postal-code"},
    )


@blueprint.get("/account/orders")
@signed_in_only
def listing() -> Answer:
    """All orders, latest first."""
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found = services().store.run(customer_orders, customer().id, PAGE + 1, (page - 1) * PAGE)
    return render_template("shop/orders.html", orders=found[:PAGE], page=page, more=len(found) > PAGE)


@blueprint.route("/orders/find", methods=["GET", "POST"])
def find() -> Answer:
    """An order by number and postal code, for those who have no account."""
    form = FindForm()
    if not form.validate_on_submit():
        return render_template("shop/find_order.html", form=form), 422 if form.errors else 200
    # However it is written, it is the same order that is guessed at.
    written = parse_foreign_number(form.number.data) or form.number.data
    attempt = Attempt(request.remote_addr or "", f"order {written}")
    if services().guard.wait_for(attempt):
        return render_template("shop/find_order.html", form=form, problem="account.too_many"), 429
    asked = (form.number.data, form.postal_code.data, "FR", services().numbers)
    order = services().store.run(find_order, *asked)
    if order is None:
        return render_template("shop/find_order.html", form=form, problem="orders.not_found"), 422
    let_see(order.id)
    return to("orders.show", number=order.number)


@blueprint.get("/orders/<number>")
def show(number: str) -> Answer:
    """One order."""
    order = _order(number)
    return _page(order, _return_form(order))


@blueprint.post("/orders/<number>/return")
def send_back(number: str) -> Answer:
    """Ask to send something back."""
    order = _order(number)
    form = _return_form(order)
    if form is None:
        return to("orders.show", number=number)
    if not form.validate():
        return _page(order, form), 422
    wanted = (form.product.data, form.quantity.data, cast(ReturnReason, form.reason.data))
    actor = Actor("customer", order.customer_id)
    try:
        services().store.run(request_return, order.id, *wanted, actor, datetime.now(UTC))
    except LineNotFound:
        form.quantity.errors = ("orders.too_many_back",)
        return _page(order, form), 422
    except (IllegalTransition, Conflict):
        flash("orders.moved", "problem")
        return to("orders.show", number=number)
    flash("orders.return_asked", "success")
    return to("orders.show", number=number)


@blueprint.post("/orders/<number>/again")
def again(number: str) -> Answer:
    """Put the order's products into the cart, as far as the shop has them."""
    order = _order(number)
    cart = cart_to_fill()
    missing = services().store.run(_add_all, cart.id, order, visit().actor, datetime.now(UTC))
    refresh()
    flash("orders.again_partly" if missing else "orders.again", "problem" if missing else "success")
    return to("cart.show")


def _order(number: str) -> Order:
    """The order with this number, if the visit may see it; 404 tells nobody that it exists."""
    wanted = parse_order_number(number)
    order = services().store.run(_by_number, wanted) if wanted else None
    if order is None or not may_see_order(order.id, order.customer_id):
        abort(404)
    return order


def _by_number(uow: UnitOfWork, number: str) -> Order | None:
    with uow:
        return uow.orders.by_number(number)


def _page(order: Order, form: ReturnForm | None) -> str:
    status = order_status(order, datetime.now(UTC).date())
    stages = timeline(order)
    return render_template(
        "shop/order.html", order=order, status=status, stages=stages, form=form, empty=EmptyForm()
    )


def _return_form(order: Order) -> ReturnForm | None:
    """The form to send something back, while that is possible."""
    if order.state is not OrderState.DELIVERED:
        return None
    form = ReturnForm(quantity=1)
    form.product.choices = [line.product_id for line in order.lines]
    return form


def _add_all(uow: UnitOfWork, cart_id: str, order: Order, actor: Actor, now: datetime) -> int:
    """Add every line; how many could not be."""
    missing = 0
    for line in order.lines:
        try:
            add_to_cart(uow, cart_id, line.product_id, line.quantity, actor, now)
        except (ProductNotFound, OutOfStock, InvalidQuantity, CurrencyMismatch):
            missing += 1
    return missing
