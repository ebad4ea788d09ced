"""The payment frame: one page with a card form, in an origin of its own. It has no cookie and no database."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, abort, render_template, request
from flask.logging import default_handler
from werkzeug.wrappers import Response

from agent_ui.shop.assets import versioned
from agent_ui.shop.payment.cards import DECLINED_CARD, DEMONSTRATION_CARDS, Card, problems
from agent_ui.shop.payment.tokens import PaymentRequest, PaymentSigner
from agent_ui.shop.prices import price
from agent_ui.texts import Texts
from orders.model.text import LANGUAGES, Language

LARGEST_BODY = 8 * 1024


def create_payment_app(signer: PaymentSigner, texts: Texts) -> Flask:
    """The frame. Requests that this signer did not sign are refused."""
    app = Flask("agent_ui.shop", template_folder="templates", static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.logger.removeHandler(default_handler)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.add_url_rule("/frame", "frame", _frame(signer, texts), methods=["GET", "POST"])
    app.after_request(_secured)
    return app


def _frame(signer: PaymentSigner, texts: Texts) -> Callable[[], Response | str | tuple[str, int]]:
    def frame() -> Response | str | tuple[str, int]:
        """The card form, and what became of it."""
        asked = signer.request(request.args.get("request", ""))
        if asked is None:
            abort(400)
        request.environ[_BACK] = _origin(asked.back)
        if request.method == "GET":
            return _page(texts, asked, problems={})
        wrong = problems(_typed(), datetime.now(UTC).date())
        if wrong:
            return _page(texts, asked, problems=wrong), 422
        return _page(texts, asked, problems={}, token=signer.token(asked))

    return frame


_BACK = "comptoir.shop.back"


def _typed() -> Card:
    return Card(*(request.form.get(name, "")[:40] for name in ("number", "expiry", "code")))


def _page(texts: Texts, asked: PaymentRequest, **values: object) -> str:
    language: Language = next((code for code in LANGUAGES if code == asked.language), "en")
    return render_template(
        "shop/payment_frame.html",
        t=lambda key, **named: texts.say(language, key, **named),
        lang=language,
        asked=asked,
        amount=price(asked.amount, language),
        cards=DEMONSTRATION_CARDS,
        declined=DECLINED_CARD,
        asset=versioned,
        shop=_origin(asked.back),
        **values,
    )


def _secured(response: Response) -> Response:
    """Only the shop that asked may show the frame, and only it gets the token."""
    back = request.environ.get(_BACK, "'none'")
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"form-action 'self' {back}" if back != "'none'" else "form-action 'none'",
            "base-uri 'none'",
            f"frame-ancestors {back}",
        )
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
