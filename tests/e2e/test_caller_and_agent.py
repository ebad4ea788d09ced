"""A customer and an agent's desk phone: offers, audio both ways, hold, transfers, hang-ups, recordings."""

import time
from collections.abc import Iterator
from pathlib import Path

import audio
import pytest
from lab import CAMILLE, Events, Lab
from phone import Phone

LOW, HIGH, THIRD = 2100.0, 2500.0, 2900.0
"""Hz, above everything that the hold music plays."""


@pytest.fixture(scope="module")
def alice(lab: Lab) -> Phone:
    return lab.agent_phone("alice", rtp_start=41000)


@pytest.fixture(scope="module")
def benoit(lab: Lab) -> Phone:
    return lab.agent_phone("benoit", rtp_start=41200)


@pytest.fixture
def caller(lab: Lab) -> Iterator[Phone]:
    with Phone(username=CAMILLE, server=lab.server, rtp_start=41400) as phone:
        yield phone


def ask_for_an_agent(lab: Lab, events: Events, caller: Phone) -> int:
    call = lab.dial_shop(caller)
    events.wait("playback.started")
    caller.digits(call, "0")  # typed ahead: whoever knows the menu need not hear it
    events.wait("contact.queued")
    return call


def offered_to(events: Events, agent: str, timeout: float = 10.0) -> dict:
    return events.wait("offer.created", lambda e: e["offer"]["agent"] == agent, timeout)["offer"]


def answer(phone: Phone) -> int:
    call = int(phone.wait("incoming")["call"])
    phone.answer(call)
    phone.wait("answered", call=call)
    phone.wait("media", call=call, active=True)
    return call


def finish_wrap_up(lab: Lab, contact: str, agent: str) -> None:
    lab.api("PUT", f"/contacts/{contact}/wrap-up", {"finish": True}, actor=agent)


def talking(
    lab: Lab, events: Events, caller: Phone, agent: Phone, name: str = "alice"
) -> tuple[int, int, str]:
    lab.available(name)
    call = ask_for_an_agent(lab, events, caller)
    contact = offered_to(events, name)["contact"]["id"]
    theirs = answer(agent)
    events.wait("call.bridged")
    return call, theirs, contact


def test_the_offer_comes_before_the_answer_and_then_both_hear_each_other(
    lab: Lab, events: Events, caller: Phone, alice: Phone, tmp_path: Path
) -> None:
    lab.available("alice")
    call = ask_for_an_agent(lab, events, caller)
    offer = offered_to(events, "alice")
    assert offer["contact"]["customer_id"] and offer["contact"]["path"][-1]["keys"] == "0"
    assert offer["contact"]["answered_at"] and not events.of("call.bridged")

    theirs = answer(alice)
    events.wait("call.bridged")
    caller.tone(call, LOW)
    alice.tone(theirs, HIGH)
    time.sleep(0.5)
    caller.record(call, tmp_path / "caller.wav")
    alice.hear(theirs, tmp_path / "alice.wav", 2.0)
    caller.record_stop(call)

    assert audio.tone_level(tmp_path / "alice.wav", LOW, 0.5, 1.5) > -20
    assert audio.tone_level(tmp_path / "caller.wav", HIGH, 0.5, 1.5) > -20
    assert audio.tone_level(tmp_path / "alice.wav", HIGH, 0.5, 1.5) < -45, "nobody hears himself"
    caller.hang_up(call)
    assert alice.wait("ended", call=theirs)["status"] == 200
    events.wait(
        "agent.state_changed", lambda e: e["agent"]["id"] == "alice" and e["agent"]["state"] == "wrap_up"
    )
    finish_wrap_up(lab, offer["contact"]["id"], "alice")
    rows = lab.wait_for_rows(
        "select * from contact where id = :id",
        lambda rows: bool(rows[0]["ended_at"]),
        id=offer["contact"]["id"],
    )
    assert rows[0]["outcome"] == "answered" and rows[0]["agent_id"] == "alice"
    kinds = lab.wait_for_rows(
        "select kind from segment where contact_id = :id order by number",
        lambda rows: len(rows) >= 3, id=offer["contact"]["id"],
    )  # fmt: skip
    assert [row["kind"] for row in kinds][:3] == ["ivr", "queue", "agent"]


