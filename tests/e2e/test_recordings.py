"""A recorded call is heard by a supervisor through the pages, and goes when it is old: the real processes."""

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from lab import Events, Lab
from phone import Phone

from tests import audio

LOW, HIGH = 440, 1000
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SCRIPT_CSRF = re.compile(r'"csrf": "([^"]+)"')


class Person:
    """Somebody signed in to the pages, without a browser."""

    def __init__(self, lab: Lab, username: str) -> None:
        self._at = f"http://127.0.0.1:{lab.web_port}"
        self._session = requests.Session()
        self._session.trust_env = False
        token = CSRF.search(self._session.get(f"{self._at}/login").text)
        assert token is not None
        words = {"username": username, "password": lab.logins[username], "csrf_token": token[1]}
        page = self._session.post(f"{self._at}/login", data=words)
        found = SCRIPT_CSRF.search(page.text)
        assert found is not None, page.url
        self._csrf = found[1]

    def call(self, method: str, path: str, **headers: str) -> requests.Response:
        return self._session.request(
            method, f"{self._at}/api/recordings{path}", headers={"X-CSRFToken": self._csrf, **headers}
        )


@pytest.fixture(scope="module")
def pages(lab: Lab) -> Lab:
    lab.start_web()
    return lab


@pytest.fixture
def events(pages: Lab) -> Iterator[Events]:
    events = pages.events()
    yield events
    events.close()


def a_recorded_call(lab: Lab, events: Events) -> tuple[str, Path]:
    """Two seconds of two tones, then the caller hangs up; gives the contact and the recording's file."""
    with lab.agent_phone("alice") as alice, lab.phone() as caller:
        lab.available("alice")
        call = lab.dial_shop(caller)
        events.wait("playback.started")
        caller.digits(call, "0")
        theirs = int(alice.wait("incoming")["call"])
        alice.answer(theirs)
        contact: str = events.wait("call.bridged")["contact"]
        events.wait("recording.started", lambda e: e["contact"] == contact)
        sounds(caller, call, LOW)
        sounds(alice, theirs, HIGH)
        time.sleep(2.5)
        caller.hang_up(call)
        alice.wait("ended", call=theirs)
    events.wait("recording.finished", lambda e: e["contact"] == contact)
    rows = lab.wait_for_rows(
        "select * from recording where contact_id = :id",
        lambda rows: rows and rows[0]["state"] == "finished",
        id=contact,
    )
    return contact, Path(rows[0]["path"])


def sounds(phone: Phone, call: int, hertz: int) -> None:
    phone.wait("media", call=call, active=True)
    phone.tone(call, hertz)


def test_a_recorded_call_is_listed_heard_and_in_the_end_deleted(
    pages: Lab, events: Events, tmp_path: Path
) -> None:
    contact, path = a_recorded_call(pages, events)
    supervisor = Person(pages, "supervisor")
    listed: Any = supervisor.call("GET", "").json()
    (one,) = listed["contacts"]
    assert (one["contact"], one["agent"], one["heard"], one["replay"]) == (contact, "alice", True, False)
    assert one["customer_name"]
    assert 2 < one["seconds"] < 10

    opened: Any = supervisor.call("POST", f"/{contact}/open").json()
    (recording,) = opened["recordings"]
    address = f"/watches/{opened['watch']}/audio/{recording['id']}"
    heard = supervisor.call("GET", address)
    assert heard.content == path.read_bytes()
    copy = tmp_path / "heard.wav"
    copy.write_bytes(io.BytesIO(heard.content).read())
    assert audio.tone_level(copy, LOW, 1.0, 2.0, 0) > -20
    assert audio.tone_level(copy, HIGH, 1.0, 2.0, 1) > -20
    part = supervisor.call("GET", address, Range="bytes=44-1043")
    assert (part.status_code, part.content) == (206, heard.content[44:1044])

    assert Person(pages, "alice").call("GET", "").status_code == 403
    watched = pages.rows("select login, action, subject from recording_watch where contact = :id", id=contact)
    assert [tuple(row.values()) for row in watched] == [("supervisor", "heard", recording["id"])]

    assert "recordings deleted: 1" in pages.run("recordings", "purge", "--older-than", "0s")
    assert not path.exists()
    assert supervisor.call("GET", "").json()["contacts"] == []
    assert supervisor.call("GET", address).status_code == 404
    assert len(pages.rows("select * from recording_watch where contact = :id", id=contact)) == 1
