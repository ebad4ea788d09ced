"""Webhooks of connected shops: who is let in, what is answered, and that the work is done afterwards."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pages_lab import PagesLab
from werkzeug.test import TestResponse
from woocommerce_double import WEBHOOK_SECRET, order

from orders.adapters.connectors.woocommerce import signature_of
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.connectors.model import Connector
from orders.model.order import Order
from orders.services.order_lookup import find_order

Deliver = Callable[..., TestResponse]


@pytest.fixture(autouse=True)
def connected(lab: PagesLab, tmp_path: Path) -> None:
    secret = tmp_path / "webhook"
    secret.write_text(f"{WEBHOOK_SECRET}\n", "utf-8")
    secrets = dict.fromkeys(("key", "secret", "webhook"), f"file:{secret}")
    with SqlUnitOfWork(lab.sessions) as work:
        work.connectors.save(Connector("atelier", "woocommerce", "https://shop.example", secrets, "fr", "FR"))
        work.commit()


@pytest.fixture
def deliver(lab: PagesLab) -> Deliver:
    client = lab.web.app.test_client()

    def post(body: bytes, site: str = "atelier", secret: str = WEBHOOK_SECRET) -> TestResponse:
        headers = {
            "X-WC-Webhook-Topic": "order.updated",
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": "updated",
            "X-WC-Webhook-Signature": signature_of(secret, body),
            "X-WC-Webhook-Delivery-ID": "d1",
        }
        return client.post(f"/connectors/{site}/woocommerce", data=body, headers=headers)

    return post


def found(lab: PagesLab) -> Order | None:
    return find_order(SqlUnitOfWork(lab.sessions), "727", "75012", "FR", PhoneNumberParser())


def test_a_signed_delivery_is_taken_in_though_nobody_is_signed_in(lab: PagesLab, deliver: Deliver) -> None:
    assert deliver(json.dumps(order()).encode()).status_code == 200
    lab.until(lambda: found(lab) is not None)


def test_a_large_delivery_is_taken_and_a_huge_one_is_not(lab: PagesLab, deliver: Deliver) -> None:
    assert deliver(json.dumps(order(meta_data="x" * 200_000)).encode()).status_code == 200
    assert deliver(json.dumps(order(meta_data="x" * 1_100_000)).encode()).status_code == 413


def test_strangers_learn_nothing(lab: PagesLab, deliver: Deliver) -> None:
    body = json.dumps(order()).encode()
    answers = [deliver(body, secret="guessed"), deliver(body, site="nobody"), deliver(b"webhook_id=1", "x")]
    assert [(answer.status_code, answer.data) for answer in answers] == [(401, b"")] * 3
    lab.settled()
    assert found(lab) is None


def test_the_trial_is_welcome(lab: PagesLab) -> None:
    client = lab.web.app.test_client()
    answer = client.post("/connectors/atelier/woocommerce", data={"webhook_id": "7"})
    assert answer.status_code == 200


def test_what_is_no_order_is_told_so(deliver: Deliver) -> None:
    assert deliver(b'{"id": 1}').status_code == 400


def test_a_secret_that_cannot_be_read_lets_nobody_in(lab: PagesLab, deliver: Deliver, tmp_path: Path) -> None:
    (tmp_path / "webhook").unlink()
    assert deliver(json.dumps(order()).encode()).status_code == 401
