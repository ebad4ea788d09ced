"""Keeps what the viewers of co-browsing were shown, in one file a session.

What is told on the event loop goes into a queue; one thread packs it and writes. A disk that cannot keep up is not
waited for: that session's replay ends there, with a line in the log.
"""

import logging
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from agent_ui.cobrowse import replay_store as store
from agent_ui.cobrowse.parties import About
from agent_ui.cobrowse.replay_cut import Cut, Keep
from agent_ui.cobrowse.replay_file import Document, Packer, unpacked
from agent_ui.cobrowse.replay_store import Replay
from agent_ui.cobrowse.stream import Batch

MOST_WAITING = 32 * 1024 * 1024
"""Characters in the queue, beyond which what comes is not kept."""
INFLATED = 4
"""How many times as large as its file a replay may become when it is read: a page may pack suspiciously well."""
LOOK_AT_DISK = 4 * 1024 * 1024
"""Bytes written between two looks at the disk's free space."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    """Where replays are kept, how large one may become, and how much of the disk stays free; sizes in bytes."""

    directory: Path
    largest: int
    min_free: int
    free: Callable[[Path], int] = lambda directory: shutil.disk_usage(directory).free


@dataclass(slots=True)
class _Kept:
    """A session that is being kept. Written by the thread only, except for `cut`, `began` and `over`."""

    about: About
    began: datetime
    cut: Cut = field(default_factory=Cut)
    over: bool = False
    packer: Packer = field(default_factory=Packer)
    row: Replay | None = None
    file: int = -1
    size: int = 0
    shown: int = 0
    looked_at: int = -LOOK_AT_DISK
    last: int = 0


class Replays:
    """What the sessions of this process leave. `now` tells the time in UTC."""

    def __init__(
        self,
        room: Room,
        sessions: sessionmaker[Database],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._room = room
        self._sessions = sessions
        self._now = now
        self._kept: dict[str, _Kept] = {}
        self._todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._waiting = 0
        self._counting = threading.Lock()

    def start(self) -> Callable[[], None]:
        """Write from now on; the returned function writes what is queued and ends that."""
        thread = threading.Thread(target=self._write, name="replays", daemon=True)
        self._todo.put(self._recover)
        thread.start()

        def stop() -> None:
            for session in list(self._kept):
                self.end(session)
            self._todo.put(None)
            thread.join(timeout=5.0)

        return stop

    # -- on the event loop

    def take(self, about: About, batch: Batch, seen: bool) -> bool:
        """Keep a batch if it continues what is kept; True when a snapshot must come first."""
        kept = self._kept.get(about.id)
        if kept is None:
            kept = self._kept[about.id] = _Kept(about, self._now())
        keep = kept.cut.take(batch, seen)
        if keep is Keep.YES and not kept.over:
            self._put(kept, {"epoch": batch.epoch, "events": list(batch.events)}, batch.size)
        return keep is Keep.SNAPSHOT and not kept.over

    def gap(self, session: str, why: str) -> None:
        """Nobody sees the page from here on: `why` is one word, as the player shows it."""
        kept = self._kept.get(session)
        if kept is not None and kept.cut.open:
            kept.cut.gap()
            self._put(kept, {"gap": why}, 0)

    def waits(self, session: str) -> bool:
        """Whether a session is kept, and goes on only with a snapshot."""
        kept = self._kept.get(session)
        return kept is not None and not kept.over and not kept.cut.open

    def end(self, session: str, forget: bool = False) -> None:
        """The session is over; with `forget`, nothing of it may stay."""
        kept = self._kept.pop(session, None)
        if kept is not None:
            self._todo.put(lambda: self._finish(kept, store.FINISHED, forget))

    def _put(self, kept: _Kept, document: Document, size: int) -> None:
        with self._counting:
            full = self._waiting + size > MOST_WAITING
            self._waiting += 0 if full else size
        if full:
            kept.over = True
            _log.warning("co-browsing %s is not kept any further: the disk is too slow", kept.about.id)
            return
        at = round((self._now() - kept.began).total_seconds() * 1000)
        self._todo.put(lambda: self._append(kept, {"at": at, **document}, size))

    # -- in the thread

    def _write(self) -> None:
        while (do := self._todo.get()) is not None:
            try:
                do()
            except Exception:
                _log.exception("a replay could not be written")

    def _append(self, kept: _Kept, document: Document, size: int) -> None:
        with self._counting:
            self._waiting -= size
        if kept.over:
            return
        try:
            self._append_now(kept, document, size)
        except Exception:
            self._give_up(kept, store.FAILED)
            raise

    def _append_now(self, kept: _Kept, document: Document, size: int) -> None:
        if kept.size - kept.looked_at >= LOOK_AT_DISK:
            kept.looked_at = kept.size
            if self._free() < self._room.min_free:
                self._give_up(kept, store.NO_SPACE)
                return
        if kept.file < 0:
            self._open(kept)
        packed = kept.packer.pack(document)
        kept.shown += size
        if kept.size + len(packed) > self._room.largest or kept.shown > INFLATED * self._room.largest:
            self._give_up(kept, store.FULL)
            return
        self._put_down(kept, packed)
        kept.last = int(document["at"])

    def _free(self) -> int:
        self._room.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._room.free(self._room.directory)

    def _open(self, kept: _Kept) -> None:
        """The row is written before the first byte."""
        about, name = kept.about, f"{kept.began:%Y/%m/%d}/{kept.about.id}.replay"
        row = Replay(about.id, about.contact, about.policy.site, name, kept.began)
        with self._sessions.begin() as database:
            store.add_replay(database, row)
        kept.row = row
        path = self._room.directory / name
        for directory in reversed((path.parent, *path.parents[1:4])):
            directory.mkdir(exist_ok=True, mode=0o700)
        kept.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        head = {"session": about.id, "contact": about.contact, "began": _milliseconds(kept.began)}
        self._put_down(kept, kept.packer.pack(head))

    def _put_down(self, kept: _Kept, packed: bytes) -> None:
        rest = memoryview(packed)
        while rest:
            rest = rest[os.write(kept.file, rest) :]
        kept.size += len(packed)

    def _give_up(self, kept: _Kept, state: str) -> None:
        _log.warning("co-browsing %s is not kept any further: %s", kept.about.id, state)
        self._finish(kept, state, forget=False)

    def _finish(self, kept: _Kept, state: str, forget: bool) -> None:
        """Also for one that was given up before: its row is complete, and may have to be forgotten now."""
        complete, kept.over = kept.over and kept.file < 0, True
        if kept.file >= 0:
            os.close(kept.file)
            kept.file = -1
        if kept.row is None:
            return
        if not complete:
            ended = kept.began + timedelta(milliseconds=kept.last)
            with self._sessions.begin() as database:
                store.close_replay(database, kept.about.id, state, kept.size, ended)
        if forget:
            remove(self._sessions, self._room.directory, (kept.row,), self._now())

    def _recover(self) -> None:
        """What a process that died was writing is complete as far as it is whole."""
        with self._sessions.begin() as database:
            for one in store.kept_replays(database):
                if one.state == store.RUNNING and one.session not in self._kept:
                    path = self._room.directory / one.file
                    ended = one.started_at + timedelta(milliseconds=last_moment(path))
                    size = path.stat().st_size if path.exists() else 0
                    store.close_replay(database, one.session, store.CUT_OFF, size, ended)


def remove(
    sessions: sessionmaker[Database], directory: Path, replays: tuple[Replay, ...], now: datetime
) -> tuple[int, int]:
    """Delete replays: their files, then in their rows. Gives how many, and their bytes. Blocks. Raises OSError."""
    if not replays:
        return 0, 0
    for one in replays:
        (directory / one.file).unlink(missing_ok=True)
    with sessions.begin() as database:
        store.mark_deleted(database, [one.session for one in replays], now)
    return len(replays), sum(one.bytes for one in replays)


def last_moment(path: Path) -> int:
    """Milliseconds of a replay's last whole block; 0 without one. Blocks."""
    try:
        with path.open("rb") as file:
            return max((int(one["at"]) for one in unpacked(file) if "at" in one), default=0)
    except OSError:
        return 0


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
