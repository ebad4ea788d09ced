"""What was recorded and kept, contact by contact: the telephone system's recordings and the pages' replays."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from agent_ui.cobrowse.replay_store import (
    RUNNING,
    Action,
    Replay,
    Watch,
    add_watch,
    replays_between,
    replays_of,
    watches_of,
)
from agent_ui.cobrowse.store import ConsentEntry, consent_of
from agent_ui.control.errors import ControlRefused
from agent_ui.control.port import Control, RecordingsQuery
from agent_ui.logins.store import all_logins
from agent_ui.realtime.live import Live
from agent_ui.recordings.views import (
    ConsentMark,
    Kind,
    Pause,
    Person,
    RecordedContact,
    RecordedContacts,
    RecordingPart,
    WatchLine,
)
from agent_ui.storage import Storage
from agent_ui.workers import Workers
from config.settings import Settings
from pbx.contract.resources import CdrView, RecordingView

MOST = 500
"""Recordings that are listed at once."""
MOST_ALONE = 50
"""Contacts that were not recorded, but whose customer's page was kept."""
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Period:
    """The time, and the agent, whose contacts are listed."""

    since: datetime
    until: datetime
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who opens a contact, and from where."""

    login: str
    address: str


@dataclass(frozen=True, slots=True)
class Held:
    """All that is there of one contact."""

    contact: RecordedContact
    recordings: tuple[RecordingView, ...]
    replays: tuple[Replay, ...]
    consent: tuple[ConsentMark, ...]
    watched: tuple[WatchLine, ...]

    def parts(self) -> tuple[RecordingPart, ...]:
        """What can be heard."""
        return tuple(
            RecordingPart(
                id=one.id,
                started_at=one.started_at,
                seconds=one.seconds or 0.0,
                pauses=tuple(Pause(begin=begin, end=end) for begin, end in one.pauses),
            )
            for one in self.recordings
        )


class Archive:
    """Reads through the control API and the pages' own tables; the files themselves are on a disk both see."""

    def __init__(
        self,
        control: Control,
        workers: Workers,
        storage: Storage,
        settings: Settings,
        live: Callable[[], Live],
        names: Callable[[Iterable[str]], Mapping[str, str]],
    ) -> None:
        self._control = control
        self._workers = workers
        self._storage = storage
        self._settings = settings
        self._live = live
        self._names = names

    def listed(self, period: Period) -> RecordedContacts:
        """The contacts of a period, newest first. Raises ControlError."""
        query = RecordingsQuery(None, period.agent, period.since, period.until, MOST)
        recordings = self._workers.run(self._control.recordings, query)
        replays = self._storage.run(replays_between, period.since, period.until, MOST)
        contacts = self._contacts(recordings, replays, period.agent)
        agents = sorted(self._live().agents.values(), key=lambda one: one.name)
        return RecordedContacts(
            contacts=tuple(sorted(contacts, key=lambda one: one.started_at, reverse=True)),
            more=len(recordings) == MOST or len(replays) == MOST,
            agents=tuple(Person(id=one.id, name=one.name) for one in agents),
            kept_days=self._settings.recording.retention / DAY,
        )

    def opened(self, contact: str, viewer: Viewer) -> Held | None:
        """All there is of a contact, None when there is nothing; who opens it is on record. Raises ControlError."""
        recordings = self._workers.run(self._control.recordings, RecordingsQuery(contact, limit=MOST))
        replays = self._storage.run(replays_of, [contact])
        found = self._contacts(recordings, replays, None)
        heard = tuple(sorted((one for one in recordings if _audible(one)), key=lambda one: one.started_at))
        seen = tuple(one for one in replays if one.state != RUNNING)
        if not found or not (heard or seen):
            return None
        now = datetime.now(UTC)
        lines = [_line(now, viewer, "heard", contact, one.id) for one in heard]
        lines += [_line(now, viewer, "watched", contact, one.session) for one in seen]
        consent, watched, people = self._storage.run(_put_on_record, contact, lines)
        names = {one.id: one.name for one in self._live().agents.values()}
        return Held(
            found[0],
            heard,
            seen,
            tuple(
                ConsentMark(at=one.at, action=one.action, tier=one.tier, by=names.get(one.by, one.by))
                for one in consent
            ),
            tuple(
                WatchLine(at=one.at, name=people.get(one.login, one.login), action=one.action)
                for one in watched
            ),
        )

    def files(self, held: Held) -> dict[str, Path]:
        """Where its parts are, by the ids of recordings and sessions."""
        directory = self._settings.cobrowse.replays
        files = {one.id: Path(one.path) for one in held.recordings}
        return files | {one.session: directory / one.file for one in held.replays}

    def _contacts(
        self, recordings: tuple[RecordingView, ...], replays: tuple[Replay, ...], agent: str | None
    ) -> list[RecordedContact]:
        heard: dict[str, list[RecordingView]] = {}
        for one in recordings:
            if one.deleted_at is None:
                heard.setdefault(one.contact, []).append(one)
        seen = {one.contact: one for one in reversed(replays)}
        records = {contact: parts[0].record for contact, parts in heard.items()}
        alone = [contact for contact in seen if contact not in heard][:MOST_ALONE]
        records |= self._records(alone, agent)
        names = self._customers(records.values())
        return [
            self._row(contact, record, heard.get(contact, []), seen.get(contact), names)
            for contact, record in records.items()
        ]

    def _records(self, contacts: list[str], agent: str | None) -> dict[str, CdrView | None]:
        """Of contacts of which there are only replays. One that is still going on has no record yet."""
        found: dict[str, CdrView | None] = {}
        for contact in contacts:
            try:
                record = self._workers.run(self._control.record, contact)
            except ControlRefused:
                record = None
            if agent is None or (record is not None and record.agent == agent):
                found[contact] = record
        return found

    def _customers(self, records: Iterable[CdrView | None]) -> Mapping[str, str]:
        return self._names({one.customer_id for one in records if one is not None and one.customer_id})

    def _row(
        self,
        contact: str,
        record: CdrView | None,
        heard: list[RecordingView],
        seen: Replay | None,
        names: Mapping[str, str],
    ) -> RecordedContact:
        agent = record.agent if record else None
        known = self._live().agents.get(agent or "")
        queue = self._live().queues.get((record.queue if record else None) or "")
        began = [one.started_at for one in heard] + ([seen.started_at] if seen else [])
        kind: Kind = heard[0].kind if heard else "page"
        return RecordedContact(
            contact=contact,
            kind=kind,
            started_at=min(began),
            direction=record.direction if record else None,
            number=_other_end(record),
            customer_name=names.get((record.customer_id if record else None) or ""),
            queue=queue.name if queue else (record.queue if record else None),
            agent=agent,
            agent_name=known.name if known else agent,
            seconds=sum(one.seconds or 0.0 for one in heard) or _length(seen),
            heard=any(_audible(one) for one in heard),
            replay=seen is not None,
            running=any(one.state == "recording" for one in heard),
        )


def _put_on_record(
    database: Session, contact: str, lines: list[Watch]
) -> tuple[tuple[ConsentEntry, ...], tuple[Watch, ...], Mapping[str, str]]:
    for line in lines:
        add_watch(database, line)
    people = {one.username: one.name for one in all_logins(database)}
    return consent_of(database, contact), watches_of(database, contact), people


def _line(at: datetime, viewer: Viewer, action: Action, contact: str, subject: str) -> Watch:
    return Watch(at, viewer.login, action, contact, subject, viewer.address)


def _audible(one: RecordingView) -> bool:
    """Whether there is a whole file; one that was interrupted is repaired when the telephone system starts."""
    return one.deleted_at is None and one.state in ("finished", "interrupted") and bool(one.seconds)


def _other_end(record: CdrView | None) -> str | None:
    if record is None:
        return None
    return record.called if record.direction == "outbound" else record.caller


def _length(replay: Replay | None) -> float:
    if replay is None or replay.ended_at is None:
        return 0.0
    return (replay.ended_at - replay.started_at).total_seconds()
