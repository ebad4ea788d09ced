"""The numbered stream, in and out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.agent_ui.cobrowse.mirrored import PageMaker, meta, mutation, snapshot

from agent_ui.cobrowse.errors import OutOfOrder
from agent_ui.cobrowse.stream import TAIL_EVENTS, WINDOW_BATCHES, Batch, Inbound, Tail, Window, batch_of


def some(seq: int, whole: bool = False, size: int = 100, events: int = 1) -> Batch:
    return Batch("e", seq, (mutation(),) * events, size, whole)


def test_batches_are_taken_once_and_in_order() -> None:
    inbound = Inbound()
    assert [inbound.take(1), inbound.take(2), inbound.take(2), inbound.take(1)] == [True, True, False, False]
    with pytest.raises(OutOfOrder):
        inbound.take(4)
    assert inbound.take(3)


@given(st.lists(st.integers(1, 12), max_size=60))
def test_whatever_order_they_come_in_no_batch_is_skipped_or_taken_twice(seqs: list[int]) -> None:
    inbound, taken = Inbound(), []
    for seq in seqs:
        try:
            if inbound.take(seq):
                taken.append(seq)
        except OutOfOrder:
            continue
    assert taken == list(range(1, len(taken) + 1))


def test_a_snapshot_makes_a_batch_whole(page: PageMaker) -> None:
    assert batch_of("e", 1, [meta(), snapshot(page.document())], 10, False).whole
    assert not batch_of("e", 1, [mutation()], 10, False).whole
    reset = batch_of("e", 1, [mutation(), meta(), snapshot(page.document())], 10, True)
    assert [one["type"] for one in reset.events] == [4, 2]


def test_the_tail_begins_with_a_snapshot() -> None:
    tail = Tail()
    tail.add(some(1))
    assert not tail.ready
    for seq in (2, 3, 4):
        tail.add(some(seq, whole=seq == 2))
    assert [batch.seq for batch in tail.after(0) or ()] == []
    assert tail.after(0) is None
    assert [batch.seq for batch in tail.after(1) or ()] == [2, 3, 4]
    assert [batch.seq for batch in tail.after(3) or ()] == [4]
    tail.add(some(5, whole=True))
    assert [batch.seq for batch in tail.batches] == [5]


def test_the_tail_is_bounded_in_events_and_size() -> None:
    tail = Tail()
    tail.add(some(1, whole=True, size=10_000_000))
    assert tail.ready
    tail.add(some(2))
    assert not tail.ready
    tail.add(some(3, whole=True))
    for seq in range(4, 4 + TAIL_EVENTS):
        tail.add(some(seq))
    assert not tail.ready
    assert (tail.events, tail.size) == (0, 0)


def test_a_viewer_that_acknowledges_keeps_its_window_open() -> None:
    window = Window()
    for seq in range(1, 1000):
        assert window.fits(some(seq))
        window.sent(some(seq))
        window.acknowledged("e", seq)
    assert window.drained


def test_a_viewer_that_does_not_lags_until_it_has_caught_up() -> None:
    window = Window()
    for seq in range(1, WINDOW_BATCHES + 1):
        assert window.fits(some(seq))
        window.sent(some(seq))
    assert not window.fits(some(999))
    window.acknowledged("e", 10)
    assert not window.fits(some(999))
    window.acknowledged("e", WINDOW_BATCHES)
    assert window.drained


def test_the_first_batch_is_sent_however_large_it_is() -> None:
    window = Window()
    assert window.fits(some(1, size=50_000_000))
    window.sent(some(1, size=50_000_000))
    assert not window.fits(some(2))


def test_acknowledging_the_new_page_acknowledges_the_old_one() -> None:
    window = Window()
    window.sent(some(7))
    window.sent(Batch("f", 1, (), 10, True))
    window.acknowledged("g", 99)
    assert not window.drained
    window.acknowledged("f", 1)
    assert window.drained


def test_a_batch_is_written_as_viewers_read_it() -> None:
    page = PageMaker()
    inner = page.element("ul", {}, page.element("li", {}, "a", "b"), page.element("li"), "é")
    events = [meta(), snapshot(page.document(page.element("p", {"title": '"node":0'}), inner)), mutation()]
    assert json.loads(batch_of("e", 1, events, 10, False).text) == events
    assert json.loads(batch_of("e", 1, events[::-1], 10, True).text) == events[1::-1]
    assert batch_of("e", 1, [], 10, False).text == "[]"
