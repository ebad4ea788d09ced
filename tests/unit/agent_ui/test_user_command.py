"""`comptoir user` asks every package for its part of an account."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import accounts, user_command
from config.accounts import AccountFact, AccountRefused, Credential, NewAccount
from config.settings import DatabaseSettings, Settings


@dataclass
class Part:
    """A provider that remembers."""

    KIND: str
    made: list[NewAccount] = field(default_factory=list)
    refuses: str = ""

    def add(self, session: Session, account: NewAccount) -> Credential | None:
        if self.refuses:
            raise AccountRefused("some.id", self.refuses)
        if self.KIND == "phone" and account.phone_user is None:
            return None
        self.made.append(account)
        return Credential(self.KIND, account.username, f"{self.KIND}-secret")

    def passwd(self, session: Session, username: str) -> Credential | None:
        known = any(account.username == username for account in self.made)
        return Credential(self.KIND, username, f"{self.KIND}-new") if known else None

    def facts(self, session: Session) -> Iterator[AccountFact]:
        for account in self.made:
            yield AccountFact(account.username, "part", self.KIND)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> tuple[Part, Part]:
    both = (Part("pages"), Part("phone"))
    monkeypatch.setattr(accounts, "providers", lambda: both)
    monkeypatch.setattr(user_command, "providers", lambda: both)
    return both


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'x.db'}"))


def run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    user_command.command(parser.add_subparsers())
    arguments = parser.parse_args(["user", *words])
    code: int = arguments.run(arguments, settings)
    return code


def test_an_agent_gets_a_login_and_a_phone_of_the_same_name(
    settings: Settings, parts: tuple[Part, Part], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "add", "Dora", "--name", "Dora Diaz", "--language", "pt") == 0
    assert parts[1].made == [NewAccount("dora", "Dora Diaz", "agent", "pt", "dora")]
    said = capsys.readouterr().out
    assert "pages-secret" in said
    assert "phone-secret" in said


def test_an_admin_gets_no_phone_unless_asked(settings: Settings, parts: tuple[Part, Part]) -> None:
    run(settings, "add", "ada", "--role", "admin")
    run(settings, "add", "sam", "--role", "supervisor", "--phone", "desk7")
    assert [account.phone_user for account in parts[0].made] == [None, "desk7"]
    assert [account.username for account in parts[1].made] == ["sam"]


def test_what_one_part_refuses_is_said_and_fails(
    settings: Settings, parts: tuple[Part, Part], capsys: pytest.CaptureFixture[str]
) -> None:
    parts[1].refuses = "a phone named dora exists"
    assert run(settings, "add", "dora") == 1
    captured = capsys.readouterr()
    assert "a phone named dora exists" in captured.err
    assert "secret" not in captured.out


def test_one_password_can_be_renewed_alone(
    settings: Settings, parts: tuple[Part, Part], capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add", "dora")
    capsys.readouterr()
    assert run(settings, "passwd", "dora", "--only", "phone") == 0
    said = capsys.readouterr().out
    assert "phone-new" in said
    assert "pages-new" not in said


def test_a_password_of_nobody_is_an_error(
    settings: Settings, parts: tuple[Part, Part], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "passwd", "nobody") == 1
    assert "there is no account nobody" in capsys.readouterr().err


def test_the_list_puts_together_what_all_parts_know(
    settings: Settings, parts: tuple[Part, Part], capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "add", "dora")
    capsys.readouterr()
    run(settings, "list")
    assert capsys.readouterr().out.split() == ["dora", "part=pages", "part=phone"]


def test_a_database_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent_ui import accounts as pages

    monkeypatch.setattr(user_command, "providers", lambda: (pages,))
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'no' / 'x.db'}"))
    assert run(settings, "list") == 1
    assert "the database cannot be used" in capsys.readouterr().err
