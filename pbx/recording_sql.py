"""The recordings' rows: `pbx.recording.RecordingStore` on the database."""

from sqlalchemy import insert, update

from pbx import tables
from pbx.db import Database
from pbx.recording import RecordingEnd, RecordingRow


class SqlRecordingStore:
    """One row a recording, written before the first sample."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(self, row: RecordingRow) -> None:
        """See RecordingStore."""
        statement = insert(tables.recording).values(
            id=row.id, contact_id=row.contact, kind="call", path=str(row.path), started_at=row.started_at,
            ended_at=None, seconds=None, state="recording", pauses=[], error="",
        )  # fmt: skip
        await self._database.run(lambda session: session.execute(statement))

    async def closed(self, recording: str, end: RecordingEnd) -> None:
        """See RecordingStore. A rescued one keeps the end that the start of this process gave it.

        The row was there before the first sample: what is seen elsewhere is laid beside the first sample.
        """
        column = tables.recording.c
        statement = (
            update(tables.recording)
            .where(column.id == recording)
            .values(
                started_at=end.began_at or column.started_at,
                ended_at=end.ended_at or column.ended_at,
                seconds=end.seconds,
                pauses=[list(pause) for pause in end.pauses],
                state="failed" if end.error else "finished",
                error=end.error[:255],
            )
        )
        await self._database.run(lambda session: session.execute(statement))