def test_hold_plays_music_and_mute_silences_the_agent(
    lab: Lab, events: Events, caller: Phone, alice: Phone, tmp_path: Path
) -> None:
    call, theirs, contact = talking(lab, events, caller, alice)
    alice.tone(theirs, HIGH)

    lab.api("POST", f"/contacts/{contact}/hold", actor="alice")
    held = caller.hear(call, tmp_path / "held.wav", 2.5)
    assert audio.tone_level(held, HIGH, 1.2) < -45 and audio.level(held, 1.2) > -45, "music, not the agent"

    lab.api("POST", f"/contacts/{contact}/resume", actor="alice")
    back = caller.hear(call, tmp_path / "back.wav", 2.0)
    assert audio.tone_level(back, HIGH, 1.0) > -20

    lab.api("POST", f"/contacts/{contact}/mute", actor="alice")
    muted = caller.hear(call, tmp_path / "muted.wav", 2.0)
    assert audio.level(muted, 1.2) < -45
    lab.api("POST", f"/contacts/{contact}/hang-up", {}, actor="alice")
    caller.wait("ended", call=call)
    alice.wait("ended", call=theirs)
    finish_wrap_up(lab, contact, "alice")


def test_the_agents_phone_holds_and_resumes_by_itself(
    lab: Lab, events: Events, caller: Phone, alice: Phone, tmp_path: Path
) -> None:
    call, theirs, _ = talking(lab, events, caller, alice)

    alice.hold(theirs)
    time.sleep(0.8)
    assert audio.level(caller.hear(call, tmp_path / "held.wav", 1.0)) > -45

    alice.resume(theirs)
    time.sleep(0.8)
    alice.tone(theirs, HIGH)
    assert audio.tone_level(caller.hear(call, tmp_path / "back.wav", 1.5), HIGH, 0.5) > -20
    caller.hang_up(call)
    alice.wait("ended", call=theirs)


def test_a_consultation_hands_the_caller_over(
    lab: Lab, events: Events, caller: Phone, alice: Phone, benoit: Phone, tmp_path: Path
) -> None:
    call, theirs, contact = talking(lab, events, caller, alice)
    lab.available("benoit")
    lab.api(
        "POST", f"/contacts/{contact}/transfer", {"kind": "consult", "target": "agent:benoit"}, actor="alice"
    )
    offered_to(events, "benoit")
    second = answer(benoit)
    alice.tone(theirs, HIGH)
    benoit.tone(second, THIRD)
    time.sleep(0.5)
    private = caller.hear(call, tmp_path / "private.wav", 1.0)
    assert audio.tone_level(private, HIGH) < -45 and audio.tone_level(private, THIRD) < -45
    assert audio.tone_level(alice.hear(theirs, tmp_path / "alice.wav", 1.0), THIRD) > -20

    lab.api("POST", f"/contacts/{contact}/transfer/complete", actor="alice")
    alice.wait("ended", call=theirs)
    time.sleep(0.3)
    assert audio.tone_level(caller.hear(call, tmp_path / "after.wav", 1.0), THIRD) > -20
    caller.hang_up(call)
    benoit.wait("ended", call=second)
    lab.wait_for_rows(
        "select agent_id from contact where id = :id",
        lambda rows: rows[0]["agent_id"] == "benoit",
        id=contact,
    )


def test_three_talk_together(
    lab: Lab, events: Events, caller: Phone, alice: Phone, benoit: Phone, tmp_path: Path
) -> None:
    call, theirs, contact = talking(lab, events, caller, alice)
    lab.available("benoit")
    lab.api("POST", f"/contacts/{contact}/conference", {"target": "agent:benoit"}, actor="alice")
    second = answer(benoit)
    events.wait("call.conference_started")
    caller.tone(call, LOW)
    alice.tone(theirs, HIGH)
    benoit.tone(second, THIRD)
    time.sleep(0.5)

    ears = ((caller, call, (HIGH, THIRD)), (alice, theirs, (LOW, THIRD)), (benoit, second, (LOW, HIGH)))
    for phone, leg, hears in ears:
        heard = phone.hear(leg, tmp_path / "three.wav", 1.0)
        assert all(audio.tone_level(heard, tone) > -22 for tone in hears), hears
    caller.hang_up(call)
    alice.hang_up(theirs)
    alice.wait("ended", call=theirs)
    benoit.wait("ended", call=second)


