"""The checkout: address, delivery, payment, review. Each step has an address of its own, so that back works."""

from datetime import UTC, datetime
from typing import cast

from flask import flash, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from agent_ui.shop.delivery import DELIVERIES, Delivery, estimate
from agent_ui.shop.drafts import STEP_OF_CART, Draft, Recipient, Step, draft_of, furthest, keep_draft, may_see
from agent_ui.shop.forms import AddressFields, ConfirmForm, DeliveryForm, EmptyForm
from agent_ui.shop.language import language
from agent_ui.shop.pages.area import Answer, area, to
from agent_ui.shop.pages.cart_view import cart_view
from agent_ui.shop.pages.steps import reach
from agent_ui.shop.payment.tokens import PaymentRequest
from agent_ui.shop.placing import contents
from agent_ui.shop.visits import refresh, visit
from agent_ui.shop.wiring import services
from orders.model.cart import Cart
from orders.model.totals import Totals
from orders.services.overview import cart_overview

blueprint = area("checkout")

NOTHING_TO_PAY = "nothing to pay"
"""Stands for a payment token where the total is zero."""


@blueprint.get("/checkout")
def enter() -> Answer:
    """The first step at which something is missing."""
    cart = _cart()
    return to("cart.show") if cart is None else to(f"checkout.{furthest(draft(cart.id))}")


@blueprint.route("/checkout/address", methods=["GET", "POST"])
def address() -> Answer:
    """Who gets the parcel, and where."""
    cart = _cart()
    if cart is None:
        return to("cart.show")
    known, form = draft(cart.id), AddressFields()
    if form.validate_on_submit():
        keep(cart.id, known.with_recipient(form.recipient))
        return to("checkout.delivery")
    reach("address")
    if request.method == "GET":
        _prefill(form, known)
    return _page("address", known, form=form), 422 if form.errors else 200


@blueprint.route("/checkout/delivery", methods=["GET", "POST"])
def delivery() -> Answer:
    """To the door or to a parcel point."""
    cart, known = _step("delivery")
    if cart is None:
        return to("checkout.enter")
    form = DeliveryForm(delivery=known.delivery or "home")
    if form.validate_on_submit():
        keep(cart.id, known.with_delivery(cast(Delivery, form.delivery.data)))
        return to("checkout.payment")
    country = known.recipient.country if known.recipient else "FR"
    today = datetime.now(UTC).date()
    days = {code: estimate(today, code, country) for code in DELIVERIES}
    return _page("delivery", known, form=form, days=days), 422 if form.errors else 200


@blueprint.route("/checkout/payment", methods=["GET", "POST"])
def payment() -> Answer:
    """The payment provider's frame; the shop's own page has no field for a card."""
    cart, known = _step("payment")
    if cart is None:
        return to("checkout.enter")
    total = totals_of(cart).total
    if request.method == "POST":
        if not total:
            keep(cart.id, known.with_payment(NOTHING_TO_PAY))
        return to("checkout.enter")
    origins, host = services().origins, request.host
    back = origins.shop(host) + url_for("checkout.paid")
    asked = PaymentRequest(cart.id, total.minor, total.currency, language(), back)
    frame = f"{origins.payment(host)}/frame?request={services().signer.sign_request(asked)}"
    return _page("payment", known, frame=frame, frame_origin=origins.payment(host), free=not total)


@blueprint.get("/checkout/paid")
def paid() -> Answer:
    """The payment provider sends the browser here with its token.

    It is a GET since browsers keep SameSite=Lax cookies back from another site's POST; a token is worth
    nothing for any other cart.
    """
    cart, known = _step("payment", seen=False)
    if cart is None:
        return to("checkout.enter")
    token = request.args.get("token", "")
    accepted = services().signer.authorization(token)
    if accepted is None or not accepted.covers(cart.id, totals_of(cart).total):
        flash("payment.again", "problem")
        return to("checkout.payment")
    keep(cart.id, known.with_payment(token))
    return to("checkout.review")


@blueprint.get("/checkout/review")
def review() -> Answer:
    """Everything, before the order is placed."""
    cart, known = _step("review")
    if cart is None:
        return to("checkout.enter")
    form = ConfirmForm(formdata=None, cart=cart.id, seen=contents(cart))
    today, country = datetime.now(UTC).date(), known.recipient.country if known.recipient else "FR"
    first, last = estimate(today, known.delivery or "home", country)
    return _page("review", known, form=form, first=first, last=last)


def draft(cart_id: str) -> Draft:
    """What the customer has said so far."""
    return services().storage.run(draft_of, cart_id)


def keep(cart_id: str, said: Draft) -> None:
    """Keep what the customer has said."""
    try:
        services().storage.run(keep_draft, cart_id, said, datetime.now(UTC))
    except IntegrityError:
        # The same button was pressed twice; the row is there now.
        services().storage.run(keep_draft, cart_id, said, datetime.now(UTC))


def totals_of(cart: Cart) -> Totals:
    """What the cart amounts to."""
    return cart_overview(cart, services().rules).totals


def _cart() -> Cart | None:
    found = visit().cart
    return found if found is not None and found.lines else None


def _step(step: Step, seen: bool = True) -> tuple[Cart | None, Draft]:
    """The cart and its draft at a step that the customer may see already; None otherwise."""
    cart = _cart()
    known = draft(cart.id) if cart else Draft()
    if cart is None or not may_see(known, step):
        return None, known
    if seen:
        reach(STEP_OF_CART[step])
        refresh()
        cart = _cart()
    return cart, known


def _prefill(form: AddressFields, known: Draft) -> None:
    customer = visit().customer
    if known.recipient is not None:
        form.fill(known.recipient)
    elif customer is not None:
        form.fill(Recipient.of(customer))


def _page(step: Step, known: Draft, **values: object) -> str:
    cart = _cart()
    return render_template(
        f"shop/checkout_{step}.html",
        step=step,
        draft=known,
        furthest=furthest(known),
        view=cart_view(cart) if cart else None,
        empty=EmptyForm(),
        **values,
    )
