import pytest

from ivr.errors import FlowFormatError
from ivr.speech.catalogue import Catalogue, catalogue_of, shipped_catalogue
from ivr.speech.message import Plural
from ivr.speech.parts import LANGUAGES
from ivr.speech.rendering import PLACEHOLDER


def forms(message: object) -> str:
    return " ".join((message.one, message.other)) if isinstance(message, Plural) else str(message)


def test_every_shipped_message_exists_in_every_language(catalogue: Catalogue) -> None:
    assert {id for id, texts in catalogue.messages.items() if set(texts) != set(LANGUAGES)} == set()


def test_the_languages_use_the_same_placeholders(catalogue: Catalogue) -> None:
    for id, texts in catalogue.messages.items():
        used = {language: set(PLACEHOLDER.findall(forms(text))) for language, text in texts.items()}
        assert used["fr"] == used["en"] == used["pt"], id


def test_a_singular_that_names_its_number_has_a_form_for_none(catalogue: Catalogue) -> None:
    plurals = [
        text for texts in catalogue.messages.values() for text in texts.values() if isinstance(text, Plural)
    ]
    assert plurals
    assert all("{count}" in plural.one or plural.zero is not None for plural in plurals)


def test_shipped_messages_have_no_numerals_and_no_double_spaces(catalogue: Catalogue) -> None:
    texts = [forms(text) for texts in catalogue.messages.values() for text in texts.values()]
    assert [text for text in texts if any(c.isdigit() for c in text) or "  " in text] == []


def test_a_flow_s_own_texts_come_before_the_shipped_ones_language_by_language() -> None:
    catalogue = shipped_catalogue().with_own({"shop.goodbye": {"fr": "Salut."}})
    assert catalogue.find("shop.goodbye", "fr") == ("Salut.", "fr")
    assert catalogue.find("shop.goodbye", "en") == ("Thank you for your call. Goodbye.", "en")


def test_a_wrong_message_file_is_refused_with_its_place() -> None:
    with pytest.raises(FlowFormatError) as refused:
        catalogue_of({"fr": {"a": {"kind": "plural", "one": "x"}}})
    assert [problem.pointer for problem in refused.value.problems] == ["/fr/a/other"]
