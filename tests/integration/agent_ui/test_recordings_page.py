"""Supervisors hear and watch what was recorded and kept, on record; agents do not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pages_lab import PagesLab, Person

from agent_ui.cobrowse.replay_file import Packer
from agent_ui.cobrowse.replay_store import Replay, add_replay, close_replay, watches_of
from pbx.contract.resources import CdrView, RecordingView

NINE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
AUDIO = bytes(range(256)) * 5000
SHOWN = [{"at": at, "epoch": "p1", "events": [{"type": 3, "data": {"n": at}}]} for at in range(200)]


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.fixture
def wav(lab: PagesLab, tmp_path: Path) -> Path:
    """Contact c1 has a recording of 60 s and a replay from its 10th second on; c2 has a replay alone."""
    path = tmp_path / "r1.wav"
    path.write_bytes(AUDIO)
    common = {"channel": "voice", "called": "4000", "language": "fr", "agent": "alice", "queue": "sales"}
    lab.control.rows += [
        CdrView(contact="c1", direction="inbound", caller="+33612345678", started_at=after(-20), **common),
        CdrView(contact="c2", direction="inbound", caller="+33600000000", started_at=after(100), **common),
    ]
    lab.control.recorded.append(
        RecordingView(
            id="r1", contact="c1", kind="call", state="finished", path=str(path), started_at=NINE,
            ended_at=after(60), seconds=60.0, pauses=((20.0, 25.0),),
        )
    )  # fmt: skip
    keep(lab, "s1", "c1", 10)
    keep(lab, "s2", "c2", 110)
    return path


def keep(lab: PagesLab, session: str, contact: str, seconds: float) -> None:
    settings = lab.web.app.extensions["comptoir"].settings
    settings.cobrowse.replays.mkdir(exist_ok=True)
    packer = Packer()
    content = [packer.pack({"session": session}), *(packer.pack(one) for one in SHOWN)]
    (settings.cobrowse.replays / f"{session}.replay").write_bytes(b"".join(content))
    with lab.sessions.begin() as database:
        add_replay(database, Replay(session, contact, "shop", f"{session}.replay", after(seconds)))
        close_replay(database, session, "finished", 1000, after(seconds + 30))


@pytest.fixture
def sam(lab: PagesLab, wav: Path) -> Person:
    return lab.signed_in("sam", "supervisor")


def opened(person: Person, contact: str = "c1") -> Any:
    return person.call("POST", f"/api/recordings/{contact}/open").json


def on_record(lab: PagesLab, contact: str) -> list[tuple[str, str, str]]:
    with lab.sessions() as database:
        return [(one.login, one.action, one.subject) for one in watches_of(database, contact)]


def test_the_list_has_contacts_with_what_there_is_of_them(sam: Person) -> None:
    listed: Any = sam.call("GET", "/api/recordings").json
    second, first = listed["contacts"]
    assert (first["contact"], first["kind"], first["heard"], first["replay"]) == ("c1", "call", True, True)
    assert (first["number"], first["agent_name"], first["seconds"]) == ("+33612345678", "Alice", 60.0)
    assert (second["contact"], second["kind"], second["heard"], second["replay"]) == (
        "c2",
        "page",
        False,
        True,
    )
    assert second["seconds"] == 30.0
    assert {one["id"] for one in listed["agents"]} == {"alice", "benoit", "carla"}
    assert (listed["more"], listed["kept_days"]) == (False, 90.0)


@pytest.mark.parametrize(
    ("since", "until", "agent", "found"),
    [
        (-60, 60, "", ["c1"]),
        (60, 3600, "", ["c2"]),
        (-60, 3600, "benoit", []),
        (-60, 3600, "alice", ["c2", "c1"]),
    ],
)
def test_the_list_is_of_a_time_and_an_agent(
    sam: Person, since: float, until: float, agent: str, found: list[str]
) -> None:
    wanted = {"since": after(since).isoformat(), "until": after(until).isoformat(), "agent": agent}
    listed: Any = sam.client.get("/api/recordings", query_string=wanted).json
    assert [one["contact"] for one in listed["contacts"]] == found


def test_a_time_that_is_none_is_refused(sam: Person) -> None:
    assert sam.client.get("/api/recordings?since=yesterday").status_code == 400


def test_who_opens_a_contact_is_on_record_and_sees_that(lab: PagesLab, sam: Person) -> None:
    assert on_record(lab, "c1") == []
    contact = opened(sam)
    assert on_record(lab, "c1") == [("sam", "heard", "r1"), ("sam", "watched", "s1")]
    assert [(one["name"], one["action"]) for one in contact["watched"]] == [
        ("Sam", "heard"),
        ("Sam", "watched"),
    ]
    assert [(one["id"], one["pauses"]) for one in contact["recordings"]] == [
        ("r1", [{"begin": 20.0, "end": 25.0}])
    ]
    assert [one["session"] for one in contact["replays"]] == ["s1"]
    opened(sam)
    assert len(on_record(lab, "c1")) == 4


def test_a_recording_is_heard_as_a_whole_and_in_parts_and_kept_by_no_cache(sam: Person) -> None:
    path = f"/api/recordings/watches/{opened(sam)['watch']}/audio/r1"
    whole = sam.client.get(path)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, AUDIO, "audio/wav")
    assert (whole.headers["Cache-Control"], whole.headers["Accept-Ranges"]) == ("no-store", "bytes")
    part = sam.client.get(path, headers={"Range": "bytes=1000-300999"})
    assert (part.status_code, part.data) == (206, AUDIO[1000:301000])
    assert part.headers["Content-Range"] == f"bytes 1000-300999/{len(AUDIO)}"
    beyond = sam.client.get(path, headers={"Range": f"bytes={len(AUDIO)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(AUDIO)}")


def test_a_replay_comes_as_it_was_written(sam: Person) -> None:
    answer = sam.client.get(f"/api/recordings/watches/{opened(sam)['watch']}/replay/s1")
    documents = [json.loads(line) for line in answer.text.splitlines()]
    assert documents == [{"session": "s1"}, *SHOWN]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_that_was_kept_without_a_recording_is_watched_alone(lab: PagesLab, sam: Person) -> None:
    contact = opened(sam, "c2")
    assert (contact["recordings"], len(contact["replays"])) == ([], 1)
    assert on_record(lab, "c2") == [("sam", "watched", "s2")]


def test_what_is_going_on_or_gone_cannot_be_opened(lab: PagesLab, sam: Person) -> None:
    (one,) = lab.control.recorded
    for changes in ({"state": "recording", "seconds": None}, {"deleted_at": after(99), "path": ""}):
        lab.control.recorded[:] = [one.model_copy(update={"contact": "c3", **changes})]
        assert sam.call("POST", "/api/recordings/c3/open").status_code == 404
    assert sam.call("POST", "/api/recordings/nothing/open").status_code == 404
    assert on_record(lab, "c3") == []


def test_a_file_that_is_gone_is_not_found(sam: Person, wav: Path) -> None:
    watch = opened(sam)["watch"]
    wav.unlink()
    assert sam.client.get(f"/api/recordings/watches/{watch}/audio/r1").status_code == 404


def test_agents_hear_and_watch_nothing(lab: PagesLab, sam: Person) -> None:
    watch, alice = opened(sam)["watch"], lab.signed_in("alice")
    assert alice.client.get("/recordings").status_code in (302, 403)
    for path in ("", f"/watches/{watch}/audio/r1", f"/watches/{watch}/replay/s1"):
        assert alice.client.get(f"/api/recordings{path}").status_code == 403
    assert alice.call("POST", "/api/recordings/c1/open").status_code == 403
    assert [one for one in on_record(lab, "c1") if one[0] != "sam"] == []
    assert lab.visitor().client.get(f"/api/recordings/watches/{watch}/audio/r1").status_code == 401


def test_what_one_supervisor_has_opened_is_no_other_ones(lab: PagesLab, sam: Person) -> None:
    watch, sue = opened(sam)["watch"], lab.signed_in("sue", "supervisor")
    assert sue.client.get(f"/api/recordings/watches/{watch}/audio/r1").status_code == 404


def test_a_telephone_system_that_is_away_is_said(lab: PagesLab, sam: Person) -> None:
    lab.control.goes_away()
    assert sam.call("GET", "/api/recordings").status_code == 503
    assert sam.call("POST", "/api/recordings/c1/open").status_code == 503


def test_the_viewers_document_may_ask_nobody_for_anything_but_the_shops_pictures_and_styles(
    lab: PagesLab, sam: Person
) -> None:
    address = opened(sam)["replays"][0]["viewer"]
    answer = lab.web.viewer.test_client().get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "connect-src 'none'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors http://localhost" in policy
