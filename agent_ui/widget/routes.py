"""The widget's HTTP API. Every call names its page's origin, which must be one of the site's."""

from collections.abc import Iterable
from datetime import UTC, datetime
from time import time

from flask import Blueprint, Response, abort, g, request, send_from_directory
from pydantic import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from agent_ui.control.errors import ControlAway, ControlRefused
from agent_ui.pages.parsing import body_as, done
from agent_ui.security import UNCHANGING
from agent_ui.widget.callbacks import place_of_callback, place_of_caller
from agent_ui.widget.contacts import call_of
from agent_ui.widget.errors import (
    ForeignOrigin,
    NoCallback,
    NotANumber,
    NotASite,
    SessionOver,
    Unavailable,
    WidgetRefused,
)
from agent_ui.widget.limits import What
from agent_ui.widget.messages import (
    AskCallback,
    CallbackNow,
    CodeShown,
    Leaving,
    OpenSession,
    QueueNow,
    SessionOpened,
    StartCall,
)
from agent_ui.widget.parts import Widget
from agent_ui.widget.tickets import ticket_for
from agent_ui.widget.tokens import VisitorClaims
from agent_ui.wiring import services
from orders.model.site import Site
from orders.model.text import LANGUAGES, Language
from pbx.contract.base import Schema
from pbx.contract.commands import HangUp, RequestCallback
from pbx.contract.guest import guest_account
from pbx.contract.resources import CallbackView

blueprint = Blueprint("widget", __name__, url_prefix="/widget/v1")

ALIAS = "widget.js"
ALIAS_KEPT = "public, max-age=300"
PREFLIGHT_KEPT = "600"
Json = dict[str, object]


