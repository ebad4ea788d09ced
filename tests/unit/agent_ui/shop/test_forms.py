import pytest

from agent_ui.shop.forms import is_email, is_name


@pytest.mark.parametrize(
    "written",
    [
        "ana@example.com",
        "ana.brandao+shop@mail.example.pt",
        "o'neil@example.ie",
        "élodie@exemple.fr",
        "a@b.co",
    ],
)
def test_addresses_of_email_that_exist_somewhere_are_taken(written: str) -> None:
    assert is_email(written)


@pytest.mark.parametrize(
    "written",
    [
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@@example.com",
        "ana @example.com",
        "ana@example..com",
        "ana@-example.com",
        "ana@example.c",
        "<ana@example.com>",
        "ana@example.com, rui@example.com",
        f"{'a' * 65}@example.com",
    ],
)
def test_what_no_message_could_be_sent_to_is_not(written: str) -> None:
    assert not is_email(written)


@pytest.mark.parametrize(
    "written", ["Ana", "Élodie Martin-Roux", "O’Neil", "Nguyễn Thị Mai", "李小龍", "J. R."]
)
def test_names_of_any_script_are_taken(written: str) -> None:
    assert is_name(written)


@pytest.mark.parametrize("written", ["12345", "<b>Ana</b>", "https://spam.example", "ana@example.com", "-"])
def test_what_is_no_name_is_not(written: str) -> None:
    assert not is_name(written)
