from datetime import date

import pytest

from agent_ui.shop.payment.cards import (
    DECLINED_CARD,
    DEMONSTRATION_CARDS,
    Card,
    expiry_month,
    is_card_number,
    is_code,
    problems,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "written", [*DEMONSTRATION_CARDS, DECLINED_CARD, "3782-822463-10005", "30569309025904"]
)
def test_a_card_number_has_a_right_check_digit_in_any_spelling(written: str) -> None:
    assert is_card_number(written)


@pytest.mark.parametrize(
    "written",
    ["4111 1111 1111 1112", "4111 1111 1111 1121", "4111", "", "0" * 20, "4111 1111 1111 111x", "٤١١١" * 4],
)
def test_what_has_not_is_no_card_number(written: str) -> None:
    assert not is_card_number(written)


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("09/29", (2029, 9)),
        ("9/29", (2029, 9)),
        ("09 / 2029", (2029, 9)),
        ("0929", (2029, 9)),
        ("12-30", (2030, 12)),
        ("13/29", None),
        ("00/29", None),
        ("09/2099", None),
        ("soon", None),
        ("", None),
    ],
)
def test_the_expiry_is_read_as_people_write_it(written: str, month: tuple[int, int] | None) -> None:
    assert expiry_month(written) == month


@pytest.mark.parametrize(
    ("code", "number", "good"),
    [
        ("123", "4111111111111111", True),
        ("1234", "4111111111111111", False),
        ("1234", "378282246310005", True),
        ("123", "378282246310005", False),
        ("12a", "4111111111111111", False),
        ("", "4111111111111111", False),
    ],
)
def test_the_security_code_has_the_length_of_its_scheme(code: str, number: str, good: bool) -> None:
    assert is_code(code, number) is good


def test_a_good_card_has_no_problems_and_lasts_to_the_end_of_its_month() -> None:
    assert problems(Card(DEMONSTRATION_CARDS[0], "11/26", "123"), TODAY) == {}


def test_every_wrong_field_is_named() -> None:
    assert problems(Card("4111", "10/26", "1"), TODAY) == {
        "number": "payment.bad_number",
        "expiry": "payment.expired",
        "code": "payment.bad_code",
    }


def test_a_declined_card_is_said_to_be_declined() -> None:
    assert problems(Card(DECLINED_CARD, "11/30", "123"), TODAY) == {"number": "payment.declined"}


def test_a_card_does_not_show_in_a_representation() -> None:
    assert "4111" not in repr(Card("4111111111111111", "11/30", "123"))
