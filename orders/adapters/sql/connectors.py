"""The shops behind connectors in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from orders.adapters.sql.execute import Execute
from orders.adapters.sql.rows import save_row
from orders.adapters.tables import connector, connector_delivery, connector_record
from orders.connectors.model import RECORD_KINDS, Connector, Cursor


class SqlConnectors:
    """`orders.ports.Connectors` on three tables."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, site: str) -> Connector | None:
        row = self._execute(select(connector).where(connector.c.site == site)).first()
        return _connector(row) if row else None

    def all(self) -> tuple[Connector, ...]:
        return tuple(_connector(row) for row in self._execute(select(connector).order_by(connector.c.site)))

    def save(self, changed: Connector) -> None:
        save_row(self._execute, connector, _columns(changed))

    def remove(self, site: str) -> None:
        self._execute(delete(connector).where(connector.c.site == site))

    def changed_at(self, site: str, local_id: str) -> datetime | None:
        same = (connector_record.c.site == site) & (connector_record.c.local_id == local_id)
        query = select(connector_record.c.changed_at).where(same)
        found: datetime | None = self._execute(query).scalar_one_or_none()
        return found

    def note_change(self, site: str, local_id: str, changed_at: datetime) -> None:
        row = {"site": site, "local_id": local_id, "changed_at": changed_at}
        save_row(self._execute, connector_record, row)

    def take_delivery(self, site: str, delivery_id: str, at: datetime) -> bool:
        same = (connector_delivery.c.site == site) & (connector_delivery.c.id == delivery_id)
        if self._execute(select(connector_delivery.c.id).where(same)).first() is not None:
            return False
        self._execute(insert(connector_delivery).values(site=site, id=delivery_id, at=at))
        return True

    def forget_deliveries(self, before: datetime) -> None:
        self._execute(delete(connector_delivery).where(connector_delivery.c.at < before))


def _columns(changed: Connector) -> dict[str, Any]:
    return {
        "site": changed.site,
        "kind": changed.kind,
        "url": changed.url,
        "secrets": dict(changed.secrets),
        "language": changed.language,
        "region": changed.region,
        "cursors": {kind: _cursor_column(cursor) for kind, cursor in changed.cursors.items()},
        "synchronised_at": changed.synchronised_at,
    }


def _cursor_column(cursor: Cursor) -> dict[str, str | None]:
    return {
        "since": cursor.since.isoformat() if cursor.since else None,
        "page": cursor.page,
        "started_at": cursor.started_at.isoformat() if cursor.started_at else None,
    }


def _connector(row: Row[Any]) -> Connector:
    return Connector(
        site=row.site,
        kind=row.kind,
        url=row.url,
        secrets=row.secrets,
        language=row.language,
        region=row.region,
        cursors={kind: _cursor(row.cursors[kind]) for kind in RECORD_KINDS if kind in row.cursors},
        synchronised_at=row.synchronised_at,
    )


def _cursor(column: dict[str, str | None]) -> Cursor:
    since, started_at = column["since"], column["started_at"]
    return Cursor(
        datetime.fromisoformat(since) if since else None,
        column["page"],
        datetime.fromisoformat(started_at) if started_at else None,
    )
