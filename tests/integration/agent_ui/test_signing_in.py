"""Signing in and out, with all that keeps others out."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pages_lab import PASSWORD, PagesLab, post_form, sign_in

from agent_ui.logins.store import login_by_username, set_enabled


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("comptoir")
    return cookie.value if cookie else ""


def test_who_signs_in_comes_to_their_desk(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    assert person.client.get("/", follow_redirects=True).request.path == "/desk"


@pytest.mark.parametrize("path", ["/", "/desk", "/wallboard", "/users", "/password"])
def test_a_visitor_is_sent_to_the_sign_in_page(lab: PagesLab, path: str) -> None:
    answer = lab.visitor().client.get(path)
    assert (answer.status_code, answer.location) == (302, "/login")


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(lab: PagesLab) -> None:
    lab.add("alice")
    client = lab.visitor().client
    known, unknown = sign_in(client, "alice", "wrong"), sign_in(client, "nobody", "wrong")
    assert known.status_code == unknown.status_code == 401
    assert "The user name or the password is wrong." in known.text
    assert "The user name or the password is wrong." in unknown.text


def test_a_sign_in_without_the_pages_token_is_refused(lab: PagesLab) -> None:
    lab.add("alice")
    client = lab.visitor().client
    client.get("/login")
    answer = client.post("/login", data={"username": "alice", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get("/desk").status_code == 302


def test_the_sixth_wrong_attempt_has_to_wait_even_with_the_right_password(lab: PagesLab) -> None:
    lab.add("alice")
    client = lab.visitor().client
    for _ in range(5):
        assert sign_in(client, "alice", "wrong").status_code == 401
    answer = sign_in(client, "alice", PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many attempts" in answer.text
    assert client.get("/desk").status_code == 302


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    answer = person.client.get("/desk")
    cookie = answer.headers.get("Set-Cookie", "")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_behind_a_tls_proxy_the_cookie_is_secure(tmp_path: Path) -> None:
    lab = PagesLab(tmp_path, secure_cookies=True)
    assert "Secure" in lab.visitor().client.get("/login").headers["Set-Cookie"]
    lab.stop()


def test_a_session_gets_a_new_cookie_at_sign_in(lab: PagesLab) -> None:
    lab.add("alice")
    client = lab.visitor().client
    client.get("/login")
    planted = cookie_of(client)
    sign_in(client, "alice", PASSWORD)
    assert cookie_of(client) != planted


def test_after_signing_out_the_old_cookie_is_worth_nothing(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    token, stolen = person.csrf, cookie_of(person.client)
    assert person.client.post("/logout", data={"csrf_token": token}).status_code == 302
    thief = lab.visitor().client
    thief.set_cookie("comptoir", stolen)
    assert thief.get("/desk").location == "/login"


def test_signing_out_needs_the_pages_token(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    assert person.client.post("/logout").status_code == 400
    assert person.client.get("/desk").status_code == 200


def test_a_disabled_login_is_out_at_once(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    with lab.sessions.begin() as session:
        login = login_by_username(session, "alice")
        assert login is not None
        set_enabled(session, login.id, False)
    assert person.client.get("/desk").location == "/login"


def test_who_has_a_generated_password_chooses_their_own_first(lab: PagesLab) -> None:
    lab.add("alice", must_change=True)
    client = lab.visitor().client
    sign_in(client, "alice", PASSWORD)
    assert client.get("/desk").location == "/password"
    wanted = "another four words"
    answer = post_form(client, "/password", present=PASSWORD, wanted=wanted, repeated=wanted)
    assert answer.location == "/"
    assert client.get("/desk").status_code == 200


def test_until_then_the_pages_script_gets_nothing_either(lab: PagesLab) -> None:
    lab.add("alice", must_change=True)
    client = lab.visitor().client
    sign_in(client, "alice", PASSWORD)
    assert client.get("/api/directory").status_code == 403


@pytest.mark.parametrize(
    ("present", "wanted", "repeated", "said"),
    [
        ("wrong", "another four words", "another four words", "The present password is wrong."),
        (PASSWORD, "short", "short", "Choose a password of 10 to 200 characters"),
        (PASSWORD, "another four words", "another five words", "The two new passwords differ."),
        (PASSWORD, "", "", "Please fill this in."),
    ],
)
def test_a_new_password_that_will_not_do_is_explained(
    lab: PagesLab, present: str, wanted: str, repeated: str, said: str
) -> None:
    person = lab.signed_in("alice")
    answer = post_form(person.client, "/password", present=present, wanted=wanted, repeated=repeated)
    assert said in answer.text


@pytest.mark.parametrize(("language", "title"), [("en", "Sign in"), ("fr", "Connexion"), ("pt", "Entrar")])
def test_the_sign_in_page_speaks_the_browsers_language(lab: PagesLab, language: str, title: str) -> None:
    page = lab.visitor().client.get("/login", headers={"Accept-Language": f"{language},de;q=0.5"})
    assert f"<h1>{title}</h1>" in page.text
    assert f'<html lang="{language}"' in page.text


def test_the_language_can_be_chosen_before_signing_in(lab: PagesLab) -> None:
    client = lab.visitor().client
    client.get("/login?lang=pt")
    assert "<h1>Entrar</h1>" in client.get("/login").text


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nothing/here", "/static/favicon.svg", "/api/users"])
def test_every_answer_carries_the_security_headers(lab: PagesLab, path: str) -> None:
    headers = lab.visitor().client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_are_not_kept_by_caches(lab: PagesLab) -> None:
    assert lab.signed_in("alice").client.get("/desk").headers["Cache-Control"] == "no-store"


def test_a_name_with_markup_stays_text(lab: PagesLab) -> None:
    lab.add("mallory")
    from sqlalchemy import update

    from agent_ui.tables import login

    with lab.sessions.begin() as session:
        session.execute(update(login).values(name="</script><script>alert(1)</script>"))
    client = lab.visitor().client
    sign_in(client, "mallory", PASSWORD)
    assert "<script>alert" not in client.get("/desk").text


def test_the_health_page_tells_what_works(lab: PagesLab) -> None:
    answer = lab.visitor().client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"database": True, "telephone_system": True, "front_end": False}


def test_a_page_that_is_not_there_is_explained(lab: PagesLab) -> None:
    answer = lab.visitor().client.get("/nothing/here", headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert "Cela n’a pas fonctionné" in answer.text
