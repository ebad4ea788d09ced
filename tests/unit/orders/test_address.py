import pytest

from orders.model.address import Address, is_postal_code


def at(postal_code: str) -> Address:
    return Address("1 Street", postal_code, "Town", "GB")


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("75011", "75011"),
        ("75011", " 75 011 "),
        ("1200-195", "1200195"),
        ("1200-195", "1200 195"),
        ("SW1A 1AA", "sw1a1aa"),
        ("SW1A 1AA", "SW1A-1AA"),
        ("SW1A 1AA", "7912122"),
    ],
)
def test_a_postal_code_is_recognized_in_any_spelling(code: str, written: str) -> None:
    assert is_postal_code(at(code), written)


@pytest.mark.parametrize(
    ("code", "written"),
    [("75011", "75012"), ("75011", "7501"), ("SW1A 1AA", "11"), ("101", "101"), ("", ""), ("75011", "")],
)
def test_another_or_too_short_a_code_is_not(code: str, written: str) -> None:
    assert not is_postal_code(at(code), written)
