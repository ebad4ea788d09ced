"""The shape of the recorder's events. Whatever has another shape is refused before anybody looks into it.

Numbers are rrweb's: `type` of an event, `source` of an incremental one, `type` of a node.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent_ui.cobrowse.errors import StreamRefused
from agent_ui.cobrowse.words import words

META, FULL_SNAPSHOT, INCREMENTAL = 4, 2, 3
MUTATION, SCROLL, RESIZE, INPUT, MEDIA, STYLE_RULE, STYLE_DECLARATION, ADOPTED, CUSTOM_ELEMENT = (
    0, 3, 4, 5, 7, 8, 13, 15, 16,
)  # fmt: skip
DOCUMENT, DOCTYPE, ELEMENT, TEXT, CDATA, COMMENT = range(6)

LARGEST_BATCH = 8 * 1024 * 1024
"""Characters of a message, once it is inflated."""
MOST_EVENTS = 4000
DEEPEST = 400
MOST_NODES = 60_000
LONGEST_TEXT = 1_000_000
LARGEST_ID = 2**31 - 1

Json = dict[str, Any]
Check = Callable[[Any], bool]


def is_id(value: Any) -> bool:
    """Whether this can be a node's id."""
    return type(value) is int and 0 < value <= LARGEST_ID


def is_number(value: Any) -> bool:
    """Whether this is a finite number of a sensible size."""
    return type(value) in (int, float) and -1e9 < value < 1e13


def is_text(value: Any) -> bool:
    """Whether this is a string that is not too long."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise StreamRefused("too_long")
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """Whether this is a truth value."""
    return isinstance(value, bool)


def is_list(value: Any) -> bool:
    """Whether this is a list of a sensible length."""
    return isinstance(value, list) and len(value) <= MOST_NODES


def optional(check: Check) -> Check:
    """The value may be null or missing."""
    return lambda value: value is None or check(value)


def _places(value: Any) -> bool:
    """Where in a style sheet: a number, or numbers for nested rules."""
    return is_number(value) or (is_list(value) and all(is_number(one) for one in value))


def _rules(value: Any) -> bool:
    return is_list(value) and all(
        fits(one, {"rule": optional(is_text), "index": optional(_places)}) for one in value
    )


def _sheets(value: Any) -> bool:
    return is_list(value) and all(fits(one, {"styleId": is_id, "rules": _rules}) for one in value)


def _ids(value: Any) -> bool:
    return is_list(value) and all(is_id(one) for one in value)


def _property(value: Any) -> bool:
    shape = {"property": is_text, "value": optional(is_text), "priority": optional(is_text)}
    return isinstance(value, dict) and fits(value, shape)


Shape = Mapping[str, Check]


def _is_short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 200


_ANY_NODE: Shape = {
    "id": is_id,
    "type": lambda value: type(value) is int,
    "rootId": optional(is_id),
    "isShadow": optional(is_flag),
}
_TEXTS: Shape = {**_ANY_NODE, "textContent": is_text, "isStyle": optional(is_flag)}
NODES: Mapping[int, Shape] = {
    DOCUMENT: {**_ANY_NODE, "childNodes": is_list, "compatMode": optional(_is_short)},
    DOCTYPE: {**_ANY_NODE, "name": _is_short, "publicId": _is_short, "systemId": _is_short},
    ELEMENT: {
        **_ANY_NODE,
        "tagName": _is_short,
        "attributes": lambda value: isinstance(value, dict),
        "childNodes": optional(is_list),
        "isSVG": optional(is_flag),
        "needBlock": optional(is_flag),
        "isCustom": optional(is_flag),
        "isShadowHost": optional(is_flag),
    },
    TEXT: _TEXTS,
    CDATA: _TEXTS,
    COMMENT: _TEXTS,
}
"""What a node of each type consists of."""
_MAY_LACK = words("rootId isShadow isStyle compatMode childNodes isSVG needBlock isCustom isShadowHost")
_NEEDED = {kind: shape.keys() - _MAY_LACK for kind, shape in NODES.items()}


def check_node(node: Any) -> None:
    """Raise StreamRefused unless the node, without those below it, is one of a recorder."""
    shape = NODES.get(node["type"]) if isinstance(node, dict) and type(node.get("type")) is int else None
    whole = (
        shape is not None
        and _NEEDED[node["type"]] <= node.keys() <= shape.keys()
        and all(shape[name](value) for name, value in node.items())
    )
    _require(whole)


SHAPES: Mapping[int, Shape] = {
    MUTATION: {
        "texts": is_list,
        "attributes": is_list,
        "removes": is_list,
        "adds": is_list,
        "isAttachIframe": optional(is_flag),
    },
    SCROLL: {"id": is_id, "x": is_number, "y": is_number},
    RESIZE: {"width": is_number, "height": is_number},
    INPUT: {"id": is_id, "text": is_text, "isChecked": is_flag, "userTriggered": optional(is_flag)},
    MEDIA: {
        "type": is_number,
        "id": is_id,
        "currentTime": optional(is_number),
        "volume": optional(is_number),
        "muted": optional(is_flag),
        "loop": optional(is_flag),
        "playbackRate": optional(is_number),
    },
    STYLE_RULE: {
        "id": optional(is_number),
        "styleId": optional(is_number),
        "adds": optional(_rules),
        "removes": optional(_rules),
        "replace": optional(is_text),
        "replaceSync": optional(is_text),
    },
    STYLE_DECLARATION: {
        "id": optional(is_number),
        "styleId": optional(is_number),
        "index": _places,
        "set": optional(_property),
        "remove": optional(_property),
    },
    ADOPTED: {"id": is_id, "styles": optional(_sheets), "styleIds": _ids},
    CUSTOM_ELEMENT: {
        "define": optional(lambda value: isinstance(value, dict) and fits(value, {"name": is_text}))
    },
}
"""What of an incremental event is let through; every other source (canvas, fonts, logs...) is refused."""

META_SHAPE: Shape = {"href": is_text, "width": is_number, "height": is_number}
OFFSET_SHAPE: Shape = {"top": is_number, "left": is_number}


def fits(value: Any, shape: Shape) -> bool:
    """Whether an object has exactly these parts."""
    return (
        isinstance(value, dict)
        and value.keys() <= shape.keys()
        and all(check(value.get(name)) for name, check in shape.items())
    )


def check_event(event: Any) -> None:
    """Raise StreamRefused unless the event's outer shape is a recorder's."""
    if not isinstance(event, dict) or not is_number(event.get("timestamp")):
        raise StreamRefused("schema")
    kind, data = event.get("type"), event.get("data")
    if not event.keys() <= {"type", "data", "timestamp"} or not isinstance(data, dict):
        raise StreamRefused("schema")
    if kind == META:
        _require(fits(data, META_SHAPE))
    elif kind == FULL_SNAPSHOT:
        _require(data.keys() == {"node", "initialOffset"} and fits(data["initialOffset"], OFFSET_SHAPE))
    elif kind == INCREMENTAL:
        _check_incremental(data)
    else:
        raise StreamRefused("unknown_event")


def _check_incremental(data: Json) -> None:
    source = data.get("source")
    shape = SHAPES.get(source) if type(source) is int else None
    if shape is None:
        raise StreamRefused("unknown_event")
    _require(fits({name: data[name] for name in data if name != "source"}, shape))


def _require(holds: bool) -> None:
    if not holds:
        raise StreamRefused("schema")
