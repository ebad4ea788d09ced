"""Reading a connected shop from where it was left, page by page; what was read stays read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from orders.connectors.errors import ConnectorNotFound
from orders.connectors.model import RECORD_KINDS, Connector, Cursor, RecordKind
from orders.connectors.port import ChangePage, ShopConnector
from orders.ports import UnitOfWork
from orders.services.importing import take_change
from orders.services.retrying import retried

OVERLAP = timedelta(minutes=5)
"""Read again at the next time: the shop's clock may differ, and what is being saved has no moment yet."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one kind of record is: read in this run, news among them, and how many there are if it is known."""

    kind: RecordKind
    read: int
    news: int
    total: int | None
    not_understood: tuple[str, ...] = ()


Told = Callable[[Progress], None]


def synchronise(
    uow: UnitOfWork, shop: ShopConnector, site: str, clock: Callable[[], datetime], told: Told
) -> tuple[Progress, ...]:
    """Take in all that changed since the last time; `told` hears of every page. Gives the end of each kind.

    Raises:
        ConnectorNotFound: the site has no connector.
        ConnectorAway, ConnectorRefused, Conflict (others changed the same records, again and again): what was
            read until then is kept, and the next run goes on from there.
    """
    ends = tuple(_read_kind(uow, shop, site, kind, clock, told) for kind in RECORD_KINDS)
    with uow:
        uow.connectors.save(replace(_known(uow, site), synchronised_at=clock()))
        uow.commit()
    return ends


def _read_kind(
    uow: UnitOfWork,
    shop: ShopConnector,
    site: str,
    kind: RecordKind,
    clock: Callable[[], datetime],
    told: Told,
) -> Progress:
    with uow:
        cursor = _known(uow, site).cursors.get(kind, Cursor())
    if cursor.page is None:
        cursor = replace(cursor, started_at=clock())
    progress = Progress(kind, 0, 0, None)
    while True:
        page = shop.changed(kind, cursor.since, cursor.page)
        cursor = _after(cursor, page)
        progress = _with(progress, page, _kept(uow, site, kind, page, cursor, clock()))
        told(progress)
        if page.next is None:
            return progress


def _kept(
    uow: UnitOfWork, site: str, kind: RecordKind, page: ChangePage, cursor: Cursor, now: datetime
) -> int:
    """A page and where the next run goes on, in one transaction; gives how many records were news."""

    def keep() -> int:
        with uow:
            news = sum(take_change(uow, site, change, now) for change in page.changes)
            known = _known(uow, site)
            cursors: Mapping[RecordKind, Cursor] = {**known.cursors, kind: cursor}
            uow.connectors.save(replace(known, cursors=cursors))
            uow.commit()
            return news

    return retried(keep)


def _after(cursor: Cursor, page: ChangePage) -> Cursor:
    if page.next is not None:
        return replace(cursor, page=page.next)
    since = cursor.started_at - OVERLAP if cursor.started_at else cursor.since
    return Cursor(since=since)


def _with(progress: Progress, page: ChangePage, news: int) -> Progress:
    return Progress(
        progress.kind,
        progress.read + len(page.changes),
        progress.news + news,
        page.total,
        (*progress.not_understood, *page.not_understood),
    )


def _known(uow: UnitOfWork, site: str) -> Connector:
    found = uow.connectors.get(site)
    if found is None:
        raise ConnectorNotFound(f"no shop is connected as {site}")
    return found
