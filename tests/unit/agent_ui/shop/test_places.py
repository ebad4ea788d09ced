import pytest

from agent_ui.shop.places import COUNTRIES


@pytest.mark.parametrize(
    ("country", "written", "proper"),
    [
        ("FR", "75011", "75011"),
        ("FR", " 75 011 ", "75011"),
        ("FR", "7501", None),
        ("FR", "2A004", None),
        ("PT", "1200-195", "1200-195"),
        ("PT", "1200195", "1200-195"),
        ("PT", "1200", None),
        ("GB", "ec1a1bb", "EC1A 1BB"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("GB", "12345", None),
        ("IE", "d02af30", "D02 AF30"),
        ("IE", "D6W XY00", "D6W XY00"),
        ("IE", "Dublin", None),
        ("US", "10001", "10001"),
        ("US", "100010001", "10001-0001"),
        ("US", "1000", None),
        ("BE", "1000", "1000"),
        ("BE", "0100", None),
        ("LU", "1009", "1009"),
        ("ES", "28013", "28013"),
        ("DE", "10115", "10115"),
        ("DE", "1011", None),
        ("CH", "1201", "1201"),
        ("CH", "٢٢٠١", None),
    ],
)
def test_a_postal_code_is_written_as_its_country_does(country: str, written: str, proper: str | None) -> None:
    assert COUNTRIES[country].postal_code(written) == proper


@pytest.mark.parametrize("code", COUNTRIES)
def test_each_countrys_example_is_one_of_its_codes(code: str) -> None:
    country = COUNTRIES[code]

    assert country.postal_code(country.example) == country.example
