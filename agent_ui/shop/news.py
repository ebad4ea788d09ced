"""What an agent did to a cart, as its customer is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.model.audit import AuditEntry

SHOWN = {
    "cart.line_added": "news.added",
    "cart.quantity_changed": "news.quantity",
    "cart.line_removed": "news.removed",
    "cart.discount_given": "news.discount",
    "cart.line_restored": "news.restored",
}
"""Text keys by the audit's actions; others are no news to a customer."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change by an agent. `sku` is the product it is about, if any; amounts are by name."""

    key: str
    agent_id: str
    sku: str | None
    details: dict[str, str | int]


def agent_changes(history: Sequence[AuditEntry], seen: int = 0) -> tuple[Change, ...]:
    """What agents did after the first `seen` entries."""
    return tuple(_change(entry) for entry in history[seen:] if _is_news(entry))


def last_agent(history: Sequence[AuditEntry]) -> str | None:
    """The agent who worked on the cart last, if one did: they have prepared it."""
    agents = [entry.actor_id for entry in history if _is_news(entry)]
    return agents[-1] if agents else None


def discount_giver(history: Sequence[AuditEntry]) -> str | None:
    """The agent who gave the discount last."""
    givers = [entry.actor_id for entry in history if entry.action == "cart.discount_given"]
    return givers[-1] if givers else None


def _is_news(entry: AuditEntry) -> bool:
    return entry.actor_kind == "agent" and entry.action in SHOWN


def _change(entry: AuditEntry) -> Change:
    details = dict(entry.details)
    sku = details.get("sku")
    return Change(SHOWN[entry.action], entry.actor_id, str(sku) if sku else None, details)
