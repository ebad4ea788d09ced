"""The audit trail in SQL."""

from typing import Any

from sqlalchemy import Row, insert, select

from orders.adapters.sql.execute import Execute
from orders.adapters.tables import shop_audit
from orders.model.audit import AuditEntry


class SqlAuditTrail:
    """`orders.ports.AuditTrail` on one table; its serial keeps the order of two changes at one moment."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def add(self, entry: AuditEntry) -> None:
        self._execute(insert(shop_audit).values(_columns(entry)))

    def of(self, subject_kind: str, subject_id: str) -> tuple[AuditEntry, ...]:
        about = (shop_audit.c.subject_kind == subject_kind) & (shop_audit.c.subject_id == subject_id)
        query = select(shop_audit).where(about).order_by(shop_audit.c.serial)
        return tuple(_entry(row) for row in self._execute(query))


def _columns(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "details": [list(detail) for detail in entry.details],
    }


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        details=tuple((name, value) for name, value in row.details),
    )
