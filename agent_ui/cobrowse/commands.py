"""What an agent may do on a customer's page. Decided here, on what the server itself knows of the page.

The page decides again on what it sees. Each refusal has a name; what was to be typed is in none of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent_ui.cobrowse.consent import Consent, Phase, Tier
from agent_ui.cobrowse.errors import CommandRefused
from agent_ui.cobrowse.events import is_id, is_number
from agent_ui.cobrowse.luhn import has_card_number
from agent_ui.cobrowse.policy import MaskPolicy
from agent_ui.cobrowse.shadow import Node, Shadow

LONGEST_VALUE = 2000
MOST_POINTS = 400
BURST, PER_SECOND = 40.0, 20.0

NEEDS: Mapping[str, Tier] = {
    "point": Tier.POINT,
    "highlight": Tier.POINT,
    "draw": Tier.POINT,
    "please_click": Tier.POINT,
    "clear": Tier.POINT,
    "click": Tier.CONTROL,
    "type": Tier.CONTROL,
    "choose": Tier.CONTROL,
    "scroll": Tier.CONTROL,
    "next": Tier.CONTROL,
}
"""What each action needs the customer's consent to."""

_PAYS = re.compile(
    r"\b(pay|pay\s?now|place (?:the |your |my )?order|buy now|complete (?:the |your )?(?:order|purchase)|payer|"
    r"r[ée]gler|valider (?:et payer|(?:la |ma )?commande)|confirmer (?:la |ma )?commande|acheter|pagar|"
    r"finalizar (?:a )?(?:compra|encomenda)|confirmar (?:a )?(?:compra|encomenda)|comprar)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Command:
    """An agent's command. `fx` and `fy` are where in the element, 0 to 1; `points` a line, likewise."""

    id: int
    epoch: str
    action: str
    node: int = 0
    fx: float = 0.5
    fy: float = 0.5
    value: str = ""
    points: tuple[tuple[float, float], ...] = ()

    def document(self) -> dict[str, Any]:
        """As it is sent to the page."""
        told = {"id": self.id, "epoch": self.epoch, "action": self.action, "node": self.node}
        return {**told, "fx": self.fx, "fy": self.fy, "value": self.value, "points": self.points}


def read_command(document: Mapping[str, Any]) -> Command:
    """A command as an agent's page sends it. Raises CommandRefused when it is none."""
    node, points = document.get("node", 0), document.get("points", ())
    place = (document.get("fx", 0.5), document.get("fy", 0.5))
    value, number, epoch = document.get("value", ""), document.get("id", 0), document.get("epoch", "")
    whole = (
        isinstance(document.get("action"), str)
        and document["action"] in NEEDS
        and (node == 0 or is_id(node))
        and all(is_number(one) and -1 <= one <= 2 for one in place)
        and isinstance(value, str)
        and len(value) <= LONGEST_VALUE
        and type(number) is int
        and isinstance(epoch, str)
        and _is_line(points)
    )
    if not whole:
        raise CommandRefused("malformed")
    line = tuple((float(x), float(y)) for x, y in points)
    return Command(
        number, epoch, str(document["action"]), node, float(place[0]), float(place[1]), value, line
    )


@dataclass(slots=True)
class Rate:
    """How fast something is done, an agent's acting unless said otherwise: a bucket that fills with time."""

    left: float = BURST
    at: float = 0.0
    most: float = BURST
    per_second: float = PER_SECOND

    def take(self, now: float, amount: float = 1) -> bool:
        """Whether so much more may be done now."""
        self.left = min(self.most, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < amount:
            return False
        self.left -= amount
        return True


def check(command: Command, consent: Consent, shadow: Shadow | None, epoch: str, now: float) -> None:
    """Raise CommandRefused unless the command may be carried out on the page that is shown now."""
    needed = NEEDS[command.action]
    if consent.phase is not Phase.RUNNING:
        raise CommandRefused("paused")
    if not consent.may(needed):
        raise CommandRefused("no_consent")
    if shadow is None or command.epoch != epoch:
        raise CommandRefused("other_page")
    if needed is Tier.CONTROL:
        if consent.pre_empted(now):
            raise CommandRefused("customer_acts")
        _check_control(command, shadow)
    elif command.action != "clear":
        _known(command, shadow)


def _check_control(command: Command, shadow: Shadow) -> None:
    if command.action == "scroll":
        _known(command, shadow)
        return
    node = _known(command, shadow)
    if any(one.blocked for one in shadow.ancestors(node.id)):
        raise CommandRefused("masked")
    if command.action == "click":
        _check_click(node, shadow)
    else:
        _check_field(node, shadow)
    if command.action in ("type", "choose") and has_card_number(command.value):
        raise CommandRefused("card_number")


def _known(command: Command, shadow: Shadow) -> Node:
    node = shadow.get(command.node)
    if node is None:
        raise CommandRefused("no_such_element")
    return node


def _check_field(node: Node, shadow: Shadow) -> None:
    if not node.is_field:
        raise CommandRefused("no_field")
    if shadow.is_sensitive(node):
        raise CommandRefused("sensitive")
    if not shadow.shares(node):
        raise CommandRefused("masked")


def _check_click(node: Node, shadow: Shadow) -> None:
    """A click reaches everything above the node, and through a label its field."""
    for one in shadow.ancestors(node.id):
        field = _labelled(one, shadow)
        if field is not None and field.is_field:
            _check_field(field, shadow)
        elif one.is_field:
            _check_field(one, shadow)
        if pays(one, shadow, shadow.policy):
            raise CommandRefused("pays")


def pays(node: Node, shadow: Shadow, policy: MaskPolicy) -> bool:
    """Whether clicking the element may pay: the site says so, its words do, or its form asks for a card."""
    if policy.pays(node.attributes):
        return True
    if not _is_button(node):
        return False
    words = " ".join((shadow.text_of(node.id, 400), node.attributes.get("aria-label", "")))
    if _PAYS.search(words) or _PAYS.search(_caption(node)):
        return True
    return _submits(node) and _asks_for_a_card(node, shadow)


def _is_button(node: Node) -> bool:
    kind = node.attributes.get("type", "").lower()
    return (
        node.tag in ("button", "a")
        or node.attributes.get("role", "").lower() in ("button", "link")
        or (node.tag == "input" and kind in ("submit", "button", "image"))
    )


def _submits(node: Node) -> bool:
    kind = node.attributes.get("type", "").lower()
    return (node.tag == "button" and kind in ("", "submit")) or (
        node.tag == "input" and kind in ("submit", "image")
    )


def _asks_for_a_card(node: Node, shadow: Shadow) -> bool:
    form = next((one for one in shadow.ancestors(node.id) if one.tag == "form"), None)
    if form is None:
        return False
    fields = [one for one in shadow.subtree(form.id) if one.tag == "input"]
    return any(
        one.blocked or (shadow.is_sensitive(one) and one.attributes.get("type") not in ("hidden", "password"))
        for one in fields
    )


def _labelled(node: Node, shadow: Shadow) -> Node | None:
    """The field that a click on a label reaches."""
    if node.tag != "label":
        return None
    if "for" in node.attributes:
        return shadow.find("id", node.attributes["for"])
    return next((one for one in shadow.subtree(node.id) if one.is_field), None)


def _caption(node: Node) -> str:
    return node.attributes.get("value", "") if node.tag == "input" else ""


def _is_line(points: Any) -> bool:
    return (
        isinstance(points, list | tuple)
        and len(points) <= MOST_POINTS
        and all(
            isinstance(one, list | tuple) and len(one) == 2 and all(map(is_number, one)) for one in points
        )
    )
