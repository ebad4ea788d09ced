"""Pages as the recorder would send them."""

from itertools import count
from typing import Any

from agent_ui.cobrowse.policy import MaskPolicy

POLICY = MaskPolicy(
    "shop", 3, ("name:email", "name:city", "id:country", "name:gift", "name:cvv"), ("id:order",)
)
Json = dict[str, Any]


class PageMaker:
    """Makes nodes with ids of their own."""

    def __init__(self) -> None:
        self._ids = count(1)

    def element(self, tag: str, attributes: Json | None = None, *children: Json | str, **parts: Any) -> Json:
        nodes = [self.text(child) if isinstance(child, str) else child for child in children]
        made = {"type": 2, "tagName": tag, "attributes": attributes or {}, "childNodes": nodes}
        return {**made, "id": next(self._ids), **parts}

    def text(self, text: str) -> Json:
        return {"type": 3, "textContent": text, "id": next(self._ids)}

    def document(self, *body: Json | str) -> Json:
        html = self.element("html", {}, self.element("head"), self.element("body", {}, *body))
        doctype = {"type": 1, "name": "html", "publicId": "", "systemId": "", "id": next(self._ids)}
        return {"type": 0, "childNodes": [doctype, html], "id": next(self._ids)}


def snapshot(document: Json) -> Json:
    return event(2, {"node": document, "initialOffset": {"top": 0, "left": 0}})


def meta() -> Json:
    return event(4, {"href": "http://shop.example/checkout?token=abc#x", "width": 1280, "height": 800})


def event(kind: int, data: Json) -> Json:
    return {"type": kind, "data": data, "timestamp": 1700000000000}


def mutation(**parts: Any) -> Json:
    return event(3, {"source": 0, "texts": [], "attributes": [], "removes": [], "adds": [], **parts})


def added(parent: Json, node: Json, before: Json | None = None) -> Json:
    return {"parentId": parent["id"], "nextId": before["id"] if before else None, "node": node}


def typed(node: Json, text: str, checked: bool = False) -> Json:
    return event(3, {"source": 5, "id": node["id"], "text": text, "isChecked": checked})
