"""The pages' part of accounts, and the demonstration's logins."""

import pytest
from sqlalchemy.orm import Session

from agent_ui import accounts, demo
from agent_ui.logins.store import all_logins, login_by_username, password_hash_of
from config.accounts import AccountRefused, NewAccount


def test_an_account_with_a_phone_gets_a_desk(session: Session) -> None:
    made = accounts.add(session, NewAccount("dora", "Dora Diaz", "agent", "pt", "dora"))
    login = login_by_username(session, "dora")
    assert login is not None
    assert (made.kind, made.username) == ("pages", "dora")
    assert (login.agent_id, login.role, login.preferences.language) == ("dora", "agent", "pt")


def test_an_account_without_a_phone_has_no_desk(session: Session) -> None:
    accounts.add(session, NewAccount("sara", "Sara", "supervisor"))
    login = login_by_username(session, "sara")
    assert login is not None
    assert login.agent_id is None


def test_a_taken_user_name_is_refused_with_a_stable_id(session: Session) -> None:
    accounts.add(session, NewAccount("dora", "Dora", "agent"))
    with pytest.raises(AccountRefused) as refused:
        accounts.add(session, NewAccount("dora", "Dora", "agent"))
    assert refused.value.id == "login.username_taken"
    assert refused.value.params == {"username": "dora"}


def test_a_new_password_replaces_the_stored_hash(session: Session) -> None:
    accounts.add(session, NewAccount("dora", "Dora", "agent"))
    login = login_by_username(session, "dora")
    assert login is not None
    before = password_hash_of(session, login.id)
    assert accounts.passwd(session, "dora") is not None
    assert password_hash_of(session, login.id) != before


@pytest.mark.parametrize("username", ["nobody", "not a name"])
def test_an_account_without_a_login_gets_no_password(session: Session, username: str) -> None:
    assert accounts.passwd(session, username) is None


def test_the_list_says_role_and_language(session: Session) -> None:
    accounts.add(session, NewAccount("dora", "Dora", "admin", "fr"))
    assert [(one.username, one.fact, one.value) for one in accounts.facts(session)] == [
        ("dora", "role", "admin"),
        ("dora", "language", "fr"),
    ]


def test_the_demonstration_has_five_people_and_says_their_passwords_once(session: Session) -> None:
    said = demo.load(session, 1)
    assert {login.username: login.agent_id for login in all_logins(session)} == {
        "admin": None,
        "alice": "alice",
        "benoit": "benoit",
        "carla": "carla",
        "supervisor": None,
    }
    assert not any(login.must_change for login in all_logins(session))
    assert sum(1 for line in said.splitlines() if line.startswith("  ")) == 5
    assert demo.load(session, 1) == "The pages' logins are there already."
