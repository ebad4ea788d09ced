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

    def post(
        body: bytes, site: str = "atelier", secret: str = WEBHOOK_SECRET, address: str = "127.0.0.1"
    ) -> TestResponse:
        headers = {
            "X-WC-Webhook-Topic": "order.updated",
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": "updated",
            "X-WC-Webhook-Signature": signature_of(secret, body),
            "X-WC-Webhook-Delivery-ID": "d1",
        }
        origin = {"REMOTE_ADDR": address}
        return client.post(f"/connectors/{site}/woocommerce", data=body, headers=headers, environ_base=origin)

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


def test_the_trial_is_welcome_and_does_not_tell_which_shops_there_are(lab: PagesLab) -> None:
    client = lab.web.app.test_client()
    sites = ("atelier", "nobody")
    answers = [client.post(f"/connectors/{one}/woocommerce", data={"webhook_id": "7"}) for one in sites]
    assert [(answer.status_code, answer.data) for answer in answers] == [(200, b"")] * 2


def test_who_is_no_shop_is_soon_not_listened_to_and_keeps_no_other_address_out(
    lab: PagesLab, deliver: Deliver
) -> None:
    body = json.dumps(order()).encode()
    codes = [deliver(body, secret="guessed").status_code for _ in range(21)]
    assert codes == [401] * 20 + [429]
    assert deliver(body).status_code == 429, "it is turned away before anything is read"
    assert deliver(body, address="192.0.2.7").status_code == 200


def test_a_shop_that_has_much_to_tell_is_asked_to_pause(deliver: Deliver) -> None:
    answers = [deliver(b'{"id": 1}') for _ in range(601)]
    assert [answer.status_code for answer in answers] == [400] * 600 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_what_is_no_order_is_told_so(deliver: Deliver) -> None:
    assert deliver(b'{"id": 1}').status_code == 400


def test_a_secret_that_cannot_be_read_lets_nobody_in(lab: PagesLab, deliver: Deliver, tmp_path: Path) -> None:
    (tmp_path / "webhook").unlink()
    assert deliver(json.dumps(order()).encode()).status_code == 401
