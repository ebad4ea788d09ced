"""The frame alone sees the card, and gives back only a token."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from agent_ui.shop.payment import tokens
from agent_ui.shop.payment.app import create_payment_app
from agent_ui.shop.payment.tokens import PaymentRequest, PaymentSigner
from agent_ui.shop.texts import shop_texts
from orders.model.money import Money

ASKED = PaymentRequest("cart-1", 5_980, "EUR", "fr", "https://shop.example/fr/checkout/paid")
GOOD = {"number": "4111 1111 1111 1111", "expiry": "12/30", "code": "737"}


@pytest.fixture
def signer() -> PaymentSigner:
    return PaymentSigner("s" * 32)


@pytest.fixture
def client(signer: PaymentSigner) -> FlaskClient:
    return create_payment_app(signer, shop_texts()).test_client()


@pytest.fixture
def address(signer: PaymentSigner) -> str:
    return f"/frame?request={quote(signer.sign_request(ASKED))}"


def test_the_frame_shows_the_amount_in_the_customers_language(client: FlaskClient, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert "59,80\u00a0€" in page.text
    assert "Numéro de carte" in page.text


@pytest.mark.parametrize("forged", ["", "nonsense", "eyJhIjoxfQ.aaaa.bbbb"])
def test_a_request_that_the_shop_has_not_signed_is_refused(client: FlaskClient, forged: str) -> None:
    assert client.get(f"/frame?request={forged}").status_code == 400
    assert client.post(f"/frame?request={forged}", data=GOOD).status_code == 400


def test_a_request_signed_with_another_secret_is_refused(client: FlaskClient) -> None:
    signed = PaymentSigner("another" * 5).sign_request(ASKED)

    assert client.get(f"/frame?request={quote(signed)}").status_code == 400


def test_a_good_card_gives_a_token_for_this_cart_and_amount(
    client: FlaskClient, address: str, signer: PaymentSigner
) -> None:
    page = client.post(address, data=GOOD).text

    token = page.split('name="token" value="')[1].split('"')[0]
    accepted = signer.authorization(token)
    assert accepted is not None
    assert accepted.covers("cart-1", Money(5_980, "EUR"))
    assert 'target="_top"' in page
    assert ASKED.back in page


def test_neither_the_answer_nor_the_token_holds_anything_of_the_card(
    client: FlaskClient, address: str
) -> None:
    answer = client.post(address, data=GOOD)

    assert "4111" not in answer.text
    assert "737" not in answer.text.replace("\n", "")
    assert "Set-Cookie" not in answer.headers


def test_a_wrong_card_is_explained_beside_the_fields_and_its_number_is_not_repeated(
    client: FlaskClient, address: str
) -> None:
    answer = client.post(address, data={**GOOD, "number": "4111 1111 1111 1112", "expiry": "01/20"})

    assert answer.status_code == 422
    assert 'aria-describedby="number-note"' in answer.text
    assert "La carte a expiré" in answer.text
    assert "1112" not in answer.text


def test_only_the_shop_that_asked_may_show_the_frame(client: FlaskClient, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]

    assert "frame-ancestors https://shop.example" in policy
    assert "form-action 'self' https://shop.example" in policy
    assert "unsafe" not in policy
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_token_is_good_for_its_cart_and_for_less_but_not_for_more() -> None:
    accepted = tokens.Authorization("cart-1", 5_000, "EUR")

    assert accepted.covers("cart-1", Money(4_000, "EUR"))
    assert not accepted.covers("cart-1", Money(5_001, "EUR"))
    assert not accepted.covers("cart-2", Money(4_000, "EUR"))
    assert not accepted.covers("cart-1", Money(4_000, "USD"))


def test_a_token_ends(signer: PaymentSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signer.token(ASKED)
    later = datetime.now(UTC) + timedelta(seconds=tokens.TOKEN_AGE + 5)
    monkeypatch.setattr("itsdangerous.timed.time.time", later.timestamp)

    assert signer.authorization(token) is None


def test_a_request_is_no_token(signer: PaymentSigner) -> None:
    assert signer.authorization(signer.sign_request(ASKED)) is None
    assert signer.request(signer.token(ASKED)) is None
