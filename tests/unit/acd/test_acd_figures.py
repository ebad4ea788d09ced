"""The wallboard's figures, by the formulas."""

import pytest

from pbx.acd import events
from pbx.acd.rules.counters import QueueCounters


def test_service_level_in_its_default_form():
    """1000 answered, 860 of them within T; 60 abandoned, 20 of them within T: 82.7 %."""
    counters = QueueCounters()
    for _ in range(860):
        counters.count_answer(20, threshold=20)
    for _ in range(140):
        counters.count_answer(21, threshold=20)
    for _ in range(20):
        counters.count_abandon(19, threshold=20, short=False)
    for _ in range(40):
        counters.count_abandon(90, threshold=20, short=False)
    assert counters.service_level() == pytest.approx(0.827, abs=0.0005)


def test_short_abandons_count_apart(floor):
    floor.queue()
    for name, wait in (("c1", 2), ("c2", 10), ("c3", 40)):
        floor.call(name)
        floor.wait(wait)
        floor.hang_up(name)
    board = floor.board()
    assert (board.queued, board.abandoned, board.abandoned_after_threshold, board.short_abandons) == (
        3,
        2,
        1,
        1,
    )
    assert board.abandonment == pytest.approx(2 / 3)


def test_speed_of_answer_handle_time_and_occupancy(floor):
    floor.queue(wrap_up=20)
    floor.call("c1")
    floor.wait(30)
    floor.agent("ada")
    floor.connect("c1", "ada")
    floor.wait(60)
    floor.do(events.CallHeld("ada"))
    floor.wait(15)
    floor.do(events.CallResumed("ada"))
    floor.wait(25)
    floor.end("ada")
    floor.wait(20)
    floor.wait(120)
    board, ada = floor.board(), floor.figures("ada")
    assert (board.answered, board.asa, board.service_level, board.aht) == (1, 30.0, 0.0, 120.0)
    assert (ada.talk, ada.hold, ada.wrap_up, ada.idle, ada.handled) == (85.0, 15.0, 20.0, 120.0, 1)
    assert ada.occupancy == 0.5


def test_a_break_and_another_call_are_not_available_idleness(floor):
    floor.queue()
    floor.agent("ada")
    floor.wait(10)
    floor.status("ada", "on_break", "lunch")
    floor.wait(100)
    floor.status("ada", "available")
    floor.do(events.AgentBusy("ada", "x"))
    floor.wait(100)
    floor.do(events.AgentFree("ada", "x"))
    floor.wait(5)
    assert floor.figures("ada").idle == 15.0


def test_the_board_shows_this_moment(floor):
    floor.queue()
    floor.agent("ada")
    floor.agent("ben", status="on_break")
    floor.agent("cleo", status="offline")
    floor.call("c1")
    floor.accept("c1", "ada")
    floor.call("c2")
    floor.wait(7)
    floor.call("c3")
    board = floor.board()
    assert (board.waiting, board.longest_wait, board.agents_logged_in, board.agents_idle) == (2, 7.0, 2, 0)


def test_a_moved_contact_is_diverted_there_and_queued_here(floor):
    floor.queue("sales", max_wait=30, overflow_to="care")
    floor.queue("care")
    floor.call("c1")
    floor.wait(40)
    floor.agent("ada", "care")
    floor.connect("c1", "ada")
    assert (floor.board("sales").diverted, floor.board("sales").answered) == (1, 0)
    care = floor.board("care")
    assert (care.queued, care.answered, care.answered_in_threshold, care.asa) == (1, 1, 1, 10.0)


def test_a_new_day_counts_from_nothing_and_touches_nobody(floor):
    floor.queue(wrap_up=0)
    floor.agent("ada")
    floor.call("c1")
    floor.serve("c1", "ada")
    floor.call("c2")
    floor.connect("c2", "ada")
    floor.call("c3")
    floor.wait(10)
    floor.do(events.CountersReset())
    floor.wait(5)
    assert (floor.board().answered, floor.board().queued, floor.board().waiting) == (0, 0, 1)
    assert (floor.figures("ada").talk, floor.figures("ada").handled) == (5.0, 0)
    assert floor.figures("ada").contact == "c2"


def test_reading_figures_changes_nothing(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    before = repr(floor.acd._state)
    floor.acd.snapshot(floor.now + 3600)
    floor.acd.waiting("sales")
    assert repr(floor.acd._state) == before


def test_the_line_shows_who_is_being_offered_to_whom(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1", priority=2)
    floor.call("c2")
    first, second = floor.acd.waiting("sales")
    assert (first.contact, first.state, first.position, first.priority, first.offered_to) == (
        "c1",
        "offered",
        1,
        2,
        ("ada",),
    )
    assert (second.contact, second.state, second.position, second.offered_to) == ("c2", "waiting", 2, ())
    assert len(floor.acd.waiting("sales", limit=1)) == 1
