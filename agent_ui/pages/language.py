"""The language of a page: the person's own, or for a visitor the chosen or the browser's."""

from collections.abc import Callable
from functools import partial
from typing import cast

from flask import request, session

from agent_ui.auth import current_visit
from agent_ui.logins.model import Theme
from agent_ui.wiring import services
from orders.model.text import LANGUAGES, Language

_CHOSEN = "language"


def language() -> Language:
    """The language to answer in."""
    visit = current_visit()
    if visit is not None:
        return visit.login.preferences.language
    chosen = request.args.get("lang") or session.get(_CHOSEN)
    if chosen in LANGUAGES:
        session[_CHOSEN] = chosen
        return chosen
    return cast(Language, request.accept_languages.best_match(LANGUAGES) or "en")


def theme() -> Theme:
    """The colours: the person's choice, or the browser's."""
    visit = current_visit()
    return visit.login.preferences.theme if visit else "auto"


def template_values() -> dict[str, object]:
    """What every template has: `t(key, **values)`, `lang`, `theme`, `entry(source)`."""
    texts = services().texts
    lang = language()
    say: Callable[..., str] = partial(texts.say, lang)
    return {
        "t": say,
        "lang": lang,
        "languages": LANGUAGES,
        "theme": theme(),
        "entry": services().assets.entry,
        "built": services().assets.built,
    }
