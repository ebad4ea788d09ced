"""The phases of a leg, and the queue between callbacks and the rest."""

from twisted.internet.task import Clock

from pbx.media.leg import NEXT, Leg
from pbx.media.notes import Confirmed, Disconnected, Note, Notes, Rang


def leg() -> Leg:
    return Leg("x", None, outgoing=True)  # type: ignore[arg-type]


def test_a_leg_rings_is_answered_and_hung_up() -> None:
    one = leg()
    assert [one.happened(what) for what in ("rang", "rang", "confirmed", "hung_up")] == [True] * 4
    assert one.phase == "ending"


def test_late_news_changes_nothing() -> None:
    one = leg()
    one.happened("hung_up")
    assert [one.happened(what) for what in ("rang", "confirmed", "hung_up")] == [False] * 3
    assert one.phase == "ending"
    assert not any(before == "ending" for before, _ in NEXT)


def test_a_leg_has_one_timer() -> None:
    clock, one = Clock(), leg()
    rung: list[str] = []
    one.set_timer(clock.callLater(1, rung.append, "first"))
    one.set_timer(clock.callLater(1, rung.append, "second"))
    clock.advance(2)
    assert rung == ["second"]
    one.set_timer(None)


def test_notes_are_read_in_order_when_delivered() -> None:
    clock = Clock()
    notes, read = Notes(clock), list[Note]()
    notes.read_by({Rang: read.append, Disconnected: read.append})
    notes.add(Rang("x", 180))
    notes.add(Disconnected("x", 200, ""))
    assert read == []
    notes.deliver()
    assert read == [Rang("x", 180), Disconnected("x", 200, "")]
    clock.advance(0)
    assert len(read) == 2


def test_notes_that_nobody_delivers_come_on_the_next_turn() -> None:
    clock = Clock()
    notes, read = Notes(clock), list[Note]()
    notes.read_by({Rang: read.append})
    notes.add(Rang("x", 180))
    clock.advance(0)
    assert read == [Rang("x", 180)]


def test_a_reader_that_fails_does_not_stop_the_next() -> None:
    notes, read = Notes(Clock()), list[Note]()

    def fail(note: Note) -> None:
        raise RuntimeError("no")

    notes.read_by({Confirmed: fail, Rang: read.append})
    notes.add(Confirmed("x"))
    notes.add(Rang("x", 180))
    notes.deliver()
    assert read == [Rang("x", 180)]


def test_a_note_left_while_reading_is_read_too() -> None:
    notes, read = Notes(Clock()), list[Note]()
    notes.read_by({Confirmed: lambda note: notes.add(Rang("x", 180)), Rang: read.append})
    notes.add(Confirmed("x"))
    notes.deliver()
    assert read == [Rang("x", 180)]
