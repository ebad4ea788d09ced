"""`comptoir shop` on the console: connecting a shop, reading it, and what is said."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.database import create_engine_for
from config.migrating import upgrade
from config.settings import DatabaseSettings, Settings
from orders.adapters.connectors import commands
from tests import woocommerce_double as woo

Run = Callable[..., int]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = DatabaseSettings(url=f"sqlite:///{tmp_path / 'shop.db'}")
    engine = create_engine_for(database)
    upgrade(engine)
    engine.dispose()
    return Settings(database=database)


@pytest.fixture
def run(settings: Settings) -> Run:
    parser = argparse.ArgumentParser()
    commands.add(parser.add_subparsers())

    def console(*words: str) -> int:
        given = parser.parse_args(["shop", *words])
        code: int = given.run(given, settings)
        return code

    return console


@pytest.fixture
def double() -> Iterator[woo.WooCommerceDouble]:
    with woo.running(woo.WooCommerceDouble()) as shop:
        shop.records["customers"].append(woo.customer())
        shop.records["orders"] += [woo.order(), woo.order(728, total="1.999")]
        yield shop


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    (tmp_path / "secret").write_text(f"{woo.SECRET}\n", "utf-8")
    monkeypatch.setenv("WOO_KEY", woo.KEY)
    return "--key", "env:WOO_KEY", "--secret", f"file:{tmp_path / 'secret'}"


def test_a_shop_is_connected_and_read(
    run: Run, double: woo.WooCommerceDouble, secrets: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("connect", "atelier", "--url", double.url, "--region", "fr", *secrets) == 0
    assert run("sync", "atelier") == 0
    said = capsys.readouterr().out
    assert "orders: 1 of 2 read, 1 new or changed" in said
    assert "1 are not as documented" in said
    assert "/connectors/atelier/woocommerce" in said
    run("list")
    listed = capsys.readouterr().out
    assert "key in env:WOO_KEY" in listed
    assert woo.KEY not in listed + said
    assert woo.SECRET not in listed + said


def test_no_secret_is_kept_in_the_database(
    run: Run, double: woo.WooCommerceDouble, secrets: tuple[str, ...], tmp_path: Path
) -> None:
    run("connect", "atelier", "--url", double.url, "--region", "FR", *secrets)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("shop.db*"))
    assert woo.SECRET.encode() not in kept
    assert woo.KEY.encode() not in kept


def test_a_secret_that_is_not_there_is_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(
        "connect", "atelier", "--url", "https://shop.example", "--region", "FR",
        "--key", "env:NOT_SET", "--secret", "env:NOT_SET",
    )  # fmt: skip
    assert code == 1
    assert "env:NOT_SET" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--url", "https://x.example", "--region", "FR", "--key", "ck_123", "--secret", "env:B"),
        ("--url", "https://x.example", "--region", "France", "--key", "env:A", "--secret", "env:B"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        run("connect", "atelier", *words)


def test_an_address_in_clear_is_refused(
    run: Run, secrets: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("connect", "atelier", "--url", "http://shop.example", "--region", "FR", *secrets) == 1
    assert "https://" in capsys.readouterr().err


def test_a_shop_that_is_not_connected_is_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sync", "nobody") == 1
    assert run("disconnect", "nobody") == 1
    assert capsys.readouterr().err.count("no shop is connected as nobody") == 2


def test_what_was_read_stays_when_the_connection_goes(
    run: Run, double: woo.WooCommerceDouble, secrets: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    run("connect", "atelier", "--url", double.url, "--region", "FR", *secrets)
    run("sync", "atelier")
    assert run("disconnect", "atelier") == 0
    run("list")
    assert "No shop is connected." in capsys.readouterr().out
