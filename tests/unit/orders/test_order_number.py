from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.model.order_number import check_digit, draw_order_number, parse_order_number, with_check_digit

numbers = st.integers(100_000, 99_999_999).map(with_check_digit)


def test_the_check_digit_is_damms() -> None:
    assert check_digit("572") == "4"


@given(numbers)
def test_a_number_is_read_back(number: str) -> None:
    assert parse_order_number(number) == number


@given(numbers, st.data())
def test_one_wrong_digit_is_always_found(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))

    assert parse_order_number(number[:place] + wrong + number[place + 1 :]) is None


@given(numbers, st.data())
def test_two_neighbors_swapped_are_always_found(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert swapped == number or parse_order_number(swapped) is None


@pytest.mark.parametrize("written", ["{0}", " {0} ", "#{0}", "{1}-{2}", "{1} {2}", "{1}.{2}"])
def test_a_number_may_be_written_with_punctuation(written: str) -> None:
    number = with_check_digit(123_456)

    assert parse_order_number(written.format(number, number[:3], number[3:])) == number


@pytest.mark.parametrize("written", ["", "12345", "x", "A{0}", "{0}0000", "٣٣٣٣٣٣٣", "²²²²²²²", "0000000"])
def test_what_cannot_be_a_number_is_none(written: str) -> None:
    assert parse_order_number(written.format(with_check_digit(123_456))) is None


def test_a_drawn_number_has_seven_digits_and_is_free() -> None:
    taken = {with_check_digit(100_000), with_check_digit(100_001)}
    draws = count()

    number = draw_order_number(lambda below: next(draws) % below, taken.__contains__)

    assert number == with_check_digit(100_002)
    assert len(number) == 7


def test_numbers_grow_longer_when_the_short_ones_are_used_up() -> None:
    number = draw_order_number(lambda below: 0, lambda number: len(number) < 9)

    assert len(number) == 9


def test_no_number_at_all_is_an_error() -> None:
    with pytest.raises(OverflowError):
        draw_order_number(lambda below: 0, lambda number: True)
