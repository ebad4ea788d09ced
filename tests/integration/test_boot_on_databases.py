"""What a process that died left open is closed by the next one, once."""

from sqlalchemy import select

from pbx import boot, tables
from tests.records import Records, a_contact, a_recording, a_segment, at


def begin(records: Records, id: str, seconds: float, node: str = "shop-1") -> int:
    with records.sessions() as session:
        closed = boot.begin(session, id, node, at(seconds))
        session.commit()
    return closed


def beat(records: Records, id: str, seconds: float) -> None:
    with records.sessions() as session:
        boot.heartbeat(session, id, at(seconds))
        session.commit()


def contact(records: Records, id: str) -> dict[str, object]:
    return next(row for row in records.rows(tables.contact) if row["id"] == id)


def test_the_open_contacts_of_a_dead_process_end_at_its_last_heartbeat(records: Records) -> None:
    begin(records, "b1", 0)
    records.add(tables.contact, a_contact("open"), a_contact("done", ended_at=at(5), outcome="answered"))
    records.add(tables.segment, a_segment("open", 1, ended_at=at(3), outcome="queue"), a_segment("open", 2))
    records.add(tables.recording, a_recording(contact="open"))
    beat(records, "b1", 20)

    assert begin(records, "b2", 100) == 1

    found = contact(records, "open")
    assert (found["ended_at"], found["outcome"]) == (at(20), "node_lost")
    assert contact(records, "done")["ended_at"] == at(5)
    assert [(row["ended_at"], row["outcome"]) for row in records.rows(tables.segment)] == [
        (at(3), "queue"),
        (at(20), "node_lost"),
    ]
    (recording,) = records.rows(tables.recording)
    assert (recording["ended_at"], recording["state"]) == (at(20), "interrupted")


def test_nothing_is_closed_twice(records: Records) -> None:
    begin(records, "b1", 0)
    records.add(tables.contact, a_contact("open"))
    begin(records, "b2", 100)

    assert begin(records, "b3", 200) == 0
    assert contact(records, "open")["ended_at"] == at(0)


def test_a_contact_never_ends_before_it_began(records: Records) -> None:
    begin(records, "b1", 0)
    beat(records, "b1", 10)
    records.add(tables.contact, a_contact("young", started_at=at(14)))
    records.add(tables.segment, a_segment("young", 1, started_at=at(15)))

    begin(records, "b2", 100)

    assert contact(records, "young")["ended_at"] == at(14)
    (segment,) = records.rows(tables.segment)
    assert segment["ended_at"] == at(15)


def test_a_wrap_up_that_was_going_on_is_closed_though_its_contact_had_ended(records: Records) -> None:
    begin(records, "b1", 0)
    records.add(tables.contact, a_contact("done", ended_at=at(5), outcome="answered"))
    records.add(tables.segment, a_segment("done", 1, kind="wrap_up", started_at=at(5)))
    beat(records, "b1", 8)

    assert begin(records, "b2", 100) == 0

    (segment,) = records.rows(tables.segment)
    assert (segment["ended_at"], segment["outcome"]) == (at(8), "node_lost")
    assert contact(records, "done")["outcome"] == "answered"


def test_other_nodes_and_the_process_itself_are_left_alone(records: Records) -> None:
    begin(records, "b1", 0, node="shop-2")
    records.add(tables.contact, a_contact("theirs"), a_contact("mine", boot_id="b2"))

    assert begin(records, "b2", 100) == 0

    assert contact(records, "theirs")["ended_at"] is None
    assert contact(records, "mine")["ended_at"] is None


def test_what_an_orderly_stop_left_open_ends_at_the_stop(records: Records) -> None:
    begin(records, "b1", 0)
    records.add(tables.contact, a_contact("open"))
    with records.sessions() as session:
        boot.end(session, "b1", at(30))
        session.commit()

    assert begin(records, "b2", 100) == 1
    assert contact(records, "open")["ended_at"] == at(30)


def test_a_process_that_died_is_noted_as_stopped(records: Records) -> None:
    begin(records, "b1", 0)
    beat(records, "b1", 20)
    begin(records, "b2", 100)

    with records.sessions() as session:
        stopped = dict(session.execute(select(tables.node_boot.c.id, tables.node_boot.c.stopped_at)).all())
    assert stopped == {"b1": at(20), "b2": None}
