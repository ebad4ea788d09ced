"""What the pages rely on of the control API: the same for the real server and for its twin in memory."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gevent
import gevent.server
import pytest
from control_api_lab import rehearsal

from agent_ui.control.errors import ControlAway, ControlRefused
from agent_ui.control.http import HttpControl
from agent_ui.control.port import CdrQuery, Control, RecordingsQuery
from pbx.contract.commands import (
    DeclineOffer,
    HangUp,
    JoinVisitor,
    RequestCallback,
    SetStatus,
    Transfer,
    WrapUp,
)
from pbx.contract.events import AgentStatusChanged, Envelope, Reset
from pbx.contract.guest import guest_account

TOKEN = "a token of the tests"
ROOT = Path(__file__).parents[3]
SERVER = ROOT / "tests" / "control_api_lab.py"


@pytest.fixture
def server() -> Iterator[int]:
    """The port of the real server."""
    words = [sys.executable, str(SERVER), TOKEN]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


@pytest.fixture(params=["memory", "http"])
def control(request: pytest.FixtureRequest) -> Control:
    """The twin, or a client of the real server."""
    if request.param == "memory":
        return rehearsal()
    return HttpControl("127.0.0.1", request.getfixturevalue("server"), TOKEN)


def first(control: Control, boot: str, since: int, count: int) -> list[Envelope | Reset]:
    stream = control.events(boot, since)
    found: list[Envelope | Reset] = []
    with gevent.Timeout(10):
        for item in stream:
            found.append(item)
            if len(found) == count:
                break
    stream.close()
    return found


def test_a_snapshot_has_everything_live(control: Control) -> None:
    snapshot = control.snapshot()
    assert {agent.id for agent in snapshot.agents} == {"alice", "benoit"}
    assert [offer.id for offer in snapshot.offers] == ["o1"]
    assert [contact.id for contact in snapshot.contacts] == ["c1"]
    assert snapshot.dispositions


def test_missed_events_are_replayed_in_order(control: Control) -> None:
    snapshot = control.snapshot()
    envelopes = [
        item for item in first(control, snapshot.boot, 0, snapshot.seq) if isinstance(item, Envelope)
    ]
    assert [envelope.seq for envelope in envelopes] == list(range(1, snapshot.seq + 1))
    assert envelopes[-1].event.type == "offer.created"


def test_a_command_makes_an_event_with_the_next_number(control: Control) -> None:
    snapshot = control.snapshot()
    stream = control.events(snapshot.boot, snapshot.seq)
    gevent.get_hub().threadpool.apply(
        control.set_status, ("benoit", "benoit", SetStatus(status="on_break", pause_reason="lunch"))
    )
    with gevent.Timeout(10):
        item = next(iter(stream))
    stream.close()
    assert isinstance(item, Envelope)
    assert (item.boot, item.seq) == (snapshot.boot, snapshot.seq + 1)
    assert isinstance(item.event, AgentStatusChanged)
    assert (item.event.agent.status, item.event.agent.pause_reason) == ("on_break", "lunch")


@pytest.mark.parametrize(("boot", "since"), [("another boot", 0), (None, 10_000)])
def test_events_that_cannot_be_had_are_a_reset(control: Control, boot: str | None, since: int) -> None:
    told = first(control, boot or control.snapshot().boot, since, 1)
    assert isinstance(told[0], Reset)


def test_a_closed_stream_ends_without_waiting(control: Control) -> None:
    stream = control.events(control.snapshot().boot, control.snapshot().seq)
    gevent.spawn_later(0.05, stream.close)
    with gevent.Timeout(5), pytest.raises((ControlAway, StopIteration)):
        next(iter(stream))


def test_an_accepted_offer_is_a_call(control: Control) -> None:
    control.accept("alice", "o1")
    snapshot = control.snapshot()
    assert snapshot.offers == ()
    assert {agent.id: agent.state for agent in snapshot.agents}["alice"] == "talking"


def test_an_offer_of_somebody_else_is_not_allowed(control: Control) -> None:
    with pytest.raises(ControlRefused) as refused:
        control.decline("benoit", "o1", DeclineOffer())
    assert (refused.value.status, refused.value.problem.id) == (403, "pbx.not_allowed")


def test_what_does_not_exist_is_not_found(control: Control) -> None:
    with pytest.raises(ControlRefused) as refused:
        control.accept("alice", "no such offer")
    assert (refused.value.status, refused.value.problem.id) == (404, "pbx.not_found")


def test_a_command_that_does_not_fit_changes_nothing(control: Control) -> None:
    control.accept("alice", "o1")
    control.on_contact("alice", "c1", "hold")
    with pytest.raises(ControlRefused) as refused:
        control.on_contact("alice", "c1", "hold")
    assert (refused.value.status, refused.value.problem.id) == (409, "pbx.wrong_state")
    control.on_contact("alice", "c1", "resume")


def test_commands_carry_their_bodies(control: Control) -> None:
    control.accept("alice", "o1")
    control.on_contact("alice", "c1", "transfer", Transfer(kind="blind", target="agent:benoit"))
    control.on_contact("alice", "c1", "wrap-up", WrapUp(disposition="sold", note="é", finish=True))
    states = {agent.id: agent.state for agent in control.snapshot().agents}
    assert states == {"alice": "idle", "benoit": "talking"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (CdrQuery(customer_id="ana"), 1),
        (CdrQuery(customer_id="nobody"), 0),
        (CdrQuery(caller="+33612345678"), 1),
        (CdrQuery(agent="alice"), 1),
        (CdrQuery(agent="benoit"), 0),
    ],
)
def test_records_are_found_by_customer_caller_and_agent(
    control: Control, query: CdrQuery, found: int
) -> None:
    assert len(control.cdr(query)) == found


NINE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (RecordingsQuery(), 1),
        (RecordingsQuery(contact="past"), 1),
        (RecordingsQuery(contact="c1"), 0),
        (RecordingsQuery(agent="alice"), 1),
        (RecordingsQuery(agent="benoit"), 0),
        (RecordingsQuery(since=NINE, until=NINE + timedelta(hours=1)), 1),
        (RecordingsQuery(until=NINE), 0),
        (RecordingsQuery(since=NINE + timedelta(hours=1)), 0),
    ],
)
def test_recordings_are_found_by_contact_agent_and_time(
    control: Control, query: RecordingsQuery, found: int
) -> None:
    assert len(control.recordings(query)) == found


def test_a_recording_is_told_with_its_contact_and_its_pauses(control: Control) -> None:
    (one,) = control.recordings(RecordingsQuery())
    assert (one.id, one.path, one.seconds, one.pauses) == ("r1", "r1.wav", 60.5, ((1.5, 2.25),))
    assert one.record is not None
    assert one.record.customer_id == "ana"


def test_one_record_is_found_by_its_contact(control: Control) -> None:
    assert control.record("past").customer_id == "ana"
    with pytest.raises(ControlRefused):
        control.record("never")


def test_an_offer_may_be_answered_in_the_page(control: Control) -> None:
    control.accept("alice", "o1", "page")
    assert control.snapshot().offers == ()


def test_a_page_that_says_it_goes_is_away_until_it_is_back(control: Control) -> None:
    control.accept("alice", "o1")
    control.on_contact("alice", "c1", "away")
    away = {leg.agent: leg.away for leg in control.snapshot().contacts[0].participants}
    assert away == {None: False, "alice": True}


def test_a_visitor_speaks_for_an_own_contact_only(control: Control) -> None:
    for verb, body in (("away", None), ("hang-up", HangUp())):
        with pytest.raises(ControlRefused) as refused:
            control.on_contact(guest_account("v1"), "c1", verb, body)
        assert (refused.value.status, refused.value.problem.id) == (403, "pbx.not_allowed")


def test_a_visitors_page_joins_a_contact_whose_customer_stays_who_it_is(control: Control) -> None:
    control.accept("alice", "o1")
    control.join_visitor("alice", "c1", JoinVisitor(visitor="v1", site="boutique", customer_id="bruno"))
    contact = control.snapshot().contacts[0]
    assert (contact.visitor, contact.site, contact.customer_id) == ("v1", "boutique", "ana")


def test_the_state_of_a_queue_is_known_to_who_thinks_of_calling(control: Control) -> None:
    status = control.queue_status("sales", "4000")
    assert (status.queue, status.open, status.closed) == ("sales", True, None)
    with pytest.raises(ControlRefused) as refused:
        control.queue_status("nowhere")
    assert refused.value.status == 404


def test_one_number_is_promised_one_callback_until_it_is_canceled(control: Control) -> None:
    wanted = RequestCallback(queue="sales", number="+33612345678", language="fr", customer_id="ana")
    promised = control.request_callback(guest_account("v1"), wanted)
    assert control.callback(promised.id) == promised
    assert (promised.queue, promised.number, promised.state) == ("sales", "+33612345678", "waiting")
    with pytest.raises(ControlRefused) as refused:
        control.request_callback(guest_account("v2"), wanted)
    assert (refused.value.status, refused.value.problem.id) == (409, "pbx.callback_exists")

    control.cancel_callback(guest_account("v1"), promised.id)

    with pytest.raises(ControlRefused) as refused:
        control.callback(promised.id)
    assert (refused.value.status, refused.value.problem.id) == (404, "pbx.not_found")
    assert control.request_callback(guest_account("v1"), wanted).state == "waiting"


def test_the_directory_names_agents_and_queues(control: Control) -> None:
    assert {entry.target for entry in control.directory()} >= {"agent:benoit", "queue:sales"}


def test_a_wrong_token_is_refused(server: int) -> None:
    with pytest.raises(ControlRefused) as refused:
        HttpControl("127.0.0.1", server, "another").snapshot()
    assert refused.value.status == 401
    with pytest.raises(ControlAway):
        HttpControl("127.0.0.1", server, "another").events("boot-1", 0)


def test_nobody_listening_is_away() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        control = HttpControl("127.0.0.1", free.getsockname()[1], TOKEN)
        with pytest.raises(ControlAway):
            control.snapshot()
        with pytest.raises(ControlAway):
            control.events("boot-1", 0)


def test_an_answer_that_is_no_answer_is_away() -> None:
    """Something else listens there, or another version."""
    listener = gevent.server.StreamServer(("127.0.0.1", 0), _says_hello)
    listener.start()
    control = HttpControl("127.0.0.1", listener.server_port, TOKEN)
    with pytest.raises(ControlAway):
        gevent.get_hub().threadpool.apply(control.snapshot)
    with pytest.raises(ControlAway):
        control.events("boot-1", 0)
    listener.stop()


def _says_hello(client: gevent.socket.socket, _: object) -> None:
    client.recv(1024)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello")
    client.close()
