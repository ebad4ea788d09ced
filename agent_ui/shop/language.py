"""The language of a page: the first part of its address."""

from typing import Any, cast

from flask import g, request, session

from agent_ui.shop.wiring import services
from orders.model.text import LANGUAGES, Language

PREFIX = f"/<any({', '.join(LANGUAGES)}):lang>"
"""What the addresses of all pages begin with."""

_CHOSEN = "language"


def language() -> Language:
    """The page's language; for an address without one the chosen one or the browser's."""
    found = g.get("lang") or session.get(_CHOSEN)
    if found not in LANGUAGES:
        found = request.accept_languages.best_match(LANGUAGES) or "en"
    return cast(Language, found)


def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Read the language from the address, and remember it for the next visit."""
    if values and "lang" in values:
        g.lang = values.pop("lang")
        if session.get(_CHOSEN) != g.lang:
            session[_CHOSEN] = g.lang


def give_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Addresses that a page makes are of its own language."""
    values.setdefault("lang", language())


def say(key: str, **values: str) -> str:
    """A text in the page's language."""
    return services().texts.say(language(), key, **values)


def say_count(key: str, count: int) -> str:
    """A text about so many things: `key.one` for one, `key.many` for others (none counts as one in French)."""
    few = count < 2 if language() == "fr" else count == 1
    return say(f"{key}.{'one' if few else 'many'}", count=str(count))
