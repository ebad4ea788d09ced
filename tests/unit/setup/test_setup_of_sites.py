"""`comptoir site`: which shops' pages may carry the widget."""

import json

import pytest
from console import Console


def test_a_site_is_added_with_a_key_of_its_own_and_listed(console: Console) -> None:
    said = console(
        "site", "add", "papel", "--name", "Papel", "--origin", "https://Papel.example/",
        "--number", "pt=4002", "--number", "en=4000", "--region", "pt",
    )  # fmt: skip
    key = said.out.partition("Site key: ")[2].split()[0]
    row = next(row for row in console.rows("select * from site") if row["id"] == "papel")

    assert said.code == 0
    assert (row["key"], row["region"], json.loads(row["origins"])) == (key, "PT", ["https://papel.example"])
    assert json.loads(row["numbers"]) == [["pt", "4002"], ["en", "4000"]]
    assert len(row["secret"]) >= 32 and row["secret"] not in said.out
    assert key in console("site", "list").out


def test_changing_a_site_keeps_its_key_and_secret(console: Console) -> None:
    words = ("site", "add", "papel", "--number", "pt=4002", "--origin")
    console(*words, "https://papel.example")
    before = console.rows("select * from site where id = 'papel'")[0]
    console(*words, "https://loja.example")
    after = console.rows("select * from site where id = 'papel'")[0]

    assert (before["key"], before["secret"]) == (after["key"], after["secret"])
    assert json.loads(after["origins"]) == ["https://loja.example"]


def test_the_secret_is_shown_on_demand_and_can_be_made_anew(console: Console) -> None:
    console("site", "add", "papel", "--number", "pt=4002", "--origin", "https://papel.example")

    first, again, new = (console("site", "secret", "papel", *more).out for more in ((), (), ("--new",)))

    assert first == again
    assert new != first


@pytest.mark.parametrize(
    "words",
    [
        ("site", "add", "x", "--origin", "ftp://x", "--number", "en=1"),
        ("site", "add", "x", "--origin", "https://x/shop", "--number", "en=1"),
        ("site", "add", "x", "--origin", "https://x", "--number", "de=1"),
        ("site", "add", "x", "--origin", "https://x", "--number", "en="),
        ("site", "add", "x", "--number", "en=1"),
        ("site", "tag", "no-such-key"),
        ("site", "secret", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(console: Console, words: tuple[str, ...]) -> None:
    said = console(*words)

    assert said.code != 0
    assert said.err and "Traceback" not in said.err


def test_the_demonstration_has_its_site(console: Console) -> None:
    assert "demo-shop" in console("site", "list").out
