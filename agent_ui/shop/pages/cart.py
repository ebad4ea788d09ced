"""The cart."""

from datetime import UTC, datetime

from flask import flash, jsonify, render_template, request
from werkzeug.wrappers import Response

from agent_ui.shop.forms import EmptyForm, QuantityForm
from agent_ui.shop.pages.area import Answer, area, to
from agent_ui.shop.pages.cart_view import cart_view
from agent_ui.shop.pages.home import ALL
from agent_ui.shop.pages.products import product_by_sku
from agent_ui.shop.pages.steps import reach
from agent_ui.shop.visits import cart_to_fill, refresh, visit
from agent_ui.shop.wiring import services
from orders.errors import InvalidQuantity, LineNotFound, OutOfStock
from orders.services.carts import add_to_cart, change_quantity, remove_from_cart
from orders.services.catalog import list_products

blueprint = area("cart")


@blueprint.get("/cart")
def show() -> Answer:
    """What is in it, and what it amounts to."""
    reach("cart")
    found = visit().cart
    if found is None or not found.lines:
        return render_template("shop/cart_empty.html")
    return render_template("shop/cart.html", view=cart_view(found), form=EmptyForm())


@blueprint.get("/cart/count")
def count() -> Response:
    """How many items are in it; for the page's script."""
    found = visit().cart
    return jsonify(count=found.item_count if found else 0)


@blueprint.post("/cart/add/<sku>")
def add(sku: str) -> Answer:
    """Put some of a product in."""
    product = product_by_sku(services().store.run(list_products, ALL), sku)
    quantity = _quantity()
    if not quantity:
        flash("form.bad_quantity", "problem")
        return to("products.product", sku=sku)
    cart = cart_to_fill()
    try:
        services().store.run(add_to_cart, cart.id, product.id, quantity, visit().actor, datetime.now(UTC))
    except (OutOfStock, InvalidQuantity):
        flash("cart.too_many", "problem")
        return to("products.product", sku=sku)
    refresh()
    flash("cart.added", "success")
    return to("cart.show")


@blueprint.post("/cart/change/<product_id>")
def change(product_id: str) -> Answer:
    """Have so many of a product; none takes its line away."""
    quantity = 0 if "remove" in request.form else _quantity()
    found = visit().cart
    if quantity is None:
        flash("form.bad_quantity", "problem")
    elif found is not None:
        _change(found.id, product_id, quantity)
    return to("cart.show")


def _change(cart_id: str, product_id: str, quantity: int) -> None:
    actor, now = visit().actor, datetime.now(UTC)
    try:
        if quantity:
            services().store.run(change_quantity, cart_id, product_id, quantity, actor, now)
        else:
            services().store.run(remove_from_cart, cart_id, product_id, actor, now)
            flash("cart.removed", "success")
    except OutOfStock:
        flash("cart.too_many", "problem")
    except LineNotFound:
        flash("cart.moved", "problem")
    refresh()


def _quantity() -> int | None:
    form = QuantityForm()
    return form.quantity.data if form.validate() else None
