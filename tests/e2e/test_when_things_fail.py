"""The database stops, a phone vanishes, the telephone system is killed: nobody is lost, nothing stays open."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab import CAMILLE, Lab
from phone import Phone

from tests.postgres import run_server


@pytest.fixture
def quick_lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(media={"rtp_timeout_talking": "3s"}) as lab:
        lab.start_pbx()
        yield lab


def ask_for_an_agent(lab: Lab, events, caller: Phone) -> int:  # type: ignore[no-untyped-def]
    call = lab.dial_shop(caller)
    events.wait("playback.started")
    caller.digits(call, "0")  # typed ahead: whoever knows the menu need not hear it
    events.wait("contact.queued")
    return call


def answer(phone: Phone) -> int:
    call = int(phone.wait("incoming")["call"])
    phone.answer(call)
    phone.wait("answered", call=call)
    return call


def test_an_agents_phone_that_vanishes_gives_the_caller_back_to_the_queue(quick_lab: Lab) -> None:
    lab = quick_lab
    alice, caller = lab.agent_phone("alice", rtp_start=42000), lab.phone(CAMILLE, rtp_start=42200)
    events = lab.events()
    lab.available("alice")
    call = ask_for_an_agent(lab, events, caller)
    answer(alice)
    events.wait("call.bridged")
    benoit = lab.agent_phone("benoit", rtp_start=42400)

    alice.process.send_signal(signal.SIGKILL)
    lab.available("benoit")

    offer = events.wait("offer.created", lambda e: e["offer"]["agent"] == "benoit", timeout=20)
    assert offer["offer"]["contact"]["caller"] == CAMILLE
    second = answer(benoit)
    events.wait("call.bridged", lambda e: e["agent"] == "benoit")
    caller.hang_up(call)
    benoit.wait("ended", call=second)


def test_an_agent_who_does_not_answer_is_passed_over_and_paused_after_three_times(
    new_lab: Callable[..., Lab],
) -> None:
    with new_lab(acd={"offer_timeout": "2s"}) as lab:
        lab.start_pbx()
        lab.agent_phone("alice", rtp_start=42000)
        benoit = lab.agent_phone("benoit", rtp_start=42200)
        caller = lab.phone(CAMILLE, rtp_start=42400)
        events = lab.events()
        lab.available("alice")
        call = ask_for_an_agent(lab, events, caller)
        events.wait("offer.ended", lambda e: e["agent"] == "alice" and e["state"] == "timed_out")

        lab.available("benoit")
        events.wait("offer.created", lambda e: e["offer"]["agent"] == "benoit")
        second = answer(benoit)
        events.wait("call.bridged")
        caller.hang_up(call)
        benoit.wait("ended", call=second)


def test_after_kill_9_calls_are_answered_again_and_no_record_stays_open(quick_lab: Lab) -> None:
    lab = quick_lab
    alice = lab.agent_phone("alice", rtp_start=42000)
    callers = [lab.phone(f"+3363998100{n}", rtp_start=42200 + 100 * n) for n in range(3)]
    events = lab.events()
    lab.available("alice")
    ask_for_an_agent(lab, events, lab.phone(CAMILLE, rtp_start=42900))
    answer(alice)
    events.wait("call.bridged")
    for caller in callers:
        lab.dial_shop(caller)
    lab.wait_for_rows("select id from contact where ended_at is null", lambda rows: len(rows) == 4)

    lab.kill_pbx()
    began = time.monotonic()
    lab.start_pbx()
    late = lab.phone("+33639980777", rtp_start=43100)
    call = lab.dial_shop(late)
    print(f"\nkill -9 to the next call answered: {time.monotonic() - began:.1f} s (to reach: 5 s)")

    closed = lab.wait_for_rows(
        "select * from contact where outcome = 'node_lost'", lambda rows: len(rows) == 4, timeout=10
    )
    assert all(row["ended_at"] for row in closed)
    lab.wait_for_rows("select id from contact where ended_at is null", lambda rows: len(rows) == 1)
    assert not lab.rows(
        "select s.contact_id from segment s join contact c on c.id = s.contact_id"
        " where s.ended_at is null and c.ended_at is not null"
    )
    late.hang_up(call)
    agents = {view["id"]: view for view in lab.snapshot()["agents"]}
    assert agents["alice"]["status"] == "available", "a restart logs nobody out"
    assert agents["alice"]["phone_registered"], "a restart forgets no registration"


def test_an_orderly_stop_hangs_up_and_closes_every_record(quick_lab: Lab) -> None:
    lab = quick_lab
    caller = lab.phone(CAMILLE, rtp_start=42000)
    call = lab.dial_shop(caller)

    assert lab.stop_pbx() == 0

    caller.wait("ended", call=call)
    rows = lab.rows("select ended_at from contact")
    assert len(rows) == 1 and rows[0]["ended_at"]


def test_a_database_that_stops_in_a_look_up_sends_the_caller_to_a_person(
    new_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    with run_server() as server:
        url = server.new_database()
        with new_lab(url, ivr={"lookup_timeout": "2s"}) as lab:
            lab.start_pbx()
            alice = lab.agent_phone("alice", rtp_start=42000)
            caller = lab.phone(CAMILLE, rtp_start=42200)
            events = lab.events()
            lab.available("alice")
            call = lab.dial_shop(caller)
            events.wait("flow.node_entered", lambda e: e["node"] == "main")

            server.freeze()
            caller.digits(call, "1")
            events.wait("flow.node_entered", lambda e: e["node"] == "trouble", timeout=10)
            server.stop()
            events.wait("offer.created", timeout=20)
            theirs = answer(alice)
            events.wait("call.bridged")
            caller.hang_up(call)
            alice.wait("ended", call=theirs)
            ended = events.wait("contact.ended")

            server.start()
            rows = lab.wait_for_rows(
                "select * from contact where id = :id", lambda rows: bool(rows and rows[0]["ended_at"]),
                timeout=30, id=ended["contact"],
            )  # fmt: skip
            assert rows[0]["outcome"] == "answered" and rows[0]["agent_id"] == "alice"