def test_a_refer_from_the_phone_transfers_blind(
    lab: Lab, events: Events, caller: Phone, alice: Phone, benoit: Phone, tmp_path: Path
) -> None:
    call, theirs, _ = talking(lab, events, caller, alice)
    lab.available("benoit")

    alice.refer(theirs, f"sip:benoit@{lab.server}")
    offered_to(events, "benoit")
    second = answer(benoit)
    benoit.tone(second, THIRD)
    alice.wait("ended", call=theirs)
    time.sleep(0.5)
    assert audio.tone_level(caller.hear(call, tmp_path / "after.wav", 1.0), THIRD) > -20
    caller.hang_up(call)
    benoit.wait("ended", call=second)


def test_the_recording_has_the_customer_left_and_the_agent_right_and_silence_in_the_pause(
    lab: Lab, events: Events, caller: Phone, alice: Phone
) -> None:
    call, theirs, contact = talking(lab, events, caller, alice)
    caller.tone(call, LOW)
    alice.tone(theirs, HIGH)
    events.wait("recording.started", lambda e: e["contact"] == contact)
    time.sleep(2)
    lab.api("POST", f"/contacts/{contact}/recording/pause", actor="alice")
    time.sleep(2)
    lab.api("POST", f"/contacts/{contact}/recording/resume", actor="alice")
    time.sleep(2)
    caller.hang_up(call)
    alice.wait("ended", call=theirs)
    events.wait("recording.finished", lambda e: e["contact"] == contact)
    rows = lab.wait_for_rows(
        "select * from recording where contact_id = :id", lambda rows: rows and rows[0]["state"] == "finished",
        id=contact,
    )  # fmt: skip

    path = Path(rows[0]["path"])
    assert audio.tone_level(path, LOW, 0.7, 1.5, 0) > -20 and audio.tone_level(path, HIGH, 0.7, 1.5, 1) > -20
    assert audio.tone_level(path, HIGH, 0.7, 1.5, 0) < -45 and audio.tone_level(path, LOW, 0.7, 1.5, 1) < -45
    assert audio.level(path, 2.6, 3.6, 0) < -60 and audio.level(path, 2.6, 3.6, 1) < -60
    assert audio.tone_level(path, LOW, 4.7, 5.5, 0) > -20


def test_an_offer_that_is_declined_on_the_phone_goes_on(
    lab: Lab, events: Events, caller: Phone, alice: Phone, benoit: Phone
) -> None:
    lab.available("alice")
    call = ask_for_an_agent(lab, events, caller)
    offered_to(events, "alice")
    alice.answer(int(alice.wait("incoming")["call"]), 486)
    events.wait("offer.ended", lambda e: e["agent"] == "alice" and e["state"] == "rejected")

    lab.available("benoit")
    offered_to(events, "benoit")
    second = answer(benoit)
    events.wait("call.bridged")
    caller.hang_up(call)
    benoit.wait("ended", call=second)


@pytest.mark.parametrize("state", ["ivr", "queued", "offered", "talking"])
def test_a_caller_who_hangs_up_leaves_nothing_behind(
    lab: Lab, events: Events, caller: Phone, alice: Phone, state: str
) -> None:
    if state == "ivr":
        call = lab.dial_shop(caller)
        events.wait("playback.started")
    elif state == "queued":
        call = ask_for_an_agent(lab, events, caller)
    else:
        lab.available("alice")
        call = ask_for_an_agent(lab, events, caller)
        offered_to(events, "alice")
        if state == "talking":
            answer(alice)
            events.wait("call.bridged")
        else:
            alice.wait("incoming")
    caller.hang_up(call)

    ended = events.wait("contact.ended")
    expected = {"ivr": {"self_served"}, "talking": {"answered"}}.get(state, {"abandoned", "short_abandoned"})
    assert ended["outcome"] in expected
    deadline = time.monotonic() + 12
    while (snapshot := lab.snapshot())["contacts"] or snapshot["offers"]:
        assert time.monotonic() < deadline, snapshot
        time.sleep(0.1)
