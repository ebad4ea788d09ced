"""How a person likes the pages."""

from flask import Blueprint
from werkzeug.wrappers import Response

from agent_ui.auth import anybody, call_for, visit
from agent_ui.logins.model import Preferences
from agent_ui.logins.store import set_preferences
from agent_ui.messages import PreferencesView
from agent_ui.pages.parsing import body_as, done
from agent_ui.wiring import services

blueprint = Blueprint("me", __name__, url_prefix="/api/me")


@blueprint.put("/preferences")
@call_for(anybody)
def preferences() -> Response:
    """Keep language, colours, sound and shortcuts."""
    wanted = body_as(PreferencesView)
    chosen = Preferences(wanted.language, wanted.theme, wanted.ring_sound, wanted.shortcuts)
    services().storage.run(set_preferences, visit().login.id, chosen)
    return done()
