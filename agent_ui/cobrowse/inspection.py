"""Looks through every event of a page before anybody sees it. The page is taken to be hostile.

What could act is stripped, what breaks the mask policy or looks like a card's number ends the session.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any

from agent_ui.cobrowse import events as ev
from agent_ui.cobrowse.clean import READ_BY_PEOPLE, clean_attributes, is_hollow, tag_of
from agent_ui.cobrowse.errors import CardNumberSeen, StreamRefused
from agent_ui.cobrowse.events import ELEMENT, TEXT, Json, check_event, fits, is_id, is_text
from agent_ui.cobrowse.luhn import SHORTEST, has_card_number, has_unbroken_card_number
from agent_ui.cobrowse.policy import MASK, MaskPolicy
from agent_ui.cobrowse.shadow import FIELDS, REMEMBERED, Node, Shadow

WHOLE_PAGE = 2_000_000
NEARBY = 4000
LEVELS = 4
MANY = 200
"""Places that changed at once, beyond which the page is looked through as a whole."""
CSS_TAGS = frozenset({"style"})

_CUSTOM = re.compile(r"[a-z][a-z0-9._]*-[a-z0-9._-]*")
_DOCTYPE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,40}")


class Inspection:
    """One page's stream. `stripped` counts what was taken out."""

    def __init__(self, policy: MaskPolicy) -> None:
        self.shadow = Shadow(policy)
        self.stripped = 0
        self._typed: dict[int, str] = {}
        self._touched: set[int] = set()
        self._looking = False
        self._forget_after = False
        self._begun = False

    def forget(self) -> None:
        """Forget the page, but not which of its fields are sensitive; once nothing is looked through any more."""
        if self._looking:
            self._forget_after = True
        else:
            self._forget()

    def _forget(self) -> None:
        self._forget_after = self._begun = False
        self.shadow.clear()
        self._typed.clear()
        self._touched.clear()

    def look_through(self, batch: Any) -> list[Json]:
        """The events that may be passed on. Raises StreamRefused (or CardNumberSeen): the session ends."""
        if not isinstance(batch, list) or len(batch) > ev.MOST_EVENTS:
            raise StreamRefused("schema")
        self._looking = True
        try:
            passed = [event for event in batch if self._passes(event)]
            self._scan_touched()
        finally:
            self._looking = False
            if self._forget_after:
                self._forget()
        return passed

    def _passes(self, event: Any) -> bool:
        """Look through one event; changes of a page that is not known, or known no more, are not passed on."""
        check_event(event)
        known = self._begun or event["type"] != ev.INCREMENTAL
        if known:
            self._event(event["type"], event["data"])
        else:
            self.stripped += 1
        return known

    def _event(self, kind: int, data: Json) -> None:
        if kind == ev.META:
            data["href"] = _without_query(data["href"])
            _scan_name(data["href"])
        elif kind == ev.FULL_SNAPSHOT:
            self._snapshot(data["node"])
        elif data["source"] == ev.MUTATION:
            self._mutation(data)
        elif data["source"] == ev.INPUT:
            self._input(data)
        else:
            _scan_sheets(data)

    def _snapshot(self, node: Any) -> None:
        self._forget()
        self._add(node, 0, None)
        root = node.get("id", 0)
        self.shadow.root = root
        self._begun = True
        if has_card_number(self.shadow.text_of(root, WHOLE_PAGE)):
            raise CardNumberSeen

    def _mutation(self, data: Json) -> None:
        for removed in data["removes"]:
            self._remove(removed)
        self._adds(data["adds"])
        data["texts"] = [one for one in data["texts"] if self._text(one)]
        data["attributes"] = [one for one in data["attributes"] if self._attributes(one)]

    def _remove(self, removed: Any) -> None:
        known = {"parentId": is_id, "id": is_id, "isShadow": ev.optional(ev.is_flag)}
        if not fits(removed, known):
            raise StreamRefused("schema")
        self.shadow.remove(removed["id"])

    def _adds(self, adds: list[Any]) -> None:
        """Nodes may be told before those they stand beside, so it is gone over until all have found their place."""
        shape = {
            "parentId": is_id,
            "nextId": ev.optional(is_id),
            "previousId": ev.optional(is_id),
            "node": lambda value: isinstance(value, dict),
        }
        if not all(fits(one, shape) for one in adds):
            raise StreamRefused("schema")
        waiting: dict[int, list[Json]] = defaultdict(list)
        ready = deque[Json]()
        for one in adds:
            known = self.shadow.get(one["parentId"]) is not None
            (ready if known else waiting[one["parentId"]]).append(one)
        while ready:
            for made in self._place(ready.popleft()):
                ready.extend(waiting.pop(made, ()))
        if any(waiting.values()):
            raise StreamRefused("forged_id")

    def _place(self, one: Json) -> list[int]:
        """Add a node where it belongs, or move it there; the numbers of all that came with it."""
        moved = one["node"].get("id")
        if is_id(moved):
            self.shadow.remove(moved)
        if self.shadow.get(one["parentId"]) is None:
            raise StreamRefused("forged_id")
        self._touched.add(one["parentId"])
        return self._add(one["node"], one["parentId"], one["nextId"])

    def _add(self, node: Any, parent: int, before: int | None) -> list[int]:
        """A node with all below it, one after another: nesting is the page's to choose, up to a limit."""
        above, numbers = self.shadow.get(parent), []
        stack: list[tuple[Any, int, int | None, bool, int]] = [
            (node, parent, before, above is not None and above.editable, 0)
        ]
        while stack:
            one, below, next_to, editable, depth = stack.pop()
            if depth > ev.DEEPEST or len(self.shadow) >= ev.MOST_NODES:
                raise StreamRefused("too_large")
            made = self._node(one, below, next_to, editable)
            numbers.append(made.id)
            for child in reversed(one.get("childNodes") or ()):
                stack.append((child, made.id, None, made.editable, depth + 1))
        return numbers

    def _node(self, one: Any, parent: int, before: int | None, editable: bool) -> Node:
        ev.check_node(one)
        if self.shadow.get(one["id"]) is not None:
            raise StreamRefused("forged_id")
        made = Node(one["id"], one["type"], parent=parent, editable=editable)
        if made.kind == ELEMENT:
            self._element(one, made)
        elif made.kind in (TEXT, ev.CDATA, ev.COMMENT):
            self._text_node(one, made)
        elif made.kind == ev.DOCTYPE:
            _check_doctype(one)
        self.shadow.put(made, before)
        return made

    def _element(self, one: Json, made: Node) -> None:
        name = one["tagName"]
        _scan_name(name)
        made.tag = one["tagName"] = tag_of(name)
        made.tag = made.tag.lower()
        one["childNodes"] = one.get("childNodes") or []
        one["isCustom"] = one.get("isCustom") is True and _CUSTOM.fullmatch(name) is not None
        if is_hollow(name):
            self.stripped += 1
            one["attributes"], one["childNodes"] = {}, []
        one["attributes"], dropped = clean_attributes(made.tag, one.get("attributes"))
        self.stripped += dropped
        attributes = one["attributes"]
        made.attributes = {key: str(attributes[key]) for key in attributes if key in REMEMBERED}
        made.blocked = one.get("needBlock") is True
        if made.blocked and one.get("childNodes"):
            raise StreamRefused("unmasked")
        made.editable = _is_editable(made)
        self._check_masked(made, attributes)
        _scan_attributes(attributes)

    def _check_masked(self, node: Node, attributes: Json) -> None:
        """Raise StreamRefused when a field shows what it must not. Buttons show what they do."""
        if node.tag == "option":
            if attributes.get("selected") and not self._of_shared_select(node):
                del attributes["selected"]
            return
        if not node.is_field:
            return
        self.shadow.note(node)
        if self.shadow.shares(node):
            node.text = str(attributes.get("value") or "")
            return
        if node.is_toggle:
            if attributes.get("checked"):
                raise StreamRefused("unmasked")
        elif attributes.get("value") not in (None, "", MASK):
            raise StreamRefused("unmasked")
        if self.shadow.is_sensitive(node) and _echoes(attributes.get("placeholder")):
            raise StreamRefused("unmasked")

    def _of_shared_select(self, option: Node) -> bool:
        """An option is judged by its select, which is above it by now."""
        return any(
            one.tag == "select" and self.shadow.shares(one) for one in self.shadow.ancestors(option.parent)
        )

    def _text_node(self, one: Json, made: Node) -> None:
        text: str = one["textContent"]
        above = self.shadow.get(made.parent)
        if made.kind == ev.COMMENT:
            one["textContent"] = ""
            return
        self._check_text(made, above, text)
        made.text = text if above is None or above.tag not in CSS_TAGS else ""

    def _check_text(self, node: Node, above: Node | None, text: str) -> None:
        if above is not None and above.tag in CSS_TAGS:
            if has_unbroken_card_number(text):
                raise CardNumberSeen
            return
        typed = node.editable or (
            above is not None and above.tag == "textarea" and not self.shadow.shares(above)
        )
        if typed and text.strip() not in ("", MASK):
            raise StreamRefused("unmasked")

    def _text(self, one: Any) -> bool:
        """Whether the change of a text is of a node that is there."""
        if not fits(one, {"id": is_id, "value": ev.optional(is_text)}):
            raise StreamRefused("schema")
        node = self.shadow.get(one["id"])
        if node is None or node.kind != TEXT:
            self.stripped += 1
            return False
        above = self.shadow.get(node.parent)
        text: str = one["value"] or ""
        self._check_text(node, above, text)
        if above is None or above.tag not in CSS_TAGS:
            node.text = text
            self._touched.add(node.id)
        return True

    def _attributes(self, one: Any) -> bool:
        if not fits(one, {"id": is_id, "attributes": lambda value: isinstance(value, dict)}):
            raise StreamRefused("schema")
        node = self.shadow.get(one["id"])
        if node is None or node.kind != ELEMENT:
            self.stripped += 1
            return False
        cleaned, dropped = clean_attributes(node.tag, one["attributes"])
        self.stripped += dropped
        one["attributes"] = cleaned
        self._remember(node, cleaned)
        self._check_masked(node, cleaned)
        _scan_attributes(cleaned)
        return True

    def _remember(self, node: Node, changed: Json) -> None:
        for key in changed.keys() & REMEMBERED:
            if changed[key] is None:
                node.attributes.pop(key, None)
            else:
                node.attributes[key] = str(changed[key])
        node.editable = node.editable or _is_editable(node)

    def _input(self, data: Json) -> None:
        """What was typed or chosen; a field that is not shared sends only that something was."""
        node = self.shadow.get(data["id"])
        if node is None or node.tag not in FIELDS:
            raise StreamRefused("forged_id")
        if not self.shadow.shares(node):
            shown = data["isChecked"] if node.is_toggle else data["text"] not in ("", MASK)
            if shown:
                raise StreamRefused("unmasked")
            return
        if node.is_toggle:
            return
        node.text = data["text"]
        self._touched.add(node.id)
        self._typed[node.id] = data["text"]
        if has_card_number("".join(one for one in self._typed.values() if one.strip().isdigit())):
            raise CardNumberSeen

    def _scan_touched(self) -> None:
        """What stands around each changed node, once; all of the page when that is less work."""
        tops = {self.shadow.top_around(node_id, LEVELS) for node_id in self._touched}
        self._touched.clear()
        if len(tops) > MANY:
            tops, most = {self.shadow.root}, WHOLE_PAGE
        else:
            most = NEARBY
        if any(has_card_number(self.shadow.text_of(top, most)) for top in tops):
            raise CardNumberSeen


