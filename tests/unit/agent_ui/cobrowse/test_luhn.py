"""What looks like a card's number, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_ui.cobrowse.luhn import has_card_number, has_unbroken_card_number, is_card_number

CARDS = ["4111111111111111", "5555555555554444", "378282246310005", "30569309025904", "6011111111111117"]


@pytest.mark.parametrize("digits", CARDS)
def test_known_cards_are_found_however_they_are_grouped(digits: str) -> None:
    assert is_card_number(digits)
    assert has_card_number(digits)
    assert has_card_number(f"Card {digits}, 12/30")
    fours = [digits[place : place + 4] for place in range(0, len(digits), 4)]
    for gap in (" ", "-", "\u00a0", "\u200b"):
        assert has_card_number(gap.join(fours))
        assert has_card_number(gap.join(digits))
    assert has_card_number("\x1f".join(digits))


def test_a_quantity_before_it_and_an_expiry_after_it_hide_no_card() -> None:
    assert has_card_number("2 4111 1111 1111 1111 12 30")
    assert has_card_number("3782 822463 10005")
    assert has_card_number("41111111111111111230123")


@pytest.mark.parametrize("gap", ["\x1f", " \x1f ", ".", " / ", "|"])
def test_a_card_in_four_boxes_is_found(gap: str) -> None:
    assert has_card_number(gap.join(["4111", "1111", "1111", "1111"]))


def test_other_scripts_digits_count() -> None:
    assert has_card_number("٤١١١١١١١١١١١١١١١")


@pytest.mark.parametrize(
    "text",
    [
        "1700000000000",  # a time in milliseconds
        "3760123456788",  # an article's EAN
        "+33 6 12 34 56 78, +33 1 44 55 66 77",
        "4111111111111112",
        "12,99 € 1 45,00 € 3 4111,10 € 20,00 €",
        "FR76 3000 6000 0112 3456 7890 189 is no card",
        "order 2024-10-31-0001 of 2024-11-02",
        "37 1795310579129",  # a quantity and a time
        "4 376012345678901",  # a quantity and an article
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2z",
        "M4.1111111111111111 5",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    ],
)
def test_the_numbers_of_a_drawing_are_not_read_as_one(text: str) -> None:
    assert not has_unbroken_card_number(text)


def test_an_address_that_holds_a_card_is_found() -> None:
    assert has_unbroken_card_number("https://shop.example/pay?pan=4111111111111111")


def with_check_digit(body: str) -> str:
    return next(body + str(last) for last in range(10) if is_card_number(body + str(last)))


@given(st.integers(0, 10**14 - 1), st.text(" -", max_size=1), st.text("abc,:", max_size=8))
def test_every_visa_number_is_found_in_any_text(body: int, gap: str, around: str) -> None:
    digits = with_check_digit(f"4{body:014d}")
    assert has_card_number(around + gap.join(digits) + around)
