"""Logins: made, signed in to, changed, revoked."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_ui.logins import services, sessions, store
from agent_ui.logins.errors import (
    InvalidUsername,
    OwnLogin,
    UsernameTaken,
    WeakPassword,
    WrongCredentials,
    WrongPassword,
)
from agent_ui.logins.model import Preferences, plain_username
from agent_ui.logins.passwords import Passwords, check_strength, generated_password
from agent_ui.logins.services import Actor, Generated, NewLogin
from agent_ui.logins.sessions import Browser, Visit, session_id_of, visit_of
from agent_ui.tables import login, login_audit, login_session

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIFETIME = timedelta(hours=12)
ADMIN = Actor("admin", "192.0.2.1")


def made(session: Session, passwords: Passwords, username: str = "alice") -> Generated:
    return services.add_login(session, passwords, NewLogin(username, "Alice", "agent", username), ADMIN, NOW)


def signed_in(session: Session, passwords: Passwords, username: str, password: str) -> services.SignedIn:
    return services.sign_in(session, passwords, (username, password), NOW, LIFETIME, Browser("192.0.2.7"))


def visit(session: Session, token: str, now: datetime = NOW) -> Visit | None:
    return visit_of(session, session_id_of(token), now)


def test_a_generated_password_opens_a_session_of_its_login(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    opened = signed_in(session, passwords, " Alice ", generated.password)
    found = visit(session, opened.token)
    assert found is not None
    assert found.login.username == "alice"
    assert found.login.must_change
    assert found.login.last_login_at == NOW


@pytest.mark.parametrize("username", ["alice", "nobody", "not a user name!", ""])
def test_a_wrong_password_and_an_unknown_user_are_refused_alike(
    session: Session, passwords: Passwords, username: str
) -> None:
    made(session, passwords)
    with pytest.raises(WrongCredentials) as refused:
        signed_in(session, passwords, username, "wrong")
    assert "password" in refused.value.detail
    assert refused.value.params == {}


def test_an_unknown_user_costs_a_comparison_too() -> None:
    class Counting(PasswordHasher):
        verified = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            Counting.verified += 1
            return super().verify(hash, password)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert not passwords.matches(None, "anything")
    assert Counting.verified == 1


def test_neither_passwords_nor_tokens_are_stored(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    opened = signed_in(session, passwords, "alice", generated.password)
    rows = [
        tuple(row) for table in (login, login_session, login_audit) for row in session.execute(select(table))
    ]
    assert generated.password not in str(rows)
    assert opened.token not in str(rows)


def test_a_session_ends_with_its_lifetime(session: Session, passwords: Passwords) -> None:
    opened = signed_in(session, passwords, "alice", made(session, passwords).password)
    assert visit(session, opened.token, NOW + LIFETIME - timedelta(seconds=1)) is not None
    assert visit(session, opened.token, NOW + LIFETIME) is None


def test_a_disabled_login_loses_its_sessions_and_cannot_come_back(
    session: Session, passwords: Passwords
) -> None:
    generated = made(session, passwords)
    opened = signed_in(session, passwords, "alice", generated.password)
    services.set_enabled(session, generated.login.id, False, ADMIN, NOW)
    assert visit(session, opened.token) is None
    with pytest.raises(WrongCredentials):
        signed_in(session, passwords, "alice", generated.password)


def test_nobody_disables_their_own_login(session: Session, passwords: Passwords) -> None:
    own = made(session, passwords, "admin").login
    with pytest.raises(OwnLogin):
        services.set_enabled(session, own.id, False, ADMIN, NOW)


def test_a_new_password_ends_the_other_sessions_only(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    here = signed_in(session, passwords, "alice", generated.password)
    elsewhere = signed_in(session, passwords, "alice", generated.password)
    own = visit(session, here.token)
    assert own is not None
    services.change_password(session, passwords, own, (generated.password, "four unrelated words"), NOW)
    assert visit(session, elsewhere.token) is None
    kept = visit(session, here.token)
    assert kept is not None
    assert not kept.login.must_change
    assert signed_in(session, passwords, "alice", "four unrelated words").login.id == own.login.id


def test_a_new_password_needs_the_present_one(session: Session, passwords: Passwords) -> None:
    opened = signed_in(session, passwords, "alice", made(session, passwords).password)
    own = visit(session, opened.token)
    assert own is not None
    with pytest.raises(WrongPassword):
        services.change_password(session, passwords, own, ("wrong", "four unrelated words"), NOW)


def test_a_reset_password_replaces_the_old_one_and_ends_all_sessions(
    session: Session, passwords: Passwords
) -> None:
    generated = made(session, passwords)
    opened = signed_in(session, passwords, "alice", generated.password)
    again = services.reset_password(session, passwords, "alice", ADMIN, NOW)
    assert visit(session, opened.token) is None
    with pytest.raises(WrongCredentials):
        signed_in(session, passwords, "alice", generated.password)
    assert signed_in(session, passwords, "alice", again.password).login.must_change


def test_two_logins_cannot_share_a_user_name(session: Session, passwords: Passwords) -> None:
    made(session, passwords)
    with pytest.raises(UsernameTaken):
        made(session, passwords, "ALICE")


def test_preferences_are_kept(session: Session, passwords: Passwords) -> None:
    own = made(session, passwords).login
    store.set_preferences(session, own.id, Preferences("pt", "dark", ring_sound=False, shortcuts=False))
    assert store.login_by_id(session, own.id).preferences == Preferences("pt", "dark", False, False)


def test_what_happens_to_logins_leaves_a_trail(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    signed_in(session, passwords, "alice", generated.password)
    services.note_failed_sign_in(session, "alice", "192.0.2.9", NOW)
    services.note_failed_sign_in(session, "typed-a-password-here", "192.0.2.9", NOW)
    trail = session.execute(select(login_audit).order_by(login_audit.c.id)).all()
    assert [(entry.actor, entry.action, entry.subject, entry.address) for entry in trail] == [
        ("admin", "login.added", "alice", "192.0.2.1"),
        ("alice", "login.signed_in", "alice", "192.0.2.7"),
        ("", "login.refused", "alice", "192.0.2.9"),
    ]


def test_expired_sessions_are_forgotten_at_the_next_sign_in(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    signed_in(session, passwords, "alice", generated.password)
    later = NOW + LIFETIME + timedelta(seconds=1)
    services.sign_in(session, passwords, ("alice", generated.password), later, LIFETIME, Browser())
    assert len(session.execute(select(login_session)).all()) == 1


def test_a_password_hashed_with_weaker_parameters_is_hashed_again(session: Session) -> None:
    weak = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    strong = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    generated = made(session, weak)
    signed_in(session, strong, "alice", generated.password)
    stored = store.password_hash_of(session, generated.login.id)
    assert stored is not None
    assert not strong.is_outdated(stored)
    assert signed_in(session, strong, "alice", generated.password)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "my-alice-password", "x" * 201])
def test_a_password_that_is_easy_to_guess_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check_strength(weak, "alice")


def test_generated_passwords_differ_and_pass_the_check() -> None:
    some = {generated_password() for _ in range(50)}
    assert len(some) == 50
    for password in some:
        check_strength(password, "alice")


@pytest.mark.parametrize("written", ["a", "-x", "zoé", "a b", "x" * 33, "../etc"])
def test_what_cannot_be_a_user_name_is_refused(written: str) -> None:
    with pytest.raises(InvalidUsername):
        plain_username(written)


def test_only_sessions_that_are_still_valid_are_named(session: Session, passwords: Passwords) -> None:
    generated = made(session, passwords)
    kept = session_id_of(signed_in(session, passwords, "alice", generated.password).token)
    closed = session_id_of(signed_in(session, passwords, "alice", generated.password).token)
    sessions.close_session(session, closed)
    assert sessions.valid_among(session, frozenset({kept, closed, "never"}), NOW) == {kept}