def _is_editable(node: Node) -> bool:
    own = node.attributes.get("contenteditable")
    if own is None:
        return node.editable
    return own.lower() != "false"


def _scan_attributes(attributes: Json) -> None:
    for name, value in attributes.items():
        if len(name) >= SHORTEST:
            _scan_name(name)
        if isinstance(value, dict):
            _scan_sheets(value)
        elif value is not None and len(text := str(value)) >= SHORTEST:
            read = name in READ_BY_PEOPLE or name.startswith("data-")
            if (has_card_number if read else has_unbroken_card_number)(text):
                raise CardNumberSeen


def _scan_name(text: str) -> None:
    if len(text) >= SHORTEST and has_unbroken_card_number(text):
        raise CardNumberSeen


def _check_doctype(one: Json) -> None:
    """The document's type is made by its name, which has to be one."""
    if not _DOCTYPE.fullmatch(one["name"]):
        raise StreamRefused("schema")
    _scan_sheets(one)


def _scan_sheets(data: Json) -> None:
    """Style sheets, too, are made of strings."""
    if any(has_unbroken_card_number(one) for one in _strings(data)):
        raise CardNumberSeen


def _strings(value: Any) -> Iterable[str]:
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            stack.extend(one.keys())
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)


def _echoes(placeholder: Any) -> bool:
    """A sensitive field's placeholder may explain, but not hold digits."""
    return isinstance(placeholder, str) and sum(one.isdigit() for one in placeholder) > 4


def _without_query(address: str) -> str:
    """A page's address without what stands after `?` or `#`: tokens and searches are nobody's business."""
    return address.partition("#")[0].partition("?")[0]
