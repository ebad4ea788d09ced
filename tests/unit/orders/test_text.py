from orders.model.text import LocalizedText, folded


def test_a_text_is_given_in_its_language_and_in_english_for_a_foreign_one() -> None:
    text = LocalizedText("Mug", "Tasse", "Caneca")

    assert [text.of(language) for language in ("en", "fr", "pt", "de")] == ["Mug", "Tasse", "Caneca", "Mug"]


def test_case_and_accents_do_not_matter_when_searching() -> None:
    assert folded("Élodie BRANDÃO") == "elodie brandao"
