"""What an agent does with offers, contacts and their own status: authorised here, done by the control API."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from agent_ui.auth import agent_id, call_for, takes_calls
from agent_ui.control.verbs import BODIES, CONTACT_VERBS, ContactVerb, method_of
from agent_ui.pages.parsing import answer, body_as, done
from agent_ui.realtime.audience import may_act_on, may_see
from agent_ui.wiring import services
from pbx.contract.commands import AcceptOffer, DeclineOffer, Dial, SetStatus

blueprint = Blueprint("calls", __name__, url_prefix="/api")


@blueprint.put("/status")
@call_for(takes_calls)
def set_status() -> Response:
    """Choose one's own status."""
    me, wanted = agent_id(), body_as(SetStatus)
    services().control_workers.run(services().control.set_status, me, me, wanted)
    return done()


@blueprint.post("/offers/<offer>/accept")
@call_for(takes_calls)
def accept(offer: str) -> Response:
    """Take the contact that is offered, in this page or on the phone beside it."""
    device = body_as(AcceptOffer).device
    services().control_workers.run(services().control.accept, agent_id(), _own_offer(offer), device)
    return done()


@blueprint.post("/offers/<offer>/decline")
@call_for(takes_calls)
def decline(offer: str) -> Response:
    """Leave the contact to somebody else."""
    wanted = body_as(DeclineOffer)
    services().control_workers.run(services().control.decline, agent_id(), _own_offer(offer), wanted)
    return done()


@blueprint.route("/contacts/<contact>/<path:verb>", methods=["POST", "PUT"])
@call_for(takes_calls)
def on_contact(contact: str, verb: ContactVerb) -> Response:
    """Do something with one's own contact."""
    if verb not in CONTACT_VERBS or request.method != method_of(verb):
        abort(404)
    if not may_act_on(services().feed.live, agent_id(), contact):
        abort(404)
    body = body_as(BODIES[verb]) if verb in BODIES else None
    services().control_workers.run(services().control.on_contact, agent_id(), contact, verb, body)
    return done()


@blueprint.get("/contacts/<contact>/file")
@call_for(takes_calls)
def file(contact: str) -> dict[str, object]:
    """A contact's customer, cart, orders and past contacts, read again."""
    view = services().feed.live.contacts.get(contact)
    if view is None or not may_see(services().feed.live, agent_id(), contact):
        abort(404)
    return services().desk.file(view).model_dump(mode="json")


@blueprint.post("/dial")
@call_for(takes_calls)
def dial() -> Response:
    """Call somebody from one's own phone."""
    me, wanted = agent_id(), body_as(Dial)
    services().control_workers.run(services().control.dial, me, me, wanted)
    return done()


@blueprint.get("/directory")
@call_for(takes_calls)
def directory() -> list[dict[str, object]]:
    """Where a call can be transferred to."""
    return answer(*services().control_workers.run(services().control.directory))


@blueprint.get("/recent")
@call_for(takes_calls)
def recent() -> list[dict[str, object]]:
    """One's own latest contacts."""
    return answer(*services().desk.recent(agent_id()))


def _own_offer(offer_id: str) -> str:
    offer = services().feed.live.offers.get(offer_id)
    if offer is None or offer.agent != agent_id():
        abort(404)
    return offer_id
