"""Attributing changes to whoever made them."""

from datetime import datetime
from uuid import uuid4

from orders.model.actor import Actor
from orders.model.audit import AuditEntry, Detail
from orders.ports import UnitOfWork


def audit_cart(
    uow: UnitOfWork, cart_id: str, action: str, details: tuple[Detail, ...], actor: Actor, now: datetime
) -> None:
    """Add a line about a cart to the audit trail."""
    _add(uow, "cart", cart_id, action, details, actor, now)


def audit_order(
    uow: UnitOfWork, order_id: str, action: str, details: tuple[Detail, ...], actor: Actor, now: datetime
) -> None:
    """Add a line about an order to the audit trail."""
    _add(uow, "order", order_id, action, details, actor, now)


def _add(
    uow: UnitOfWork,
    kind: str,
    subject_id: str,
    action: str,
    details: tuple[Detail, ...],
    actor: Actor,
    now: datetime,
) -> None:
    uow.audit.add(AuditEntry(uuid4().hex, now, actor.kind, actor.id, action, kind, subject_id, details))
