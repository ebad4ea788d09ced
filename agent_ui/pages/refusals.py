"""How errors become answers: all of it is in this file. Calls get JSON, pages a page."""

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from agent_ui.carts.errors import CartError
from agent_ui.control.errors import ControlAway, ControlRefused
from agent_ui.logins.errors import LoginError
from agent_ui.messages import Refusal
from agent_ui.softphone import SoftphoneError
from agent_ui.visitors.errors import VisitorError
from config.accounts import AccountRefused
from orders.errors import OrdersError

Answer = tuple[dict[str, object], int]

_IDS = {
    400: "request.invalid",
    401: "session.ended",
    403: "request.forbidden",
    404: "request.not_found",
    405: "request.not_found",
    413: "request.invalid",
    503: "server.error",
}


def register(app: Flask) -> None:
    """Answer every error of this app."""
    app.register_error_handler(LoginError, _login)
    app.register_error_handler(AccountRefused, _account)
    app.register_error_handler(CartError, _cart)
    app.register_error_handler(OrdersError, _orders)
    app.register_error_handler(VisitorError, _visitor)
    app.register_error_handler(SoftphoneError, _softphone)
    app.register_error_handler(ControlRefused, _refused)
    app.register_error_handler(ControlAway, _away)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)


def _login(error: LoginError) -> Answer:
    return _json(error.id, error.status, error.params)


def _account(error: AccountRefused) -> Answer:
    return _json(error.id, 409, error.params)


def _cart(error: CartError) -> Answer:
    return _json(error.id, error.status, error.params)


def _orders(error: OrdersError) -> Answer:
    return _json(error.id, 409, error.params)


def _visitor(error: VisitorError) -> Answer:
    return _json(error.id, 404)


def _softphone(error: SoftphoneError) -> Answer:
    return _json(error.id, error.status, error.params)


def _refused(error: ControlRefused) -> Answer:
    return _json(error.problem.id, error.status, error.problem.params)


def _away(_: ControlAway) -> Answer:
    return _json("control.away", 503)


def _invalid(_: ValidationError) -> Answer:
    return _json("request.invalid", 400)


def _csrf(_: CSRFError) -> Answer | tuple[str, int]:
    return _shown("request.csrf", 400)


def _http(error: HTTPException) -> Answer | tuple[str, int]:
    code = error.code or 500
    return _shown(_IDS.get(code, "server.error"), code)


def _shown(id_: str, status: int) -> Answer | tuple[str, int]:
    if request.path.startswith("/api/"):
        return _json(id_, status)
    return render_template("problem.html", problem=id_), status


def _json(id_: str, status: int, params: dict[str, str] | None = None) -> Answer:
    return Refusal(id=id_, params=params or {}).model_dump(mode="json"), status
