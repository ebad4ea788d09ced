"""The first page, the language's choice, and the pictures."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from agent_ui.shop.catalogue import CATEGORIES, LIGHTS, category_of, featured
from agent_ui.shop.language import language
from agent_ui.shop.pages.area import Answer, area
from agent_ui.shop.pictures import picture
from agent_ui.shop.wiring import services
from orders.services.catalog import list_products

blueprint = area("home")
rootless = Blueprint("root", __name__)

ALL = 1_000
_DAY = 86_400


@blueprint.get("/")
def home() -> Answer:
    """What the shop is, and some of what it has."""
    products = services().store.run(list_products, ALL)
    counts = {category: sum(category_of(one) == category for one in products) for category in CATEGORIES}
    lights = [one for one in products if one.sku in LIGHTS][:4]
    return render_template("shop/home.html", featured=featured(products), lights=lights, counts=counts)


@blueprint.get("/help")
def assistance() -> Answer:
    """Delivery, returns, payment, and how to reach somebody."""
    return render_template("shop/help.html")


@rootless.get("/")
def root() -> Redirect:
    """The first page in the visitor's language."""
    return redirect(url_for("home.home", lang=language()))


@rootless.get("/picture/<sku>.svg")
def product_picture(sku: str) -> Response:
    """A product's picture."""
    drawn = picture(sku.upper())
    if drawn is None:
        abort(404)
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={_DAY}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
