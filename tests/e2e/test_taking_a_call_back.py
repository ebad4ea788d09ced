"""A page that is loaded anew takes its call back; seen here with two phones of one account, heard as audio."""

import time
from collections.abc import Iterator
from pathlib import Path

import audio
import pytest
from lab import CAMILLE, Events, Lab
from phone import Phone

LOW, HIGH, THIRD = 2100.0, 2500.0, 2900.0
"""Hz, above everything that the hold music plays."""

CLEAR = -20.0
"""dB: no click, no beginning of another tone reaches this."""
LONGEST_GAP = 5.0
"""Seconds."""


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    events = lab.events()
    yield events
    events.close()


@pytest.fixture
def caller(lab: Lab) -> Iterator[Phone]:
    with Phone(username=CAMILLE, server=lab.server, rtp_start=42400) as phone:
        yield phone


@pytest.fixture
def first(lab: Lab) -> Iterator[Phone]:
    """Alice's first page."""
    with Phone(
        username="alice", password=lab.passwords["alice"], server=lab.server, register=True, rtp_start=42000
    ) as phone:
        phone.wait("registered", status=200)
        yield phone


@pytest.fixture
def second(lab: Lab) -> Iterator[Phone]:
    """Her page after the load."""
    with Phone(
        username="alice", password=lab.passwords["alice"], server=lab.server, rtp_start=42200
    ) as phone:
        yield phone


def take_back(lab: Lab, phone: Phone) -> int:
    call = phone.call(f"sip:take-back@{lab.server}")
    phone.wait("answered", call=call)
    phone.wait("media", call=call, active=True)
    return call


def last_heard(path: Path, hertz: float) -> float:
    """The time in seconds when a tone is last heard."""
    samples, rate = audio.part(path)
    width = rate // 50
    heard = [
        at / rate
        for at in range(0, len(samples) - width, width)
        if audio.amplitude(samples[at : at + width], rate, hertz) > CLEAR
    ]
    return heard[-1]


def test_the_agents_new_leg_goes_on_where_the_old_one_was(
    lab: Lab, events: Events, caller: Phone, first: Phone, second: Phone, tmp_path: Path
) -> None:
    lab.available("alice")
    call = lab.dial_shop(caller)
    caller.digits(call, "0")
    offer = events.wait("offer.created", lambda e: e["offer"]["agent"] == "alice")["offer"]
    contact = offer["contact"]["id"]
    incoming = first.wait("incoming")
    for header in (f"X-Comptoir-Contact: {contact}", f"X-Comptoir-Offer: {offer['id']}"):
        assert header in incoming["message"], "a page knows which offer rings in it"
    theirs = int(incoming["call"])
    first.answer(theirs)
    events.wait("call.bridged")
    caller.tone(call, LOW)
    first.tone(theirs, HIGH)
    time.sleep(1.0)
    caller.record(call, tmp_path / "caller.wav")
    time.sleep(1.0)

    new = take_back(lab, second)
    second.tone(new, THIRD)
    assert first.wait("ended", call=theirs)["status"] == 200, "the old leg is hung up"
    second.hear(new, tmp_path / "second.wav", 2.0)
    caller.record_stop(call)

    began, ended = (
        audio.onset(tmp_path / "caller.wav", THIRD, threshold=CLEAR),
        last_heard(tmp_path / "caller.wav", HIGH),
    )
    assert began is not None
    print(f"from the old leg's last sound to the new leg's first: {began - ended:.3f} s")
    assert 0 < began - ended < LONGEST_GAP
    assert audio.tone_level(tmp_path / "second.wav", LOW, 0.5, 1.5) > -20, "the customer is heard at once"
    assert audio.tone_level(tmp_path / "caller.wav", THIRD, began + 0.3, began + 1.2) > -20

    view = lab.api("GET", f"/contacts/{contact}")
    assert (view["state"], view["agent"], len(view["participants"])) == ("talking", "alice", 2)
    assert not events.of("call.ended") and not events.of("contact.ended")
    caller.hang_up(call)
    assert second.wait("ended", call=new)["status"] == 200
    rows = lab.wait_for_rows(
        "select * from recording where contact_id = :id",
        lambda rows: bool(rows) and rows[0]["state"] == "finished",
        id=contact,
    )
    assert len(rows) == 1, "one recording, from the first word to the last"
    recorded = Path(rows[0]["path"])
    seconds = rows[0]["seconds"]
    assert audio.tone_level(recorded, LOW, 1.2, seconds - 1, channel=0) > -20
    assert audio.onset(recorded, HIGH, 1, CLEAR) < audio.onset(recorded, THIRD, 1, CLEAR)  # type: ignore[operator]
    lab.wait_for_rows(
        "select outcome from contact where id = :id",
        lambda rows: rows[0]["outcome"] == "answered",
        id=contact,
    )


def test_who_waits_keeps_the_place_and_hears_the_music_again(
    lab: Lab, events: Events, first: Phone, tmp_path: Path
) -> None:
    account = {"username": "benoit", "password": lab.passwords["benoit"], "server": lab.server}
    with Phone(**account, rtp_start=42600) as old, Phone(**account, rtp_start=42800) as new:
        call = old.call(f"sip:shop@{lab.server}")
        old.wait("answered", call=call)
        queued = events.wait("contact.queued", lambda e: e["view"]["caller"] == "benoit")

        mine = take_back(lab, new)
        new.hear(mine, tmp_path / "music.wav", 2.0)
        old.wait("ended", call=call)

        assert audio.level(tmp_path / "music.wav", 0.5) > -45, "music again"
        lab.available("alice")
        offer = events.wait("offer.created", lambda e: e["contact"] == queued["contact"])["offer"]
        assert offer["contact"]["queued_at"] == queued["view"]["queued_at"]
        theirs = int(first.wait("incoming")["call"])
        first.answer(theirs)
        events.wait("call.bridged", lambda e: e["contact"] == queued["contact"])
        first.tone(theirs, HIGH)
        new.tone(mine, LOW)
        first.record(theirs, tmp_path / "first.wav")
        new.hear(mine, tmp_path / "new.wav", 2.0)
        first.record_stop(theirs)
        assert audio.tone_level(tmp_path / "new.wav", HIGH, 0.8, 1.8) > -20
        assert audio.tone_level(tmp_path / "first.wav", LOW, 0.8, 1.8) > -20
        new.hang_up(mine)
        events.wait("contact.ended", lambda e: e["contact"] == queued["contact"])


def test_nobody_takes_back_what_is_not_there_or_somebody_elses(
    lab: Lab, caller: Phone, second: Phone
) -> None:
    call = second.call(f"sip:take-back@{lab.server}")
    assert second.wait("ended", call=call)["status"] == 404
    call = caller.call(f"sip:take-back@{lab.server}")
    assert caller.wait("ended", call=call)["status"] in (401, 403, 404, 407), (
        "without a login there is nothing"
    )
