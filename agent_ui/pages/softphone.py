"""The agent's telephone in the page: credentials for it, and a word when the page is left in a call."""

from datetime import UTC, datetime
from time import time

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from agent_ui.auth import agent_id, browser, call_for, takes_calls, visit
from agent_ui.control.errors import ControlAway
from agent_ui.logins.services import note_softphone
from agent_ui.pages.parsing import done
from agent_ui.realtime.audience import may_act_on
from agent_ui.softphone import Away, ticket_for
from agent_ui.wiring import services

blueprint = Blueprint("softphone", __name__, url_prefix="/api/softphone")


@blueprint.post("/credentials")
@call_for(takes_calls)
def credentials() -> dict[str, object]:
    """What the page's telephone logs in with, for one's own endpoint."""
    first = services().softphones.asks(visit().session_id)
    live = services().feed.live
    if not services().feed.up and agent_id() not in live.agents:
        raise ControlAway("nobody knows this agent's phone yet")
    ticket = ticket_for(live.agents.get(agent_id()), services().settings, request.host_url, time())
    if first:
        who = (visit().login.username, browser().address)
        services().storage.run(note_softphone, *who, ticket.user, datetime.now(UTC))
    return ticket.model_dump(mode="json")


@blueprint.post("/away")
@call_for(takes_calls)
def away() -> Response:
    """The page is left in a call; another will take it back. Sent as a form, as a page can while it goes."""
    contact = Away(contact=request.form.get("contact", "")).contact
    if not may_act_on(services().feed.live, agent_id(), contact):
        abort(404)
    services().control_workers.run(services().control.on_contact, agent_id(), contact, "away")
    return done()
