"""The main path on PostgreSQL: installed by the console, a call through the IVR to an agent, its record."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import pytest
from lab import CAMILLE, ROOT, Lab

from orders.adapters.demo import DEMO_CALLERS

FRENCH = next(one for one in DEMO_CALLERS if one.language == "fr")
CUSTOMER_HZ, AGENT_HZ = 2100.0, 2500.0


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab], new_postgres_database: Callable[[], str]) -> Iterator[Lab]:
    """Installed with `db upgrade` and `db demo` on an empty database of its own."""
    with new_lab(new_postgres_database(), acd={"wrap_up": "0s"}) as lab:
        lab.start_pbx()
        yield lab


def test_an_empty_database_is_said_to_be_behind(
    new_postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    empty = Lab(tmp_path, new_postgres_database())
    done = subprocess.run(empty.command("db", "check"), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "comptoir db upgrade" in done.stdout


def test_the_console_upgrades_checks_and_fills_the_database_once(lab: Lab) -> None:
    assert "the newest" in lab.run("db", "check")
    assert "nothing to do" in lab.run("db", "upgrade")
    before = lab.rows("select count(*) as n from customer")
    assert "there already" in lab.run("db", "demo")
    assert lab.rows("select count(*) as n from customer") == before and before[0]["n"] >= 200


def test_a_caller_hears_the_status_then_talks_to_an_agent_and_all_of_it_is_on_record(
    lab: Lab, tmp_path: Path
) -> None:
    alice, caller = lab.agent_phone("alice", rtp_start=41000), lab.phone(CAMILLE, rtp_start=41200)
    lab.available("alice")
    events = lab.events()
    call = lab.dial_shop(caller)
    events.wait("playback.started", lambda e: "Camille" in e["text"])
    caller.digits(call, "1")
    events.wait("playback.started", lambda e: FRENCH.carrier in e["text"])
    assert audio.speech_seconds(caller.hear(call, tmp_path / "status.wav", 2.0)) > 1.0

    caller.digits(call, "0")
    offer = events.wait("offer.created")["offer"]
    assert offer["contact"]["customer_id"] == FRENCH.customer_id
    theirs = int(alice.wait("incoming")["call"])
    alice.answer(theirs)
    contact = events.wait("call.bridged")["contact"]
    caller.tone(call, CUSTOMER_HZ)
    alice.tone(theirs, AGENT_HZ)
    caller.record(call, tmp_path / "caller.wav")
    heard = alice.hear(theirs, tmp_path / "alice.wav", 2.0)
    caller.record_stop(call)
    assert audio.tone_level(heard, CUSTOMER_HZ, 1.0) > -20
    assert audio.tone_level(tmp_path / "caller.wav", AGENT_HZ, 1.0) > -20
    caller.hang_up(call)
    alice.wait("ended", call=theirs)

    row = lab.wait_for_rows(
        "select * from contact where id = :id", lambda rows: bool(rows and rows[0]["ended_at"]), id=contact
    )[0]
    assert (row["outcome"], row["agent_id"]) == ("answered", "alice")
    assert (row["customer_id"], row["order_number"]) == (FRENCH.customer_id, FRENCH.order_number)
    segments = lab.wait_for_rows(
        "select kind from segment where contact_id = :id and ended_at is not null order by number",
        lambda rows: len(rows) >= 3, id=contact,
    )  # fmt: skip
    assert [one["kind"] for one in segments][:3] == ["ivr", "queue", "agent"]
    recording = lab.wait_for_rows(
        "select * from recording where contact_id = :id and state = 'finished'",
        lambda rows: len(rows) == 1, id=contact,
    )[0]  # fmt: skip
    assert Path(recording["path"]).exists()
    assert lab.api("GET", f"/cdr/{contact}")["outcome"] == "answered"


def test_what_is_set_up_there_works_at_once_and_survives_kill_9(lab: Lab) -> None:
    assert "has taken it over" in lab.run("number", "add", "4009", "--language", "pt")
    caller = lab.phone("+33639980777", rtp_start=41400)
    call = caller.call(f"sip:4009@{lab.server}")
    caller.wait("answered", call=call)
    lab.wait_for_rows("select id from contact where ended_at is null", lambda rows: len(rows) == 1)

    lab.kill_pbx()
    lab.start_pbx()
    lost = lab.wait_for_rows(
        "select * from contact where called = '4009'", lambda rows: bool(rows[0]["ended_at"])
    )
    assert lost[0]["outcome"] == "node_lost"
    assert {one["username"] for one in lab.api("GET", "/registrations")} == {"alice"}, "nobody is forgotten"
