"""What the server remembers of a mirrored page: enough to judge what comes next, and no picture of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent_ui.cobrowse.events import ELEMENT, TEXT
from agent_ui.cobrowse.policy import MaskPolicy, is_sensitive
from agent_ui.cobrowse.words import words

REMEMBERED = words(
    """
    type name id autocomplete placeholder aria-label data-cc-mask data-cc-block data-cc-pay for
    contenteditable role href value
    """
)
FIELDS = frozenset({"input", "textarea", "select"})
TOGGLES = frozenset({"checkbox", "radio"})
BUTTONS = frozenset({"submit", "button", "reset", "image"})
INLINE = words(
    """
    a abbr b bdi bdo cite code data em font i input ins kbd label mark output q s samp select small span
    strong sub sup textarea time tt u var wbr button
    """
)
EDGE = "\x1f"
"""Stands between the texts of block elements."""


@dataclass(slots=True)
class Node:
    """One node. `text` is a text node's text or a shared field's value, `editable` whether people type into it."""

    id: int
    kind: int
    tag: str = ""
    parent: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[int] = field(default_factory=list)
    text: str = ""
    blocked: bool = False
    editable: bool = False

    @property
    def is_toggle(self) -> bool:
        """Whether it is a checkbox or a radio button."""
        return self.tag == "input" and self.attributes.get("type", "").lower() in TOGGLES

    @property
    def is_field(self) -> bool:
        """Whether a customer types or chooses here."""
        kind = self.attributes.get("type", "").lower()
        return self.tag in FIELDS and not (self.tag == "input" and kind in BUTTONS)


class Shadow:
    """The nodes of one page. What was once sensitive stays so for as long as the page is open."""

    def __init__(self, policy: MaskPolicy) -> None:
        self.policy = policy
        self.root = 0
        self._nodes: dict[int, Node] = {}
        self._sensitive: set[int] = set()

    def __len__(self) -> int:
        return len(self._nodes)

    def clear(self) -> None:
        """Forget the tree, before a new snapshot."""
        self.root = 0
        self._nodes.clear()

    def get(self, node_id: int) -> Node | None:
        """A node of the page, if there is one."""
        return self._nodes.get(node_id)

    def put(self, node: Node, before: int | None = None) -> None:
        """Add a node below its parent, before one of its children or as the last."""
        self._nodes[node.id] = node
        self.note(node)
        parent = self._nodes.get(node.parent)
        if parent is None:
            return
        if before is not None and before in parent.children:
            parent.children.insert(parent.children.index(before), node.id)
        else:
            parent.children.append(node.id)

    def note(self, node: Node) -> None:
        """Look again at whether a field is sensitive, after its attributes changed."""
        if node.tag in FIELDS and is_sensitive(node.attributes):
            self._sensitive.add(node.id)

    def remove(self, node_id: int) -> None:
        """Forget a node and all below it."""
        node = self._nodes.get(node_id)
        if node is None:
            return
        parent = self._nodes.get(node.parent)
        if parent is not None and node_id in parent.children:
            parent.children.remove(node_id)
        for below in list(self.subtree(node_id)):
            del self._nodes[below.id]

    def subtree(self, node_id: int) -> Iterator[Node]:
        """A node and all below it, in document order."""
        stack = [node_id]
        while stack:
            node = self._nodes.get(stack.pop())
            if node is not None:
                yield node
                stack.extend(reversed(node.children))

    def ancestors(self, node_id: int) -> Iterator[Node]:
        """A node, its parent, and so on."""
        node = self._nodes.get(node_id)
        seen: set[int] = set()
        while node is not None and node.id not in seen:
            seen.add(node.id)
            yield node
            node = self._nodes.get(node.parent)

    def is_sensitive(self, node: Node) -> bool:
        """Whether the field is, or ever was, one that must not be seen."""
        return node.id in self._sensitive

    def shares(self, node: Node) -> bool:
        """Whether the field's value may be seen."""
        return node.id not in self._sensitive and self.policy.shares(node.attributes)

    def find(self, attribute: str, value: str) -> Node | None:
        """The first element with this attribute."""
        return next((one for one in self._nodes.values() if one.attributes.get(attribute) == value), None)

    def top_around(self, node_id: int, levels: int) -> int:
        """The node whose text is read together with this one's."""
        top = node_id
        for level, node in enumerate(self.ancestors(node_id)):
            if level > levels or (level and len(node.children) > 64):
                break
            top = node.id
        return top

    def text_of(self, node_id: int, most: int) -> str:
        """A subtree's text in the order it is read, `most` characters and nodes or a little more.

        Block elements stand apart.
        """
        return joined(self._pieces(node_id, most))

    def _pieces(self, node_id: int, most: int) -> Iterator[str]:
        length = 0
        for node in self.subtree(node_id):
            length += 1
            if node.kind == TEXT or node.tag in FIELDS:
                length += len(node.text)
                yield node.text
            elif node.kind == ELEMENT and node.tag not in INLINE:
                yield EDGE
            if length > most:
                return


def joined(pieces: Iterable[str]) -> str:
    """Texts one after another; blanks and edges between them count once."""
    parts: list[str] = []
    for piece in pieces:
        text = piece if piece.strip() or piece == EDGE else " "
        if not text.strip(" ") and (not parts or parts[-1] in (" ", EDGE)):
            continue
        if text == EDGE and parts and parts[-1] == EDGE:
            continue
        parts.append(text)
    return "".join(parts)
