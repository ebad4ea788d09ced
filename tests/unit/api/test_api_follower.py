"""How a client follows the log, with a socket that fills up."""

import json
from typing import Any

import pytest
from twisted.internet.task import Clock

from pbx.api.follower import TOO_SLOW, Encoded, Follower, beginning
from pbx.api.schemas import StreamQuery
from pbx.bus import Bus
from pbx.contract.events import ConfigurationReloaded, Envelope, Reset
from pbx.eventlog import EventLog
from pbx.journal import MemoryJournal
from tests.records import at


class Client:
    """A socket that takes `room` messages before it says that it is full."""

    def __init__(self, room: int = 1000, size: int = 5) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.log = EventLog(self.bus, MemoryJournal(), "b1", size)
        self.room = room
        self.got: list[Any] = []
        self.left: list[int] = []
        self.encoded = Encoded()
        self.follower = Follower(
            self.log, self.encoded, self.take, lambda code, reason: self.left.append(code)
        )

    def connect(self, query: StreamQuery) -> None:
        self.follower.begin(query)
        self.log.listen(self.follower.hear)

    def take(self, text: bytes) -> None:
        found = json.loads(text)
        self.got.append(found.get("seq", found))
        self.room -= 1
        if self.room == 0:
            self.follower.pause()

    def drain(self, room: int) -> None:
        self.room = room
        self.follower.go_on()

    def happen(self, count: int) -> None:
        for _ in range(count):
            self.bus.publish(ConfigurationReloaded(at=at(0)))
        self.clock.advance(0)


def test_a_client_without_a_number_hears_from_now_on() -> None:
    client = Client()
    client.happen(2)
    client.connect(StreamQuery())
    client.happen(2)

    assert client.got == [3, 4]


def test_a_client_with_a_number_hears_what_it_missed_and_goes_on() -> None:
    client = Client()
    client.happen(4)
    client.connect(StreamQuery(since=1))
    client.happen(1)

    assert client.got == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "query", [StreamQuery(since=1), StreamQuery(since=9), StreamQuery(since=8, boot="b0")], ids=str
)
def test_a_number_that_cannot_be_read_on_from_is_answered_with_a_reset(query: StreamQuery) -> None:
    client = Client()
    client.happen(8)
    client.connect(query)
    client.happen(1)

    assert client.got == [{"type": "reset", "boot": "b1", "oldest": 4}, 9]


def test_the_same_process_is_read_on_from_with_its_name_too() -> None:
    client = Client()
    client.happen(8)

    assert beginning(client.log, StreamQuery(since=3, boot="b1")) == (None, 3)
    assert beginning(client.log, StreamQuery(since=2, boot="b1")) == (Reset(boot="b1", oldest=4), 8)


def test_while_the_socket_is_full_events_wait_in_the_log() -> None:
    client = Client(room=2)
    client.connect(StreamQuery())
    client.happen(5)
    assert client.got == [1, 2]

    client.drain(2)
    assert client.got == [1, 2, 3, 4]

    client.drain(10)
    client.happen(1)
    assert client.got == [1, 2, 3, 4, 5, 6]
    assert client.left == []


def test_a_client_that_falls_out_of_the_log_is_sent_away() -> None:
    client = Client(room=2)
    client.connect(StreamQuery())
    client.happen(7)
    assert client.left == [], "5 of 7 are kept, 2 were read: nothing is lost yet"

    client.happen(1)
    assert client.left[0] == TOO_SLOW
    assert client.got == [1, 2]


def test_every_event_is_written_as_json_once() -> None:
    encoded = Encoded(keep=2)
    events = [
        Envelope(boot="b1", seq=seq, event=ConfigurationReloaded(at=at(seq))) for seq in (1, 2, 3)
    ]  # fmt: skip

    first = [encoded(one) for one in events]

    assert encoded(events[2]) is first[2]
    assert encoded(events[0]) == first[0]
    assert encoded(events[0]) is not first[0], "only the latest are kept"
