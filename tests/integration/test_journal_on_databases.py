"""The journal with real databases that go away and come back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from pbx import tables
from pbx.journal import DatabaseJournal
from tests.records import Records, a_contact, a_recording, a_segment, an_event, at

ROOT = Path(__file__).parents[2]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.jsonl"


@pytest.fixture
def journal(records: Records, spool: Path) -> Iterator[DatabaseJournal]:
    journal = DatabaseJournal(records.sessions, spool, rest=0.05)
    journal.start()
    yield journal
    journal.stop()


def until(condition: object, seconds: float = 10.0) -> None:
    """Wait for another thread."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def lines(spool: Path) -> int:
    return len(spool.read_text().splitlines()) if spool.exists() else 0


def test_rows_arrive_and_the_latest_state_of_each_stays(journal: DatabaseJournal, records: Records) -> None:
    journal.write("contact", a_contact())
    journal.write("segment", a_segment())
    for seq in range(1, 4):
        journal.write("call_event", an_event(seq))
    journal.write(
        "contact", a_contact(ended_at=at(9), outcome="answered", path=[{"node": "menu", "keys": "1"}])
    )

    assert journal.flushed(10)

    (contact,) = records.rows(tables.contact)
    assert (contact["outcome"], contact["ended_at"]) == ("answered", at(9))
    assert contact["path"] == [{"node": "menu", "keys": "1"}]
    assert [row["seq"] for row in records.rows(tables.call_event)] == [1, 2, 3]
    assert len(records.rows(tables.segment)) == 1


def test_a_row_written_again_changes_nothing(journal: DatabaseJournal, records: Records) -> None:
    for _ in range(2):
        journal.write("contact", a_contact())
        journal.write("call_event", an_event(1))
        assert journal.flushed(10)

    assert len(records.rows(tables.contact)) == len(records.rows(tables.call_event)) == 1


def test_columns_that_are_not_named_keep_their_value(journal: DatabaseJournal, records: Records) -> None:
    journal.write("recording", a_recording())
    journal.write("contact", a_contact(note="called back"))
    assert journal.flushed(10)

    journal.write("recording", {"id": "r1", "ended_at": at(5), "state": "finished"})
    journal.write("contact", a_contact(order_number="2002029"))
    assert journal.flushed(10)

    (recording,) = records.rows(tables.recording)
    assert (recording["state"], recording["ended_at"], recording["path"]) == ("finished", at(5), "r1.wav")
    (contact,) = records.rows(tables.contact)
    assert (contact["note"], contact["order_number"]) == ("called back", "2002029")


def test_a_row_that_the_database_refuses_keeps_no_other_out(
    journal: DatabaseJournal, records: Records
) -> None:
    journal.write("contact", a_contact("c1"))
    journal.write("segment", a_segment("nobody"))
    journal.write("contact", a_contact("c2", started_at="yesterday"))
    journal.write("contact", a_contact("c3"))

    assert journal.flushed(10)

    assert [row["id"] for row in records.rows(tables.contact)] == ["c1", "c3"]
    assert records.rows(tables.segment) == []


def test_what_happens_while_the_database_is_away_is_kept_on_disk_and_written_later(
    journal: DatabaseJournal, records: Records, spool: Path
) -> None:
    with records.away():
        journal.write("contact", a_contact())
        journal.write("call_event", an_event(1))
        until(lambda: lines(spool) == 2)
        journal.write("contact", a_contact(outcome="abandoned"))
        until(lambda: lines(spool) == 3)
        assert journal.away
        assert not journal.flushed(0)

    assert journal.flushed(20)

    (contact,) = records.rows(tables.contact)
    assert contact["outcome"] == "abandoned"
    assert len(records.rows(tables.call_event)) == 1
    assert not journal.away
    assert not spool.exists()


def test_a_stop_while_the_database_is_away_leaves_everything_to_the_next_start(
    records: Records, spool: Path
) -> None:
    first = DatabaseJournal(records.sessions, spool, rest=0.05)
    first.start()
    with records.away():
        first.write("contact", a_contact())
        first.write("segment", a_segment())
        first.stop()
    second = DatabaseJournal(records.sessions, spool, rest=0.05)
    second.start()
    second.write("contact", a_contact(outcome="answered"))

    assert second.flushed(20)
    second.stop()

    assert [row["outcome"] for row in records.rows(tables.contact)] == ["answered"]
    assert len(records.rows(tables.segment)) == 1
    assert not spool.exists()


def test_a_newer_state_is_written_only_when_the_spool_knows_it_too_or_is_gone(
    records: Records, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a crash in between would bring the older state back at the next start."""
    journal = DatabaseJournal(records.sessions, spool, rest=0.05)
    journal.start()
    with records.away():
        journal.write("contact", a_contact(outcome=None))
        until(lambda: lines(spool) == 1)
    seen: list[str] = []
    commit = journal._commit

    def watched(entries: list[tuple[str, dict[str, object]]]) -> None:
        if any(row.get("outcome") == "answered" for _, row in entries):
            seen.append(spool.read_text() if spool.exists() else "answered")
        commit(entries)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "_commit", watched)
    journal.write("contact", a_contact(outcome="answered"))

    assert journal.flushed(20)
    journal.stop()

    assert seen
    assert all("answered" in spooled for spooled in seen)


KILLED = """
import sys, time
from pathlib import Path
from config.database import create_engine_for, session_factory
from config.settings import DatabaseSettings
from pbx.journal import DatabaseJournal
from tests.records import a_contact, an_event
url, spool = sys.argv[1:]
engine = create_engine_for(DatabaseSettings(url=url, busy_timeout=0.05))
journal = DatabaseJournal(session_factory(engine), Path(spool), rest=0.05)
journal.start()
journal.write("contact", a_contact())
for seq in range(1, 1201):
    journal.write("call_event", an_event(seq))
print("written", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_its_rows_to_the_next_one(records: Records, spool: Path) -> None:
    with records.away():
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, records.url, str(spool)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        until(lambda: lines(spool) == 1201, 30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    journal = DatabaseJournal(records.sessions, spool, rest=0.05)
    journal.start()

    assert journal.flushed(20)
    journal.stop()

    with records.sessions() as session:
        seqs = session.scalars(select(tables.call_event.c.seq).order_by(tables.call_event.c.id)).all()
    assert seqs == list(range(1, 1201))
    assert not spool.exists()
