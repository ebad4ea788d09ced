"""Puts the shop together: the only file of it that names concrete classes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for
from flask.logging import default_handler
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.passwords import Passwords
from agent_ui.shop import prices, problems
from agent_ui.shop.assets import versioned
from agent_ui.shop.catalogue import CATEGORIES, FEW, category_of
from agent_ui.shop.language import language, say, say_count
from agent_ui.shop.origins import Origins, Ports
from agent_ui.shop.pages import account, cart, checkout, confirm, home, orders, products
from agent_ui.shop.payment.app import create_payment_app
from agent_ui.shop.payment.tokens import PaymentSigner
from agent_ui.shop.places import COUNTRIES
from agent_ui.shop.security import headers_of
from agent_ui.shop.store import CartChangedPort, Store, nobody_watches
from agent_ui.shop.texts import shop_texts
from agent_ui.shop.visits import Visit, visit
from agent_ui.shop.widget import number_to_call, widget_tag
from agent_ui.shop.wiring import EXTENSION, ShopServices
from agent_ui.storage import Storage
from agent_ui.widget.files import WidgetFiles
from agent_ui.workers import Workers
from config.settings import Settings
from orders.adapters.demo_site import DEMO_KEY
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.money import Money
from orders.model.pricing import usual_rules
from orders.model.text import LANGUAGES

WORKERS = 8
LARGEST_BODY = 32 * 1024
SESSION = timedelta(days=14)

BLUEPRINTS = (
    home.blueprint,
    home.rootless,
    products.blueprint,
    cart.blueprint,
    checkout.blueprint,
    confirm.blueprint,
    account.blueprint,
    orders.blueprint,
)


@dataclass(frozen=True)
class Shop:
    """The shop and its payment provider's frame, each for an origin of its own.

    `ports` is filled in once both listen.
    """

    app: Flask
    payment: Flask
    ports: Ports


def create_shop(
    settings: Settings,
    sessions: sessionmaker[Session],
    *,
    cart_changed: CartChangedPort = nobody_watches,
    passwords: Passwords | None = None,
    guard: SignInGuard | None = None,
    widget: WidgetFiles | None = None,
) -> Shop:
    """Put the shop together around a database. `cart_changed` is told of every change that a page makes."""
    ports = Ports(settings.web.port, settings.shop.port, settings.shop.payment_port)
    texts, signer = shop_texts(), PaymentSigner(settings.shop.secret_key)
    origins = Origins(settings, ports)
    app = _flask(settings)
    app.extensions[EXTENSION] = ShopServices(
        store=Store(lambda publish: SqlUnitOfWork(sessions, publish), Workers(WORKERS), cart_changed),
        storage=Storage(sessions, Workers(WORKERS)),
        passwords=passwords or Passwords(),
        guard=guard or SignInGuard(),
        numbers=PhoneNumberParser(),
        rules=usual_rules(),
        signer=signer,
        texts=texts,
        origins=origins,
        widget=widget or WidgetFiles(),
        site_key=DEMO_KEY,
    )
    app.after_request(headers_of(origins))
    return Shop(app, create_payment_app(signer, texts), ports)


def _flask(settings: Settings) -> Flask:
    app = Flask("agent_ui.shop")
    app.config.update(
        SECRET_KEY=settings.shop.secret_key,
        SESSION_COOKIE_NAME="comptoir_shop",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.web.secure_cookies,
        PERMANENT_SESSION_LIFETIME=SESSION,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    app.logger.removeHandler(default_handler)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    CSRFProtect(app)
    problems.register(app)
    app.context_processor(_template_values)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.web.trusted_proxies:
        hops = settings.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _template_values() -> dict[str, Any]:
    """What every template has."""
    failed = "visit" in g and g.visit is None
    return {
        "t": say,
        "count_text": say_count,
        "lang": language(),
        "languages": LANGUAGES,
        "same_page": _same_page,
        "visit": Visit(None, None) if failed else visit(),
        "widget": None if failed else widget_tag(),
        "number_to_call": None if failed else number_to_call(),
        "categories": CATEGORIES,
        "category_of": category_of,
        "countries": COUNTRIES,
        "few": FEW,
        "asset": versioned,
        "price": _price,
        "share": lambda basis_points: prices.share(basis_points, language()),
        "day": _day,
        "weekday": lambda when: prices.weekday(when, language()),
        "this_year": datetime.now(UTC).year,
    }


def _price(amount: Money) -> str:
    return prices.price(amount, language())


def _day(when: date | datetime) -> str:
    return prices.day(when.date() if isinstance(when, datetime) else when, language())


def _same_page(code: str) -> str:
    """This page in another language; the first page where there is no such page."""
    if not request.endpoint or request.view_args is None or request.url_rule is None:
        return url_for("home.home", lang=code)
    if "GET" not in (request.url_rule.methods or ()):
        return url_for("home.home", lang=code)
    page = url_for(request.endpoint, **{**request.view_args, "lang": code})
    # Put in by hand: `url_for` takes some names for wishes of its own.
    asked = urlencode(list(request.args.items())) if request.method == "GET" else ""
    return f"{page}?{asked}" if asked else page
