"""Numbers in words, each expectation written by hand."""

import pytest

from ivr.speech.wordings import WORDINGS

ENGLISH = {
    0: "zero",
    1: "one",
    11: "eleven",
    13: "thirteen",
    18: "eighteen",
    20: "twenty",
    21: "twenty-one",
    40: "forty",
    99: "ninety-nine",
    100: "one hundred",
    101: "one hundred and one",
    215: "two hundred and fifteen",
    999: "nine hundred and ninety-nine",
    1000: "one thousand",
    1001: "one thousand and one",
    1100: "one thousand one hundred",
    1234: "one thousand two hundred and thirty-four",
    2026: "two thousand and twenty-six",
    12_000: "twelve thousand",
    100_012: "one hundred thousand and twelve",
    1_000_000: "one million",
    3_000_007: "three million and seven",
    999_999_999: (
        "nine hundred and ninety-nine million nine hundred and ninety-nine thousand "
        "nine hundred and ninety-nine"
    ),
    -5: "minus five",
}
FRENCH = {
    0: "zéro",
    1: "un",
    16: "seize",
    17: "dix-sept",
    21: "vingt et un",
    22: "vingt-deux",
    61: "soixante et un",
    69: "soixante-neuf",
    70: "soixante-dix",
    71: "soixante et onze",
    72: "soixante-douze",
    79: "soixante-dix-neuf",
    80: "quatre-vingts",
    81: "quatre-vingt-un",
    90: "quatre-vingt-dix",
    91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf",
    100: "cent",
    101: "cent un",
    180: "cent quatre-vingts",
    200: "deux cents",
    201: "deux cent un",
    1000: "mille",
    1001: "mille un",
    1999: "mille neuf cent quatre-vingt-dix-neuf",
    2000: "deux mille",
    21_000: "vingt et un mille",
    80_000: "quatre-vingt mille",
    200_000: "deux cent mille",
    1_000_000: "un million",
    80_000_000: "quatre-vingts millions",
    200_000_000: "deux cents millions",
    2_500_300: "deux millions cinq cent mille trois cents",
    -5: "moins cinq",
}
FRENCH_FEMININE = {
    1: "une",
    11: "onze",
    21: "vingt et une",
    71: "soixante et onze",
    81: "quatre-vingt-une",
    101: "cent une",
    2: "deux",
}
PORTUGUESE = {
    0: "zero",
    1: "um",
    2: "dois",
    14: "catorze",
    16: "dezasseis",
    17: "dezassete",
    19: "dezanove",
    21: "vinte e um",
    32: "trinta e dois",
    99: "noventa e nove",
    100: "cem",
    101: "cento e um",
    200: "duzentos",
    345: "trezentos e quarenta e cinco",
    1000: "mil",
    1001: "mil e um",
    1100: "mil e cem",
    1200: "mil e duzentos",
    1234: "mil duzentos e trinta e quatro",
    2000: "dois mil",
    2026: "dois mil e vinte e seis",
    21_000: "vinte e um mil",
    100_000: "cem mil",
    1_000_000: "um milhão",
    2_000_000: "dois milhões",
    1_200_000: "um milhão e duzentos mil",
    1_234_567: "um milhão duzentos e trinta e quatro mil quinhentos e sessenta e sete",
    -5: "menos cinco",
}
PORTUGUESE_FEMININE = {
    1: "uma",
    2: "duas",
    12: "doze",
    21: "vinte e uma",
    101: "cento e uma",
    200: "duzentas",
    342: "trezentas e quarenta e duas",
    100: "cem",
    2000: "duas mil",
    1_000_000: "um milhão",
}


@pytest.mark.parametrize(("number", "words"), ENGLISH.items())
def test_english_cardinals(number: int, words: str) -> None:
    assert WORDINGS["en"].cardinal(number, "masculine") == words


@pytest.mark.parametrize(("number", "words"), FRENCH.items())
def test_french_cardinals(number: int, words: str) -> None:
    assert WORDINGS["fr"].cardinal(number, "masculine") == words


@pytest.mark.parametrize(("number", "words"), FRENCH_FEMININE.items())
def test_french_cardinals_agree_with_feminine_nouns(number: int, words: str) -> None:
    assert WORDINGS["fr"].cardinal(number, "feminine") == words


@pytest.mark.parametrize(("number", "words"), PORTUGUESE.items())
def test_portuguese_cardinals(number: int, words: str) -> None:
    assert WORDINGS["pt"].cardinal(number, "masculine") == words


@pytest.mark.parametrize(("number", "words"), PORTUGUESE_FEMININE.items())
def test_portuguese_cardinals_agree_with_feminine_nouns(number: int, words: str) -> None:
    assert WORDINGS["pt"].cardinal(number, "feminine") == words


@pytest.mark.parametrize(
    ("language", "number", "gender", "words"),
    [
        ("en", 1, "masculine", "first"),
        ("en", 2, "feminine", "second"),
        ("en", 3, "masculine", "third"),
        ("en", 5, "masculine", "fifth"),
        ("en", 8, "masculine", "eighth"),
        ("en", 9, "masculine", "ninth"),
        ("en", 12, "masculine", "twelfth"),
        ("en", 20, "masculine", "twentieth"),
        ("en", 31, "masculine", "thirty-first"),
        ("en", 103, "masculine", "one hundred and third"),
        ("fr", 1, "masculine", "premier"),
        ("fr", 1, "feminine", "première"),
        ("fr", 2, "feminine", "deuxième"),
        ("fr", 4, "masculine", "quatrième"),
        ("fr", 5, "masculine", "cinquième"),
        ("fr", 9, "masculine", "neuvième"),
        ("fr", 11, "masculine", "onzième"),
        ("fr", 21, "feminine", "vingt et unième"),
        ("fr", 80, "masculine", "quatre-vingtième"),
        ("fr", 100, "masculine", "centième"),
        ("pt", 1, "masculine", "primeiro"),
        ("pt", 1, "feminine", "primeira"),
        ("pt", 2, "feminine", "segunda"),
        ("pt", 10, "feminine", "décima"),
        ("pt", 13, "feminine", "décima terceira"),
        ("pt", 20, "masculine", "vigésimo"),
        ("pt", 99, "masculine", "nonagésimo nono"),
    ],
)
def test_ordinals(language: str, number: int, gender: str, words: str) -> None:
    assert WORDINGS[language].ordinal(number, gender) == words


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_a_number_without_an_ordinal_is_said_as_a_cardinal(language: str) -> None:
    wording = WORDINGS[language]
    assert wording.ordinal(0, "masculine") == wording.cardinal(0, "masculine")


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_different_numbers_never_sound_the_same(language: str) -> None:
    wording = WORDINGS[language]
    numbers = [*range(2_200), *range(9_990, 10_110), *range(99_900, 101_100), *range(999_000, 1_002_200)]
    assert len({wording.cardinal(number, "feminine") for number in numbers}) == len(set(numbers))
