"""The sites in SQL."""

from typing import Any

from sqlalchemy import Row, select

from orders.adapters import tables
from orders.adapters.sql.execute import Execute
from orders.adapters.sql.rows import save_row
from orders.model.site import Site, SiteNumber


class SqlSites:
    """`orders.ports.Sites` on one table."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, site_id: str) -> Site | None:
        row = self._execute(select(tables.site).where(tables.site.c.id == site_id)).first()
        return _site(row) if row else None

    def by_key(self, key: str) -> Site | None:
        row = self._execute(select(tables.site).where(tables.site.c.key == key)).first()
        return _site(row) if row else None

    def all(self) -> tuple[Site, ...]:
        return tuple(_site(row) for row in self._execute(select(tables.site).order_by(tables.site.c.id)))

    def save(self, site: Site) -> None:
        save_row(self._execute, tables.site, _columns(site))


def _columns(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "key": site.key,
        "name": site.name,
        "origins": list(site.origins),
        "numbers": [[number.language, number.number] for number in site.numbers],
        "queue": site.queue,
        "region": site.region,
        "secret": site.secret,
    }


def _site(row: Row[Any]) -> Site:
    numbers = tuple(SiteNumber(language, number) for language, number in row.numbers)
    return Site(row.id, row.key, row.name, tuple(row.origins), numbers, row.queue, row.region, row.secret)
