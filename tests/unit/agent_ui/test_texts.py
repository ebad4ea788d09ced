"""Every message exists in every language, with the same values, and nothing that is said lacks its words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_ui.logins import errors as login_errors
from agent_ui.pages.refusals import _IDS
from agent_ui.texts import Texts
from config.accounts import AccountRefused
from orders.model.text import LANGUAGES
from pbx import errors as pbx_errors

ROOT = Path(login_errors.__file__).parent.parent
WIDGET = ROOT / "web" / "src" / "widget"
"""Has words of its own: tests/unit/agent_ui/widget."""
SCRIPTS = [path for path in (ROOT / "web" / "src").rglob("*.ts*") if not path.is_relative_to(WIDGET)]
SOURCES = [*SCRIPTS, *(ROOT / "templates").rglob("*.html")]
KEY = re.compile(r"""(?:say|count|t)\(\s*["']([a-z_]+(?:\.[a-z0-9_]+)+)["']""")
VALUE = re.compile(r"\{(\w+)\}")
TEXTS = Texts.shipped()


def ids_of(module: object, base: type) -> Iterator[str]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, base):
            yield value.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_exactly_the_keys_of_english(language: str) -> None:
    assert set(TEXTS.catalogues[language]) == set(TEXTS.catalogues["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_message_names_the_same_values_as_in_english(language: str) -> None:
    for key, english in TEXTS.catalogues["en"].items():
        assert set(VALUE.findall(TEXTS.catalogues[language][key])) == set(VALUE.findall(english)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty(language: str) -> None:
    assert all(message.strip() for message in TEXTS.catalogues[language].values())


def test_every_key_in_the_pages_is_in_the_catalogue() -> None:
    used = {key for source in SOURCES for key in KEY.findall(source.read_text("utf-8"))}
    known = set(TEXTS.catalogues["en"]) | {key.rpartition(".")[0] for key in TEXTS.catalogues["en"]}
    assert len(used) > 100, "the pattern no longer finds the keys"
    assert used <= known


def test_every_refusal_has_its_words() -> None:
    ids = {
        *ids_of(login_errors, login_errors.LoginError),
        *ids_of(pbx_errors, pbx_errors.PbxError),
        *_IDS.values(),
        "control.away",
        "request.csrf",
        "account.not_found",
        "account.phone_taken",
        "api.unexpected",
    }
    assert ids <= set(TEXTS.catalogues["en"])


def test_values_are_put_into_a_message() -> None:
    assert TEXTS.say("fr", "login.too_many", minutes="4") == "Trop d’essais. Réessayez dans 4 min."


def test_a_missing_message_shows_its_key() -> None:
    assert TEXTS.say("pt", "no.such.key") == "no.such.key"


def test_a_refused_account_carries_values_for_its_message() -> None:
    refused = AccountRefused("account.not_found", "there is no account x", username="x")
    assert TEXTS.say("en", refused.id, **refused.params) == "There is no account x."
