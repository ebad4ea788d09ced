"""Nobody free, or nobody there: callbacks that are promised and kept, and messages after the beep."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import audio
import pytest
from carrier import Carrier
from lab import CAMILLE, Events, Lab
from phone import Phone
from sqlalchemy import create_engine, text

DID = "+33180000001"
BYTES_A_SECOND = 2 * 16000
CUSTOMER_HZ, AGENT_HZ = 2100.0, 2500.0


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(acd={"wrap_up": "0s"}) as lab:
        lab.passwords["julie"] = password_in(lab.run("phone", "add", "julie"))
        lab.passwords["marc"] = password_in(lab.run("phone", "add", "marc"))
        lab.run("queue", "set", "shop", "callback_retry_after=1", "max_wait=null")
        lab.start_pbx()
        yield lab


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    events = lab.events()
    yield events
    for agent in ("alice", "benoit"):
        lab.api("PUT", f"/agents/{agent}/status", {"status": "offline"}, actor=agent)
    events.close()


@pytest.fixture(scope="module")
def alice(lab: Lab) -> Phone:
    return lab.agent_phone("alice", rtp_start=41000)


@pytest.fixture(scope="module")
def julie(lab: Lab) -> Phone:
    """A customer whose phone is registered with us."""
    return lab.agent_phone("julie", rtp_start=41200)


@pytest.fixture(scope="module")
def marc(lab: Lab) -> Phone:
    """Another one."""
    return lab.agent_phone("marc", rtp_start=41400)


def password_in(said: str) -> str:
    return said.split("password ")[1].split()[0]


def ask_to_be_called_back(lab: Lab, events: Events, customer: Phone, name: str) -> str:
    """Dial the queue, press 1, hear the promise; returns the contact, whose call is over."""
    call = customer.call(f"sip:shop@{lab.server}")
    contact = str(events.wait("contact.queued", lambda e: e["view"]["caller"] == name)["contact"])
    customer.wait("media", call=call, active=True)
    customer.digits(call, "1")
    promised(events, customer, call, contact)
    return contact


def promised(events: Events, customer: Phone, call: int, contact: str) -> None:
    events.wait("contact.callback_requested", lambda e: e["contact"] == contact)
    customer.wait("ended", call=call, timeout=30)
    ended = events.wait("contact.ended", lambda e: e["contact"] == contact)
    assert ended["outcome"] == "callback"


def picks_up(phone: Phone) -> int:
    call = int(phone.wait("incoming", timeout=30)["call"])
    phone.answer(call)
    phone.wait("answered", call=call)
    return call


def both_are_heard(agent: Phone, theirs: int, customer: Phone, call: int, folder: Path) -> None:
    agent.tone(theirs, AGENT_HZ)
    customer.tone(call, CUSTOMER_HZ)
    customer.record(call, folder / "customer.wav")
    heard = agent.hear(theirs, folder / "agent.wav", 2.0)
    customer.record_stop(call)
    assert audio.tone_level(heard, CUSTOMER_HZ, 1.0) > -20
    assert audio.tone_level(folder / "customer.wav", AGENT_HZ, 1.0) > -20


# --- callbacks ----------------------------------------------------------------------------------------------------


def test_a_promise_is_kept_when_an_agent_becomes_free(
    lab: Lab, events: Events, alice: Phone, julie: Phone, tmp_path: Path
) -> None:
    first = lab.dial_shop(julie)
    julie.digits(first, "20")
    contact = events.wait("contact.queued")["contact"]
    julie.digits(first, "1")
    events.wait("playback.started", lambda e: "rappelons" in e["text"])
    promised(events, julie, first, contact)
    assert [one["number"] for one in lab.api("GET", "/callbacks")] == ["julie"]

    lab.available("alice")
    offer = events.wait("offer.created")["offer"]
    assert offer["agent"] == "alice" and offer["contact"]["callback"]
    theirs = picks_up(alice)
    call = picks_up(julie)
    bridged = events.wait("call.bridged", lambda e: e["agent"] == "alice")
    both_are_heard(alice, theirs, julie, call, tmp_path)
    julie.hang_up(call)
    alice.wait("ended", call=theirs)

    assert lab.api("GET", "/callbacks") == []
    rows = lab.wait_for_rows(
        "select * from callback where contact_id = :id", lambda r: r[0]["state"] == "done", id=contact
    )
    assert rows[0]["attempts"] == 1
    back = lab.wait_for_rows(
        "select * from contact where id = :id",
        lambda rows: bool(rows and rows[0]["ended_at"]),
        id=bridged["contact"],
    )[0]
    assert (back["direction"], back["outcome"], back["agent_id"]) == ("outbound", "answered", "alice")


def test_a_customer_who_does_not_answer_is_tried_again_later(
    lab: Lab, events: Events, alice: Phone, julie: Phone, tmp_path: Path
) -> None:
    ask_to_be_called_back(lab, events, julie, "julie")
    lab.available("alice")
    theirs = picks_up(alice)
    julie.answer(int(julie.wait("incoming", timeout=30)["call"]), 486)
    events.wait("playback.started", lambda e: "did not answer" in e["text"])
    postponed = events.wait(
        "callback.changed", lambda e: e["callback"]["attempts"] == 1 and e["callback"]["state"] == "waiting"
    )
    assert postponed["callback"]["number"] == "julie"
    alice.wait("ended", call=theirs, timeout=30)

    theirs = picks_up(alice)
    call = picks_up(julie)
    events.wait("call.bridged", lambda e: e["agent"] == "alice")
    julie.hang_up(call)
    alice.wait("ended", call=theirs)
    events.wait("callback.changed", lambda e: e["callback"]["state"] == "done")


def test_a_callback_goes_out_through_the_trunk_and_to_the_house_s_numbers_only(
    lab: Lab, events: Events, alice: Phone, tmp_path: Path
) -> None:
    lab.run("number", "add", DID, "--language", "fr")
    with Carrier("127.0.0.1", lab.sip_port) as carrier:
        lab.run(
            "trunk", "set", "carrier", "--host", carrier.address, "--port", str(carrier.port), "--caller", DID
        )
        abroad = carrier.calls(DID, "+12025550123")
        assert abroad.final() == "SIP/2.0 200 OK"
        carrier.audio.press("20")
        queued = events.wait("contact.queued")
        carrier.audio.press("1")
        carrier.audio.hear(tmp_path / "music.wav", 1.0)
        abroad.hang_up()
        ended = events.wait("contact.ended", lambda e: e["contact"] == queued["contact"])
        assert ended["outcome"] in ("abandoned", "short_abandoned")

        call = carrier.calls(DID, CAMILLE)
        assert call.final() == "SIP/2.0 200 OK"
        carrier.audio.press("0")
        events.wait("contact.queued", lambda e: e["contact"] != queued["contact"])
        carrier.audio.press("1")
        events.wait("contact.callback_requested")
        call.is_hung_up()
        assert [one["number"] for one in lab.api("GET", "/callbacks")] == [CAMILLE]

        lab.available("alice")
        theirs = picks_up(alice)
        back = carrier.called()
        assert back.uri.startswith(f"sip:{CAMILLE}@") and back.caller == DID
        back.answer()
        events.wait("call.bridged", lambda e: e["agent"] == "alice")
        alice.tone(theirs, AGENT_HZ)
        assert audio.tone_level(carrier.audio.hear(tmp_path / "carrier.wav", 2.0), AGENT_HZ, 1.0) > -20
        alice.hang_up(theirs)
        back.is_hung_up()
        lab.run("trunk", "remove", "carrier")


# --- voicemail ----------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(lab: Lab) -> Iterator[None]:
    """The shop is closed all week."""
    set_hours(lab, {"timezone": "Europe/Paris", "week": {}})
    yield
    set_hours(lab, None)


def set_hours(lab: Lab, document: dict[str, Any] | None) -> None:
    engine = create_engine(lab.database)
    with engine.begin() as connection:
        connection.execute(text("delete from calendar where name = 'shop'"))
        if document is not None:
            connection.execute(
                text("insert into calendar (name, document) values ('shop', :document)"),
                {"document": json.dumps(document)},
            )
    engine.dispose()
    lab.api("POST", "/reload", actor="console")


@pytest.mark.parametrize("way", ["hangs up", "presses #"])
def test_a_caller_finds_the_shop_closed_and_leaves_a_message(
    lab: Lab, events: Events, closed: None, way: str
) -> None:
    with Phone(username=CAMILLE, server=lab.server, rtp_start=41800) as caller:
        call = lab.dial_shop(caller)
        caller.tone(call, CUSTOMER_HZ)
        caller.digits(call, "0")
        events.wait("playback.started", lambda e: "ne sont pas disponibles" in e["text"])
        caller.digits(call, "2")
        contact = events.wait("flow.node_entered", lambda e: e["node"] == "message", timeout=60)["contact"]
        recording = lab.wait_for_rows(
            "select * from recording where contact_id = :id", lambda rows: bool(rows), timeout=30, id=contact
        )[0]
        wait_until_it_holds(Path(recording["path"]), 2.5)
        if way == "hangs up":
            caller.hang_up(call)
        else:
            caller.digits(call, "#")
            events.wait("flow.node_entered", lambda e: e["node"] == "message_taken")
            caller.wait("ended", call=call, timeout=30)
    left = events.wait("voicemail.left", lambda e: e["contact"] == contact)
    events.wait("contact.ended", lambda e: e["contact"] == contact)
    row = lab.wait_for_rows(
        "select * from voicemail where contact_id = :id", lambda rows: bool(rows), id=contact
    )[0]
    assert row["id"] == left["voicemail"] and row["mailbox"] == "shop" and row["caller"] == CAMILLE
    recording = lab.wait_for_rows(
        "select * from recording where id = :id",
        lambda r: r[0]["state"] == "finished",
        id=row["recording_id"],
    )[0]
    samples, rate = audio.read(recording["path"])
    assert abs(len(samples) / rate - row["seconds"]) < 0.5 and row["seconds"] > 2.0
    assert audio.tone_level(recording["path"], CUSTOMER_HZ, 0.5, 2.0) > -20
    lab.wait_for_rows(
        "select outcome from contact where id = :id", lambda r: r[0]["outcome"] == "voicemail", id=contact
    )


def wait_until_it_holds(path: Path, seconds: float) -> None:
    """Wait until a recording that is being written is so long."""
    deadline = time.monotonic() + 30
    while sum(part.stat().st_size for part in path.parent.glob(f"{path.stem}*")) < seconds * BYTES_A_SECOND:
        assert time.monotonic() < deadline, f"{path} does not grow"
        time.sleep(0.1)


# --- a restart ----------------------------------------------------------------------------------------------------


def test_promises_and_their_order_survive_kill_9(
    lab: Lab, events: Events, alice: Phone, julie: Phone, marc: Phone
) -> None:
    ask_to_be_called_back(lab, events, marc, "marc")
    ask_to_be_called_back(lab, events, julie, "julie")
    lab.wait_for_rows("select * from callback where state = 'waiting'", lambda rows: len(rows) == 2)

    lab.kill_pbx()
    lab.start_pbx()
    events = lab.events()
    assert [one["number"] for one in lab.api("GET", "/callbacks")] == ["marc", "julie"]
    last = "+33639980555"
    with Phone(username=last, server=lab.server, rtp_start=41800) as late:
        live = lab.dial_shop(late)
        late.digits(live, "20")
        events.wait("contact.queued", lambda e: e["view"]["caller"] == last)
        lab.available("alice")
        for customer in (marc, julie):
            theirs = picks_up(alice)
            call = picks_up(customer)
            customer.hang_up(call)
            alice.wait("ended", call=theirs)
        theirs = picks_up(alice)
        alice.wait("media", call=theirs, active=True)
        late.hang_up(live)
        alice.wait("ended", call=theirs)
    offered = [one["offer"]["contact"]["caller"] for one in events.of("offer.created")]
    assert offered == ["marc", "julie", last], "each at the place it had"
