"""The event stream over a real WebSocket."""

import json
import socket
import time
from typing import Any

import pytest
import websocket

from agent_ui.control.http import HttpControl
from pbx.contract.commands import SetStatus
from tests.integration.api.api_server import KEPT_EVENTS, TOKEN, ApiBox
from tests.integration.api.conftest import OPENAPI, Client, conforms, until

MESSAGE = OPENAPI["paths"]["/v1/events"]["get"]["responses"]["101"]["content"]["application/json"]


def receive(stream: websocket.WebSocket) -> Any:
    found = json.loads(stream.recv())
    conforms(found, MESSAGE)
    return found


def seqs(stream: websocket.WebSocket, count: int) -> list[int]:
    return [receive(stream)["seq"] for _ in range(count)]


def closed_with(stream: websocket.WebSocket) -> int:
    """Read to the end; the code of the close frame."""
    while True:
        opcode, data = stream.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


def last(ask: Client) -> int:
    seq: int = ask("GET", "/v1/snapshot").json()["seq"]
    return seq


def test_a_snapshot_and_a_stream_from_its_number_miss_nothing(box: ApiBox, ask: Client) -> None:
    box.do("happen", 3)
    seq = last(ask)
    box.do("happen", 2)

    stream = ask.stream(f"?since={seq}")
    box.do("happen", 2)

    assert seqs(stream, 4) == [seq + 1, seq + 2, seq + 3, seq + 4]


def test_real_events_conform_to_the_document(box: ApiBox, ask: Client) -> None:
    stream = ask.stream(f"?since={last(ask)}")
    contact = box.do("customer_queues", "c1")
    ask("PUT", "/v1/agents/{agent}/status", "alice", {"status": "available"}, agent="alice")

    seen: list[str] = []
    while "offer.created" not in seen:
        event = receive(stream)["event"]
        assert event["contact"] in (contact, None)
        seen.append(event["type"])
    assert {"contact.started", "contact.queued", "flow.node_entered", "agent.status_changed"} < set(seen)


def test_without_a_number_the_stream_begins_now(box: ApiBox, ask: Client) -> None:
    box.do("happen", 3)
    before = last(ask)
    stream = ask.stream()
    time.sleep(0.1)
    box.do("happen", 1)

    assert receive(stream)["seq"] == before + 1


@pytest.mark.parametrize("query", ["?since=1000000", "?since=1&boot=another", "?since=1"])
def test_a_stream_that_cannot_be_read_on_from_begins_with_a_reset(
    box: ApiBox, ask: Client, query: str
) -> None:
    box.do("happen", KEPT_EVENTS + 10)
    newest = last(ask)
    stream = ask.stream(query)

    assert receive(stream)["type"] == "reset"
    box.do("happen", 1)
    assert receive(stream)["seq"] == newest + 1


def test_a_wrong_query_is_refused_before_the_upgrade(ask: Client) -> None:
    answer = ask("GET", "/v1/events", query={"since": "-1"})
    assert (answer.status_code, answer.json()["params"]["where"]) == (400, "query.since")
    assert ask("GET", "/v1/events").status_code == 426
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        ask.stream("?since=x")


def test_a_stream_without_the_token_is_refused(ask: Client) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        websocket.create_connection(f"ws://127.0.0.1:{ask.port}/v1/events", suppress_origin=True, timeout=10)


def test_who_speaks_to_the_stream_is_sent_away(ask: Client) -> None:
    stream = ask.stream()
    stream.send("hello")

    assert closed_with(stream) == 4003


def test_who_does_not_read_is_sent_away_and_takes_it_up_again(box: ApiBox, ask: Client) -> None:
    slow = socket.create_connection(("127.0.0.1", ask.port))
    stream = websocket.create_connection(
        f"ws://127.0.0.1:{ask.port}/v1/events", header=[f"Authorization: Bearer {TOKEN}"],
        suppress_origin=True, timeout=20, socket=slow,
    )  # fmt: skip
    other = ask.stream()
    for _ in range(8):  # 16 MB: more than the system's buffers take
        box.do("happen", KEPT_EVENTS, 4000)
        got = [json.loads(other.recv())["seq"] for _ in range(KEPT_EVENTS)]

    last_read, code = 0, 0
    while not code:
        opcode, data = stream.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            code = int.from_bytes(data[:2], "big")
        elif opcode == websocket.ABNF.OPCODE_TEXT:
            seq = json.loads(data)["seq"]
            assert last_read in (0, seq - 1), "what was sent is without a gap"
            last_read = seq
    assert code == 4001
    assert last_read < got[-1]

    assert receive(ask.stream(f"?since={last_read}"))["type"] == "reset"
    assert ask.stream(f"?since={last(ask)}").connected


def test_everybody_is_sent_away_when_the_process_stops(own_box: ApiBox) -> None:
    ask = Client(own_box.port)
    streams = [ask.stream(), ask.stream("?since=0")]
    own_box.do("stop_server")

    assert [closed_with(one) for one in streams] == [4002, 4002]
    until(lambda: _refused(own_box.port))


def _refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


def test_queue_figures_come_at_most_once_a_second(box: ApiBox, ask: Client) -> None:
    stream = ask.stream()
    began = time.monotonic()
    (before,) = [one for one in ask("GET", "/v1/snapshot").json()["queues"] if one["id"] == "shop"]
    waiting = before["waiting"] + 4
    for number in range(4):
        box.do("customer_queues", f"figures-{number}")
    figures: list[Any] = []
    while not figures or figures[-1]["waiting"] < waiting:
        event = receive(stream)["event"]
        if event["type"] == "queue.changed":
            figures.append(event["queue"])

    assert len(figures) <= time.monotonic() - began + 1
    (shop,) = [one for one in ask("GET", "/v1/snapshot").json()["queues"] if one["id"] == "shop"]
    assert shop["waiting"] == waiting and shop["longest_wait_since"] == figures[-1]["longest_wait_since"]


def test_the_pages_client_understands_the_server(box: ApiBox) -> None:
    control = HttpControl("127.0.0.1", box.port, TOKEN)
    snapshot = control.snapshot()
    events = control.events(snapshot.boot, snapshot.seq)

    control.set_status("alice", "alice", SetStatus(status="on_break", pause_reason="lunch"))

    envelope: Any = next(iter(events))
    assert envelope.event.type == "agent.status_changed"
    assert (envelope.event.agent.id, envelope.event.agent.pause_reason) == ("alice", "lunch")
    events.close()
    assert control.directory()
