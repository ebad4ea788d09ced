import pytest

from orders.adapters.numbers import PhoneNumberParser


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("+33639981234", "PT"),
        ("06 39 98 12 34", "FR"),
        ("06.39.98.12.34", "FR"),
        ("+33 (0)6 39 98 12 34", "GB"),
        ("0033 6 39 98 12 34", "PT"),
        ("tel:+33-6-39-98-12-34", "GB"),
        ("33639981234", "GB"),
        ("0639981234;ext=3", "FR"),
        ("٠٦٣٩٩٨١٢٣٤", "FR"),
        ("  0639981234\n", "FR"),
    ],
)
def test_a_number_is_read_in_any_form(written: str, region: str) -> None:
    assert PhoneNumberParser().e164(written, region) == "+33639981234"


def test_a_number_without_country_code_belongs_to_the_region() -> None:
    parser = PhoneNumberParser()

    assert parser.e164("07700 900123", "GB") == "+447700900123"
    assert parser.e164("(202) 555-0123", "US") == "+12025550123"
    assert parser.e164("200 000 101", "PT") == "+351200000101"


@pytest.mark.parametrize(
    "written",
    ["", "+", "anonymous", "unavailable", "1001", "112", "sip:x@y", "0" * 40, "1" * 5_000],
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert PhoneNumberParser().e164(written, "FR") is None


def test_an_unknown_region_only_reads_international_numbers() -> None:
    assert PhoneNumberParser().e164("0639981234", "XX") is None
    assert PhoneNumberParser().e164("+33639981234", "XX") == "+33639981234"
