"""The shop on a database of its own, within the test's process."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import pbx.tables  # noqa: F401 - some of the shared tables refer to its
from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.passwords import Passwords
from agent_ui.shop.app import create_shop
from agent_ui.shop.payment.tokens import PaymentRequest, PaymentSigner
from agent_ui.widget.files import WidgetFiles
from config.database import create_engine_for, metadata, session_factory
from config.settings import DatabaseSettings, Settings, ShopSettings
from orders.adapters.demo_site import demo_site
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.order import Order
from orders.model.product import Product
from tests.shop import a_customer, a_product

SECRET = "k" * 32
TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
RECIPIENT = {
    "name": "Rui Sá",
    "email": "rui@example.com",
    "phone": "200 000 177",
    "street": "Rua Nova 1",
    "postal_code": "1200195",
    "city": "Lisboa",
    "country": "PT",
}


def product(sku: str, price: int = 1_250, stock: int = 10) -> Product:
    return replace(a_product(sku.lower(), price, stock), sku=sku)


class ShopLab:
    """The shop with a lamp, a mug and a pen, and Ana as its customer."""

    def __init__(self, directory: Path, url: str = "") -> None:
        self.engine = create_engine_for(DatabaseSettings(url=url or f"sqlite:///{directory / 'shop.db'}"))
        metadata.create_all(self.engine)
        self.sessions = session_factory(self.engine)
        self.changed: list[tuple[str, str | None]] = []
        settings = Settings(shop=ShopSettings(secret_key=SECRET))
        self.shop = create_shop(
            settings,
            self.sessions,
            cart_changed=lambda cart, customer: self.changed.append((cart, customer)),
            passwords=QUICK,
            guard=SignInGuard(),
            widget=_built_widget(directory),
        )
        self.signer = PaymentSigner(SECRET)
        with self.uow() as uow:
            for sku, price, stock in (("HOM-204", 5_490, 10), ("KIT-101", 1_290, 3), ("DSK-302", 3_490, 0)):
                uow.products.save(product(sku, price, stock))
            uow.customers.save(a_customer())
            uow.sites.save(demo_site("s3cret"))
            uow.commit()

    def uow(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.sessions)

    def visitor(self, language: str = "en") -> "Visitor":
        return Visitor(self, self.shop.app.test_client(), language)

    def order(self, number: str) -> Order:
        with self.uow() as uow:
            found = uow.orders.by_number(number)
        assert found is not None
        return found


class Visitor:
    """A browser without a script."""

    def __init__(self, lab: ShopLab, client: FlaskClient, language: str) -> None:
        self.lab = lab
        self.client = client
        self.language = language

    def sees(self, path: str, status: int = 200) -> str:
        answer = self.client.get(f"/{self.language}{path}")
        assert answer.status_code == status, answer.text
        return unescape(answer.text)

    def sends(self, page: str, to: str | None = None, **fields: Any) -> TestResponse:
        """Load a page and send a form with its token."""
        found = TOKEN.search(self.client.get(f"/{self.language}{page}").text)
        assert found is not None, page
        return self.client.post(f"/{self.language}{to or page}", data={"csrf_token": found[1], **fields})

    def puts(self, sku: str, quantity: int = 1) -> None:
        self.sends(f"/product/{sku}", f"/cart/add/{sku}", quantity=quantity)

    def cart_id(self) -> str:
        with self.client.session_transaction() as session:
            return str(session["cart"])

    def pays(self, minor: int) -> TestResponse:
        """What the payment frame does for a good card."""
        asked = PaymentRequest(self.cart_id(), minor, "EUR", self.language, "http://localhost/x")
        return self.client.get(f"/{self.language}/checkout/paid?token={self.lab.signer.token(asked)}")

    def reaches_review(self, minor: int = 5_980, **recipient: str) -> None:
        self.puts("hom-204")
        self.sends("/checkout/address", **{**RECIPIENT, **recipient})
        self.sends("/checkout/delivery", delivery="home")
        self.pays(minor)

    def confirmation(self) -> dict[str, str]:
        """The fields of the review page's form."""
        page = self.sees("/checkout/review")
        return dict(re.findall(r'name="(csrf_token|cart|seen)"[^>]*value="([^"]+)"', page))

    def confirms(self) -> TestResponse:
        return self.client.post(f"/{self.language}/checkout/review", data=self.confirmation())

    def orders(self) -> str:
        """Buy a lamp; the order's number."""
        self.reaches_review()
        done = self.client.get(self.confirms().location)
        found = re.search(r'id="order-number">(\d+)<', done.text)
        assert found is not None, done.text
        return found[1]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[ShopLab]:
    lab = ShopLab(tmp_path)
    yield lab
    lab.engine.dispose()


@pytest.fixture
def visitor(lab: ShopLab) -> Visitor:
    return lab.visitor()


@pytest.fixture
def session(lab: ShopLab) -> Iterator[Session]:
    with lab.sessions.begin() as session:
        yield session


def _built_widget(directory: Path) -> WidgetFiles:
    (directory / ".vite").mkdir()
    (directory / ".vite" / "manifest.json").write_text('{"src/widget/main.ts": {"file": "widget-1.js"}}')
    (directory / "widget-1.js").write_text("void 0;")
    return WidgetFiles(directory)
