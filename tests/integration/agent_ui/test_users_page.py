"""Admins manage who may sign in; nobody else does."""

import pytest
from pages_lab import PASSWORD, PagesLab, Person, sign_in

from agent_ui import accounts as pages_part
from config import accounts

NEW = {"username": "dora", "name": "Dora Diaz", "role": "agent", "language": "pt", "phone_user": "dora"}


@pytest.fixture(autouse=True)
def only_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "providers", lambda: (pages_part,))


@pytest.fixture
def admin(lab: PagesLab) -> Person:
    return lab.signed_in("admin", "admin")


def id_of(admin: Person, username: str) -> str:
    users = admin.call("GET", "/api/users").json or []
    return next(str(user["id"]) for user in users if user["username"] == username)


def test_a_new_user_can_sign_in_with_the_password_that_was_shown(lab: PagesLab, admin: Person) -> None:
    answer = admin.call("POST", "/api/users", NEW)
    assert answer.status_code == 201
    secret = (answer.json or {})["secrets"][0]
    assert (secret["kind"], secret["username"]) == ("pages", "dora")
    assert sign_in(lab.visitor().client, "dora", secret["password"]).status_code == 302
    assert ("admin", "reload", "", None) in lab.control.commands


def test_a_telephone_system_that_is_away_does_not_keep_a_user_from_being_made(
    lab: PagesLab, admin: Person
) -> None:
    lab.control.goes_away()
    assert admin.call("POST", "/api/users", NEW).status_code == 201


def test_a_taken_user_name_is_refused(admin: Person) -> None:
    admin.call("POST", "/api/users", NEW)
    answer = admin.call("POST", "/api/users", NEW)
    assert (answer.status_code, (answer.json or {})["id"]) == (409, "login.username_taken")


def test_a_reset_password_ends_the_sessions_and_the_pages(lab: PagesLab, admin: Person) -> None:
    alice = lab.signed_in("alice")
    page = alice.opens_page()
    answer = admin.call("POST", f"/api/users/{id_of(admin, 'alice')}/password")
    lab.until(lambda: not page.is_connected())
    assert alice.client.get("/desk").location == "/login"
    assert sign_in(lab.visitor().client, "alice", PASSWORD).status_code == 401
    password = (answer.json or {})["secrets"][0]["password"]
    assert sign_in(lab.visitor().client, "alice", password).status_code == 302


def test_a_disabled_user_is_out_and_an_enabled_one_may_come_back(lab: PagesLab, admin: Person) -> None:
    alice = lab.signed_in("alice")
    page = alice.opens_page()
    path = f"/api/users/{id_of(admin, 'alice')}/enabled"
    assert admin.call("PUT", path, {"enabled": False}).status_code == 204
    lab.until(lambda: not page.is_connected())
    assert sign_in(lab.visitor().client, "alice", PASSWORD).status_code == 401
    assert admin.call("PUT", path, {"enabled": True}).status_code == 204
    assert sign_in(lab.visitor().client, "alice", PASSWORD).status_code == 302


def test_an_admin_cannot_lock_themselves_out(admin: Person) -> None:
    answer = admin.call("PUT", f"/api/users/{id_of(admin, 'admin')}/enabled", {"enabled": False})
    assert (answer.status_code, (answer.json or {})["id"]) == (409, "login.own")


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_nobody_but_admins_sees_or_changes_users(lab: PagesLab, role: str) -> None:
    other = lab.signed_in("olga", role)  # type: ignore[arg-type]
    assert other.client.get("/users").status_code == 403
    assert other.call("GET", "/api/users").status_code == 403
    assert other.call("POST", "/api/users", {**NEW, "role": "admin"}).status_code == 403


def test_an_agent_does_not_see_the_wallboard(lab: PagesLab) -> None:
    alice = lab.signed_in("alice")
    assert alice.client.get("/wallboard").status_code == 403
    page = alice.opens_page()
    lab.received(page, "desk")
    lab.settled()
    assert "wallboard" not in [one["name"] for one in page.get_received()]