@blueprint.get("/<name>.js")
def file(name: str) -> Response:
    """A built file; `widget.js` is today's entry."""
    files = _widget().files
    wanted = f"{name}.js"
    found = files.entry if wanted == ALIAS else wanted
    if found is None or found not in files.names:
        abort(404)
    response = send_from_directory(files.dist, found, mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = ALIAS_KEPT if wanted == ALIAS else UNCHANGING
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.before_request
def preflight() -> Response | None:
    """What a browser asks before it lets a page of another origin call; see `_say_cors` for the answer's rest."""
    if request.method != "OPTIONS":
        return None
    if not _widget().sites.knows(_origin()):
        raise ForeignOrigin
    g.origin = _origin()
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response.headers["Access-Control-Max-Age"] = PREFLIGHT_KEPT
    return response


@blueprint.post("/session")
def open_session() -> Json:
    """Begin as a new visitor, or go on as the one of the token."""
    wanted = body_as(OpenSession)
    site = _widget().sites.by_key(wanted.site)
    if site is None:
        raise NotASite
    _admit(site)
    _count("session")
    language = g.language = site.language(wanted.language)
    customer = wanted.customer if _vouched(site, wanted) else None
    claims = _going_on(site, language, customer)
    number = site.number(language)
    return _said(
        SessionOpened(
            token=_widget().tokens.make(claims),
            visitor=claims.visitor,
            language=language,
            site=site.name,
            vouched=customer is not None,
            texts=dict(_widget().texts.catalogues[language]),
            phone=number if number.startswith("+") else None,
        )
    )


@blueprint.get("/status")
def status() -> Json:
    """The queue's state and the expected wait."""
    claims, site = _visitor()
    contact = call_of(claims.visitor, services().feed.live)
    place = place_of_caller(contact, services().feed.live) if contact else None
    return _said(_status_for(site, claims).model_copy(update={"place": place}))


@blueprint.post("/call")
def call() -> Json:
    """A credential to call with, or to take one's call back with."""
    claims, site = _visitor()
    wanted = body_as(StartCall)
    back = wanted.back and call_of(claims.visitor, services().feed.live) is not None
    _count("return" if back else "call")
    number = site.number(claims.language)
    return _said(ticket_for(claims, number, services().settings, request.host_url, time()))


@blueprint.post("/moving")
def moving() -> AnyResponse:
    """The page goes, and the next one comes: whoever talks with the customer hears music at once."""
    claims, _ = _claimed(body_as(Leaving).token)
    contact = call_of(claims.visitor, services().feed.live)
    if contact is not None:
        account = guest_account(claims.visitor)
        services().control_workers.run(services().control.on_contact, account, contact.id, "away")
    return done()


@blueprint.post("/hang-up")
def hang_up() -> AnyResponse:
    """End the visitor's call, which is in no page at the moment: it is still being taken back."""
    claims, _ = _visitor()
    contact = call_of(claims.visitor, services().feed.live)
    if contact is not None:
        account = guest_account(claims.visitor)
        services().control_workers.run(
            services().control.on_contact, account, contact.id, "hang-up", HangUp()
        )
    return done()


@blueprint.post("/code")
def code() -> Json:
    """Six digits that an agent can be told."""
    claims, _ = _visitor()
    _count("code")
    shown = services().visitors.show_code(claims.visitor)
    return _said(CodeShown(code=shown.digits, expires_at=datetime.fromtimestamp(shown.expires_at, UTC)))


@blueprint.post("/callback")
def ask_callback() -> Json:
    """Be called back as soon as it is one's turn."""
    claims, site = _visitor()
    written = body_as(AskCallback).number
    number = _widget().numbers.e164(written, site.region)
    if number is None:
        raise NotANumber
    _count("callback")
    wanted = RequestCallback(
        queue=site.queue,
        number=number,
        language=claims.language,
        customer_id=claims.customer,
        visitor=claims.visitor,
        site=site.id,
    )
    account = guest_account(claims.visitor)
    made = services().control_workers.run(services().control.request_callback, account, wanted)
    _widget().callbacks.keep(claims.visitor, made.id)
    return _said(_callback_now(made, site, claims))


@blueprint.get("/callback")
def callback() -> Json:
    """How the callback that was asked for stands."""
    claims, site = _visitor()
    made = services().control_workers.run(services().control.callback, _callback_of(claims))
    return _said(_callback_now(made, site, claims))


@blueprint.delete("/callback")
def cancel_callback() -> AnyResponse:
    """Not to be called back after all."""
    claims, _ = _visitor()
    account, made = guest_account(claims.visitor), _callback_of(claims)
    services().control_workers.run(services().control.cancel_callback, account, made)
    _widget().callbacks.forget(claims.visitor)
    return done()


@blueprint.get("/live", websocket=True)
def live() -> Response:
    """The live connection: a WebSocket."""
    if not _widget().sites.knows(_origin()):
        raise ForeignOrigin
    _widget().pages.serve(request.environ, _origin())
    return _Upgraded()


class _Upgraded(Response):
    """Says nothing: the connection was a WebSocket, and is over."""

    def __call__(self, *_: object) -> Iterable[bytes]:
        return []


@blueprint.after_request
def _say_cors(response: AnyResponse) -> AnyResponse:
    """Answers may be read by the site's pages, and by no other's."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.add("Vary", "Origin")
    if origin := g.get("origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


@blueprint.errorhandler(WidgetRefused)
def _refused(refusal: WidgetRefused) -> tuple[Json, int]:
    words = _widget().texts.say(_language(), refusal.id, **refusal.params)
    return {"id": refusal.id, "message": words}, refusal.status


@blueprint.errorhandler(ValidationError)
def _invalid(_: ValidationError) -> tuple[Json, int]:
    return _refused(WidgetRefused())


@blueprint.errorhandler(ControlAway)
def _away(_: ControlAway) -> tuple[Json, int]:
    return _refused(Unavailable())


@blueprint.errorhandler(ControlRefused)
def _control_refused(error: ControlRefused) -> tuple[Json, int]:
    if error.status == 404 and request.method != "POST":
        return _refused(NoCallback())
    known = f"refused.{error.problem.id}"
    words = _widget().texts.say(_language(), known)
    if words == known:
        return _refused(Unavailable())
    return {"id": error.problem.id, "message": words}, error.status


def _widget() -> Widget:
    return services().widget


def _origin() -> str:
    return request.headers.get("Origin", "")


def _language() -> Language:
    known: Language | None = g.get("language")
    return known or request.accept_languages.best_match(LANGUAGES) or "en"  # type: ignore[return-value]


def _count(what: What) -> None:
    _widget().throttle.count(what, request.remote_addr or "")


def _admit(site: Site) -> None:
    """Let the site's pages read the answer, whatever it will be; turn away all others."""
    if not _widget().sites.has(site, _origin()):
        raise ForeignOrigin
    g.origin = _origin()


def _visitor() -> tuple[VisitorClaims, Site]:
    """Who asks, by the token in the Authorization header. A visitor that was forgotten is known again."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if _widget().sites.knows(_origin()):
        g.origin = _origin()  # whoever has no session any more must be able to read so
    claims, site = _claimed(token if scheme == "Bearer" else "")
    if services().visitors.get(claims.visitor) is None:
        services().visitors.renew(claims.visitor, claims.site, claims.language, claims.customer)
    return claims, site


def _claimed(token: str) -> tuple[VisitorClaims, Site]:
    claims = _widget().tokens.read(token)
    site = _widget().sites.get(claims.site)
    if site is None:
        raise SessionOver
    g.language = claims.language
    g.origin = None
    _admit(site)
    return claims, site


def _vouched(site: Site, wanted: OpenSession) -> bool:
    """No shop vouches for another's customers."""
    customer = wanted.customer
    return customer is not None and site.may_know(customer) and site.vouches_for(customer, wanted.proof)


def _going_on(site: Site, language: Language, customer: str | None) -> VisitorClaims:
    """The visitor of the token, unless another customer has signed in since."""
    visitors = services().visitors
    try:
        known = _widget().tokens.read(request.headers.get("Authorization", "").removeprefix("Bearer "))
    except SessionOver:
        known = None
    another = known is not None and None is not known.customer != customer is not None
    if known is None or known.site != site.id or another:
        visitor = visitors.arrive(site.id, language, customer)
    else:
        visitor = visitors.renew(known.visitor, site.id, language, customer)
    return VisitorClaims(visitor.id, site.id, language, customer)


def _status_for(site: Site, claims: VisitorClaims) -> QueueNow:
    return _widget().statuses.of(site, claims.language)


def _callback_of(claims: VisitorClaims) -> str:
    made = _widget().callbacks.of(claims.visitor)
    if made is None:
        raise NoCallback
    return made


def _callback_now(made: CallbackView, site: Site, claims: VisitorClaims) -> CallbackNow:
    if made.state in ("done", "failed", "canceled"):
        raise NoCallback
    place = place_of_callback(made, services().feed.live) if made.state == "waiting" else None
    wait = _status_for(site, claims).wait_minutes
    return CallbackNow(number=made.number, state=made.state, place=place, wait_minutes=wait)


def _said(answer: Schema) -> Json:
    return answer.model_dump(mode="json")
