"""Signing in and out, and one's own password."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from agent_ui.auth import TOKEN, anybody, browser, current_visit, page_for, visit
from agent_ui.logins.errors import LoginError, WrongCredentials
from agent_ui.logins.guard import Attempt
from agent_ui.logins.services import SignedIn, change_password, note_failed_sign_in, sign_in
from agent_ui.logins.sessions import close_session
from agent_ui.pages.forms import PasswordForm, SignInForm
from agent_ui.windows import in_minutes
from agent_ui.wiring import services

blueprint = Blueprint("session", __name__)

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]] | str


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Answer:
    """The sign-in page."""
    if current_visit() is not None:
        return redirect(url_for("desk.home"))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("login.html", form=form)
    attempt = Attempt(browser().address, form.username.data)
    wait = services().guard.wait_for(attempt)
    if wait:
        return _page(form, "login.too_many", minutes=in_minutes(wait)), 429, {"Retry-After": str(wait)}
    return _signed_in(form, attempt)


@blueprint.post("/logout")
def logout() -> Answer:
    """End the session; its open pages lose their connection."""
    found = current_visit()
    if found is not None:
        services().storage.run(close_session, found.session_id)
        services().drop_pages(frozenset({found.session_id}))
    session.clear()
    return redirect(url_for("session.login"))


@blueprint.route("/password", methods=["GET", "POST"])
@page_for(anybody)
def password() -> Answer:
    """Choose a new password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("password.html", form=form, must=visit().login.must_change)
    change = (form.present.data, form.wanted.data)
    try:
        services().storage.run(change_password, services().passwords, visit(), change, datetime.now(UTC))
    except LoginError as error:
        return _page_for_password(form, error), error.status
    return redirect(url_for("desk.home"))


def _signed_in(form: SignInForm, attempt: Attempt) -> Answer:
    try:
        found = _open(form)
    except WrongCredentials as error:
        services().storage.run(note_failed_sign_in, attempt.username, attempt.address, datetime.now(UTC))
        return _page(form, error.id), error.status
    services().guard.succeeded(attempt)
    # A new signed cookie, with a new CSRF secret: whatever was planted before is worth nothing.
    session.clear()
    session[TOKEN] = found.token
    session.permanent = True
    return redirect(url_for("desk.home"))


def _open(form: SignInForm) -> SignedIn:
    lifetime = timedelta(seconds=services().settings.web.session_lifetime)
    credentials = (form.username.data, form.password.data)
    return services().storage.run(
        sign_in, services().passwords, credentials, datetime.now(UTC), lifetime, browser()
    )


def _page(form: SignInForm, problem: str, **values: str) -> str:
    return render_template("login.html", form=form, problem=problem, values=values)


def _page_for_password(form: PasswordForm, error: LoginError) -> str:
    return render_template(
        "password.html",
        form=form,
        problem=error.id,
        values=error.params,
        must=visit().login.must_change,
    )
