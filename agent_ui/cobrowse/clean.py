"""Takes out of a node what could act, load or send: the mirror is a picture, made of elements.

What is taken out is counted, not reported: pages of honest shops are full of it.
"""

import re
from functools import lru_cache
from typing import Any

from agent_ui.cobrowse.errors import StreamRefused
from agent_ui.cobrowse.events import is_text
from agent_ui.cobrowse.words import words

HOLLOW = words(
    """
    script object embed applet base frame frameset portal fencedframe noembed template
    """
)
"""Elements that are replaced by an empty one: their ids stay, so that what follows still finds them."""
IN_ITS_PLACE = "noscript"

_DROPPED = words(
    """
    srcdoc ping nonce integrity autofocus formaction action formtarget formmethod target download
    http-equiv rr_src is manifest archive classid codebase credentialless csp allow sandbox
    """
)
_ADDRESSES = words(
    """
    href src xlink:href poster background cite longdesc data srcset imagesrcset lowsrc dynsrc usemap
    profile
    """
)
_SAFE = re.compile(r"^(?:https?:|blob:|data:image/|data:font/|[^:]*$|[^:]*[/?#])", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\u00a0\u2028\u2029]")
_NAME = re.compile(r"^[A-Za-z_:@][^\s\"'<>/=\x00]{0,199}$")
_TAG = re.compile(r"^[A-Za-z][A-Za-z0-9._:-]{0,99}$")
MOST_ATTRIBUTES = 300

Attributes = dict[str, Any]


def tag_of(name: Any) -> str:
    """A tag that can be made, in place of one that must not be. Raises StreamRefused for what is no name."""
    if not isinstance(name, str) or not _TAG.match(name):
        raise StreamRefused("schema")
    return IN_ITS_PLACE if is_hollow(name) else name


@lru_cache(maxsize=512)
def is_hollow(name: str) -> bool:
    """Whether the element's content is dropped; a prefix (`svg:script`) hides nothing."""
    return name.lower().rpartition(":")[2] in HOLLOW


def clean_attributes(tag: str, attributes: Any) -> tuple[Attributes, int]:
    """What stays of an element's attributes, and how many did not. Raises StreamRefused for what is none."""
    if not isinstance(attributes, dict) or len(attributes) > MOST_ATTRIBUTES:
        raise StreamRefused("schema")
    kept = {name: value for name, value in attributes.items() if _stays(tag, name, value)}
    return kept, len(attributes) - len(kept)


def _stays(tag: str, name: Any, value: Any) -> bool:
    if not isinstance(value, str | int | float | bool | dict | None):
        raise StreamRefused("schema")
    if isinstance(value, dict):
        return name == "style" and _is_style(value)
    lowered = name.lower()
    if isinstance(value, str):
        is_text(value)
    if lowered.startswith("on") or lowered in _DROPPED or not _NAME.match(name):
        return False
    if tag in ("meta", "link", "iframe") and not _ELEMENT_RULES[tag](lowered, value):
        return False
    return lowered not in _ADDRESSES or _is_safe_address(value)


def _is_style(value: dict[str, Any]) -> bool:
    """A change of inline style: a value, a value with its priority, or false for one that goes."""
    for part in value.values():
        parts = part if isinstance(part, list) else [part]
        if len(parts) > 2 or not all(one is False or is_text(one) for one in parts):
            raise StreamRefused("schema")
    return True


def _is_safe_address(value: Any) -> bool:
    return not isinstance(value, str) or bool(_SAFE.match(_BLANKS.sub("", value[:4096])))


def _of_meta(name: str, value: Any) -> bool:
    return name == "charset" or (name == "name" and value == "viewport")


def _of_link(name: str, value: Any) -> bool:
    """Only style sheets are fetched: `preload`, `prefetch` and `dns-prefetch` would tell others who is watching."""
    return (
        value == "stylesheet"
        if name == "rel"
        else name in ("href", "media", "type", "crossorigin", "_csstext")
    )


def _of_iframe(name: str, _: Any) -> bool:
    return name != "src"


_ELEMENT_RULES = {"meta": _of_meta, "link": _of_link, "iframe": _of_iframe}
