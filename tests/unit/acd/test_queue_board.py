"""The queues' figures as everybody sees them."""

from datetime import timedelta
from typing import Any

import pytest
from center_world import World

from ivr.speech.catalogue import shipped_catalogue
from pbx.acd.figures import QueueBoard
from pbx.contract.commands import SetStatus
from pbx.contract.events import QueueChanged


class Board(World):
    def __init__(self) -> None:
        super().__init__(shipped_catalogue())
        center = self.center
        self.board = QueueBoard(self.clock, self.now, self.bus, center.acd, center.catalog)
        self.stop = self.board.start()

    def shop(self) -> Any:
        return next(one for one in self.board.views() if one.id == "shop")

    def changes(self) -> list[Any]:
        return [event.queue for event in self.told if isinstance(event, QueueChanged)]


@pytest.fixture
def board() -> Board:
    return Board()


def test_a_queue_shows_who_waits_and_who_could_take_them(board: Board) -> None:
    board.available("alice", "benoit")
    board.center.dispatch.set_status("benoit", SetStatus(status="on_break", pause_reason="lunch"))
    board.customer_queues("c1")
    board.customer_queues("c2", "+33639980009", language="2")
    board.wait(1)

    shop = board.shop()
    assert shop.name == "Shop" and shop.strategy == "longest_idle"
    assert shop.waiting == 2, "a contact that is offered still waits"
    assert (shop.agents_available, shop.agents_busy, shop.agents_on_break) == (0, 1, 1)

    board.answers("alice")
    assert board.shop().waiting == 1 and board.shop().answered == 1


def test_the_longest_wait_keeps_its_moment_while_time_passes(board: Board) -> None:
    began = board.customer_queues().queued_at
    board.wait(3)
    first = board.shop().longest_wait_since
    board.wait(30)

    assert abs(first - began) < timedelta(seconds=1)
    assert board.shop().longest_wait_since == first


def test_nothing_is_told_while_nothing_changes(board: Board) -> None:
    board.wait(5)
    assert board.changes() == []

    board.customer_queues()
    board.wait(1.2)
    before = len(board.changes())
    board.wait(2)
    assert before == 1 == len(board.changes())


def test_changes_are_told_at_most_once_a_second_with_the_latest_figures(board: Board) -> None:
    for number in range(5):
        board.customer_queues(f"c{number}", f"+3363998001{number}", language="2")
    board.wait(1.2)

    assert [view.waiting for view in board.changes() if view.id == "shop"] == [5]


def test_a_board_that_was_stopped_tells_nothing(board: Board) -> None:
    board.stop()
    board.customer_queues()
    board.wait(3)

    assert board.changes() == []
