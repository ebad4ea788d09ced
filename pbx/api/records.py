"""The database's records for the routes, read in its threads."""

from pbx import history
from pbx.api.schemas import CdrQuery, EventView, RecordingsQuery
from pbx.contract.resources import CdrView, RecordingView
from pbx.db import Database


class DatabaseHistory:
    """`pbx.api.services.History` on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cdrs(self, query: CdrQuery) -> tuple[CdrView, ...]:
        """See History."""
        wanted = history.Filter(
            customer_id=query.customer_id, caller=query.caller, agent=query.agent, before=query.before,
            limit=query.limit,
        )  # fmt: skip
        return await self._database.run(lambda session: history.records(session, wanted))

    async def cdr(self, contact: str) -> CdrView:
        """See History."""
        return await self._database.run(lambda session: history.record(session, contact))

    async def recordings(self, query: RecordingsQuery) -> tuple[RecordingView, ...]:
        """See History."""
        wanted = history.RecordingFilter(
            contact=query.contact, agent=query.agent, since=query.since, until=query.until, limit=query.limit
        )
        return await self._database.run(lambda session: history.recordings(session, wanted))

    async def events(self, contact: str) -> tuple[EventView, ...]:
        """See History."""
        found = await self._database.run(lambda session: history.entries(session, contact))
        return tuple(
            EventView(boot=one.boot, seq=one.seq, at=one.at, type=one.type, body=dict(one.body))
            for one in found
        )
