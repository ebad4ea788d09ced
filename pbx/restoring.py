"""What a new process takes up from the one before it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pbx import tables
from pbx.acd.callbacks import Promise
from pbx.contract.resources import AgentStatus, CallbackView

OPEN = ("waiting", "offered", "dialing")
"""Promises that were not kept yet; one that was being called is to be called again."""

Statuses = Mapping[str, tuple[AgentStatus, str | None]]


def load(session: Session) -> tuple[list[Promise], Statuses]:
    """The open callbacks, oldest place first, and the agents' chosen statuses: what Center.restore takes."""
    return _promises(session), _statuses(session)


def _promises(session: Session) -> list[Promise]:
    table = tables.callback
    rows = session.execute(
        select(table).where(table.c.state.in_(OPEN)).order_by(table.c.queued_at, table.c.id)
    )
    return [_promise(row) for row in rows]


def _promise(row: Any) -> Promise:
    view = CallbackView(
        id=row.id, queue=row.queue_id, number=row.number, customer_id=row.customer_id,
        requested_at=row.requested_at, attempts=row.attempts, state="waiting",
    )  # fmt: skip
    return Promise(view, row.language, row.priority, row.contact_id, row.queued_at, row.visitor, row.site)


def _statuses(session: Session) -> Statuses:
    table = tables.agent_status
    rows = session.execute(select(table.c.agent_id, table.c.status, table.c.pause_reason))
    return {row.agent_id: (row.status, row.pause_reason) for row in rows}
