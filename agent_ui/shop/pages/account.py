"""Signing up, in and out, and the customer's own page."""

from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from agent_ui.logins.guard import Attempt
from agent_ui.logins.passwords import Passwords
from agent_ui.shop import logins
from agent_ui.shop.drafts import Recipient
from agent_ui.shop.forms import SignInForm, SignUpForm
from agent_ui.shop.language import language
from agent_ui.shop.pages.area import Answer, area, signed_in_only, to, wanted_before_sign_in
from agent_ui.shop.placing import free_phones
from agent_ui.shop.visits import begin, customer, end, visit
from agent_ui.shop.wiring import services
from orders.model.customer import Customer
from orders.model.text import Language
from orders.ports import NumberParser, UnitOfWork
from orders.services.customers import NewCustomer, register_customer
from orders.services.order_lookup import customer_orders

blueprint = area("account")

LATEST = 3


@blueprint.get("/account")
@signed_in_only
def overview() -> Answer:
    """The customer's details and latest orders."""
    orders = services().store.run(customer_orders, customer().id, LATEST)
    return render_template("shop/account.html", customer=customer(), orders=orders)


@blueprint.route("/account/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    """Address of e-mail and password."""
    if visit().customer is not None:
        return to("account.overview")
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, None), 422 if form.errors else 200
    attempt = Attempt(request.remote_addr or "", logins.plain_email(form.email.data))
    if services().guard.wait_for(attempt):
        return _sign_in_page(form, "account.too_many"), 429
    found = services().storage.run(logins.sign_in, services().passwords, form.email.data, form.password.data)
    if found is None:
        return _sign_in_page(form, "account.wrong"), 422
    services().guard.succeeded(attempt)
    return _welcomed(found)


@blueprint.route("/account/sign-up", methods=["GET", "POST"])
def sign_up() -> Answer:
    """A new customer."""
    if visit().customer is not None:
        return to("account.overview")
    form = SignUpForm()
    if not form.validate_on_submit():
        return render_template("shop/sign_up.html", form=form), 422 if form.errors else 200
    attempt = Attempt(request.remote_addr or "", f"sign up from {request.remote_addr}")
    if services().guard.wait_for(attempt):
        return render_template("shop/sign_up.html", form=form, problem="account.too_many"), 429
    if services().storage.run(logins.email_is_taken, form.email.data):
        return render_template("shop/sign_up.html", form=form, problem="account.taken"), 422
    made = services().store.run(_registered, form.recipient, language(), services().numbers)
    try:
        login = services().storage.run(_with_login, services().passwords, made, form.password.data)
    except logins.AddressTaken:
        return render_template("shop/sign_up.html", form=form, problem="account.taken"), 422
    return _welcomed(login)


@blueprint.post("/account/sign-out")
def sign_out() -> Answer:
    """End the session; with `everywhere` those of all other browsers too."""
    known = visit().customer
    if known is not None and "everywhere" in request.form:
        services().storage.run(logins.end_sessions, known.id)
    end()
    return to("home.home")


def _sign_in_page(form: SignInForm, problem: str | None) -> str:
    return render_template("shop/sign_in.html", form=form, problem=problem)


def _welcomed(login: logins.Login) -> Answer:
    wanted = wanted_before_sign_in()
    begin(login)
    return redirect(wanted or url_for("account.overview"), 303)


def _registered(uow: UnitOfWork, person: Recipient, language: Language, numbers: NumberParser) -> Customer:
    phones = free_phones(uow, person.phone, person.country, numbers, own_id="")
    new = NewCustomer(person.name, person.email, phones, language, person.address)
    return register_customer(uow, new, numbers)


def _with_login(session: Session, passwords: Passwords, made: Customer, password: str) -> logins.Login:
    return logins.add_login(session, passwords, made.id, made.email, password, datetime.now(UTC))
