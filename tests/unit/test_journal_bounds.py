"""What the journal does when there is no database for long: it stays bounded, on disk as in memory."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pbx.journal import DatabaseJournal, MemoryJournal, is_refusal
from pbx.journal_rows import merged
from pbx.journal_spool import Spool
from tests.records import a_contact, a_segment, an_event, at


class Away:
    """Sessions of a database that is not there."""

    def __call__(self) -> Any:
        raise OperationalError("select 1", {}, Exception("no route"))


def stopped_with(spool: Path, limit: int, *entries: tuple[str, dict[str, Any]]) -> list[list[Any]]:
    """The spool after a journal without a database was given these rows."""
    journal = DatabaseJournal(Away(), spool, limit=limit, rest=0.01)  # type: ignore[arg-type]
    for kind, row in entries:
        journal.write(kind, row)
    journal.start()
    journal.stop()
    return [json.loads(line) for line in spool.read_text().splitlines()]


def test_the_oldest_call_events_are_given_up_first_and_never_a_contact(tmp_path: Path) -> None:
    rows = [("contact", a_contact(f"c{n}")) for n in range(8)]
    rows += [("segment", a_segment(f"c{n}")) for n in range(8)]
    rows += [("call_event", an_event(seq)) for seq in range(1, 30)]

    kept = stopped_with(tmp_path / "spool", 20, *rows)

    kinds = [kind for kind, _ in kept]
    events = [row["seq"] for kind, row in kept if kind == "call_event"]
    assert kinds.count("contact") == kinds.count("segment") == 8
    assert len(kept) <= 20
    assert events == list(range(30 - len(events), 30))


def test_states_that_a_later_one_overwrites_are_merged_before_anything_is_given_up(tmp_path: Path) -> None:
    rows = [("call_event", an_event(1))]
    rows += [("contact", a_contact(priority=number)) for number in range(30)]

    kept = stopped_with(tmp_path / "spool", 20, *rows)

    contacts = [row for kind, row in kept if kind == "contact"]
    assert next(kind for kind, _ in kept) == "call_event"
    assert contacts[-1]["priority"] == 29
    assert len(kept) <= 20


def test_more_contacts_than_the_limit_are_all_kept(tmp_path: Path) -> None:
    kept = stopped_with(tmp_path / "spool", 10, *(("contact", a_contact(f"c{n}")) for n in range(40)))

    assert [row["id"] for _, row in kept] == [f"c{n}" for n in range(40)]


def test_rows_given_up_leave_the_spool_too(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    stopped_with(spool, 100, *(("call_event", an_event(seq)) for seq in range(1, 51)))
    journal = DatabaseJournal(Away(), spool, limit=20, rest=0.01)  # type: ignore[arg-type]
    journal.start()
    for seq in range(51, 151):
        journal.write("call_event", an_event(seq))
    journal.stop()

    kept = [row["seq"] for _, row in Spool(spool).read()]

    assert len(kept) <= 50 + 20, "only what is being written at the moment comes on top of the limit"
    assert kept[-1] == 150
    assert kept == sorted(kept)


def test_merging_keeps_a_contact_before_its_segments() -> None:
    rows = [
        ("contact", a_contact(priority=1)),
        ("segment", a_segment()),
        ("contact", {"id": "c1", "priority": 2}),
    ]

    (first, contact), (second, _) = merged(rows)

    assert (first, second) == ("contact", "segment")
    assert contact["priority"] == 2
    assert contact["called"] == "4000"


def test_the_spool_gives_back_what_it_was_given(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    entries = [("contact", a_contact(ended_at=at(3), note="à rappeler\n")), ("call_event", an_event(1))]

    spool.append(entries)

    assert spool.read() == entries
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_is_left_out_and_does_no_harm_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    Spool(path).append([("call_event", an_event(1)), ("call_event", an_event(2))])
    path.write_text(path.read_text()[:-20])

    assert [row["seq"] for _, row in Spool(path).read()] == [1]
    Spool(path).append([("call_event", an_event(3))])
    assert [row["seq"] for _, row in Spool(path).read()] == [1, 3]


def test_rows_of_a_kind_that_is_not_known_are_refused_at_once() -> None:
    with pytest.raises(KeyError):
        MemoryJournal().write("invoice", {"id": 1})


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (DataError("", {}, Exception()), True),
        (IntegrityError("", {}, Exception()), True),
        (StatementError("", "", {}, Exception()), True),
        (TypeError(), True),
        (ProgrammingError("", {}, type("Driver", (Exception,), {"sqlstate": None})()), True),
        (ProgrammingError("", {}, type("NoTable", (Exception,), {"sqlstate": "42P01"})()), False),
        (OperationalError("", {}, Exception()), False),
        (PoolTimeout(), False),
        (ConnectionResetError(), False),
    ],
)
def test_a_wrong_row_is_told_from_a_database_in_trouble(error: Exception, refused: bool) -> None:
    assert is_refusal(error) is refused
