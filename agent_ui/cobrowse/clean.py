"""Takes out of a node what could act, load or send: the mirror is a picture, made of elements.

What is taken out is counted, not reported: pages of honest shops are full of it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from agent_ui.cobrowse.errors import StreamRefused
from agent_ui.cobrowse.events import is_number, is_text
from agent_ui.cobrowse.words import words

READ_BY_PEOPLE = words(
    """
    value placeholder title alt label content summary name id aria-label aria-description aria-valuetext
    """
)
"""Attributes that are texts, and no addresses whatever they begin with."""
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
    http-equiv rr_src rr_dataurl is manifest archive classid codebase credentialless csp allow sandbox
    attributionsrc attributionsourceid browsingtopics sharedstoragewritable
    """
)
_ADDRESSES = words(
    """
    href src xlink:href poster background cite longdesc data srcset imagesrcset lowsrc dynsrc usemap
    profile
    """
)
_LISTS = words("srcset imagesrcset values")
_SCHEMES = words("http https blob")
_PICTURES = ("image/", "font/")
_ACTS = re.compile(r"(?:^|[;,])(?:javascript:|vbscript:|data:text/html)", re.IGNORECASE)
_ANIMATIONS = words("animate animatecolor animatemotion animatetransform set")
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
    if isinstance(value, dict):
        return name == "style" and _is_style(value)
    if not (value is None or isinstance(value, bool) or is_text(value) or is_number(value)):
        raise StreamRefused("schema")
    lowered = name.lower()
    if lowered.startswith("on") or lowered in _DROPPED or not _NAME.match(name):
        return False
    if tag in _ELEMENT_RULES and not _ELEMENT_RULES[tag](lowered, value):
        return False
    return not isinstance(value, str) or ":" not in value or _is_safe(lowered, value)


def _is_safe(name: str, value: str) -> bool:
    """Whether nothing runs by a value with a colon, be it an address, a list of addresses, or animated into one."""
    if name in READ_BY_PEOPLE:
        return True
    if name in _ADDRESSES and not _is_safe_address(value):
        return False
    return (name in _ADDRESSES and name not in _LISTS) or not _ACTS.search(_BLANKS.sub("", value))


def _is_style(value: dict[str, Any]) -> bool:
    """A change of inline style: a value, a value with its priority, or false for one that goes."""
    for part in value.values():
        parts = part if isinstance(part, list) else [part]
        if len(parts) > 2 or not all(one is False or is_text(one) for one in parts):
            raise StreamRefused("schema")
    return True


def _is_safe_address(value: str) -> bool:
    """Whether it is relative, or has a scheme that shows something. Blanks in it are skipped, as browsers do."""
    before, _, after = value.partition(":")
    if any(one in before for one in "/?#"):
        return True
    scheme = _BLANKS.sub("", before).lower()
    kind = _BLANKS.sub("", after[:200]).lower()
    return scheme in _SCHEMES or (scheme == "data" and kind.startswith(_PICTURES))


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


def _of_animation(name: str, value: Any) -> bool:
    """Nothing is animated into an address or a script."""
    animated = str(value).strip().lower().rpartition(":")[2]
    return name != "attributename" or not (animated in _ADDRESSES or animated.startswith("on"))


_ELEMENT_RULES: dict[str, Callable[[str, Any], bool]] = {
    "meta": _of_meta,
    "link": _of_link,
    "iframe": _of_iframe,
    **dict.fromkeys(_ANIMATIONS, _of_animation),
}
