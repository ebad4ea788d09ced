"""The doctor's checks, one by one."""

import socket
from pathlib import Path

import pytest

from config.doctor.addresses import check_addresses
from config.doctor.finding import Verdict
from config.doctor.machine import check_machine
from config.doctor.media import check_media
from config.doctor.ports import busy_ports, check_ports
from config.doctor.voices import check_voices
from config.loader import load
from config.lock import AlreadyRunning, running_pid, state_lock
from config.settings import Settings

GOOD = {
    "max_calls": 2048,
    "max_packet": 65535,
    "has_dtls_srtp": 1,
    "has_opus": 1,
    "parallel_bridge": 1,
    "locks_rtp_source": 1,
}


def settings(tmp_path: Path, **extra: str) -> Settings:
    names = (
        "SIP_PORT", "SIP_TLS_PORT", "SIP_WS_PORT", "SIP_WSS_PORT", "SIP_INTERNAL_PORT",
        "MEDIA_PLAIN_PORT", "MEDIA_SECURE_PORT", "MEDIA_WEBRTC_PORT", "API_PORT",
        "WEB_VIEWER_PORT", "SHOP_PORT", "SHOP_PAYMENT_PORT",
    )  # fmt: skip
    ports = {f"COMPTOIR_{name}": "0" for name in names}
    environ = {"COMPTOIR_PATHS_STATE_DIR": str(tmp_path), "COMPTOIR_WEB_PORT": "0", **ports, **extra}
    return load(environ=environ)


def probe(limits: dict[str, int]) -> str:
    return f"import json; print('found ' + json.dumps({{'version': '2.17', 'limits': {limits!r}}}))"


def test_a_good_build_of_the_media_stack_is_shown_with_its_limits(tmp_path: Path) -> None:
    (finding,) = check_media(settings(tmp_path), probe(GOOD))

    assert finding.verdict is Verdict.OK
    assert "2048 calls" in finding.found


@pytest.mark.parametrize(
    ("program", "found"),
    [
        (probe({}), "not built by Comptoir's recipe"),
        (probe({**GOOD, "has_dtls_srtp": 0}), "lacks DTLS-SRTP"),
        (probe({**GOOD, "max_calls": 4}), "4 call slots"),
        ("import os; os.abort()", "it ended with -6"),
        ("raise ImportError('libsrtp2.so.1 is missing')", "libsrtp2.so.1 is missing"),
    ],
)
def test_a_bad_build_fails_with_advice_and_a_crash_stays_outside(
    tmp_path: Path, program: str, found: str
) -> None:
    (finding,) = check_media(settings(tmp_path), program)

    assert finding.verdict is Verdict.FAILURE
    assert found in finding.found
    assert finding.advice


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (finding,) = busy_ports(settings(tmp_path, COMPTOIR_WEB_PORT=str(port)))

    assert f"TCP port {port} on 127.0.0.1 (web.port): Address already in use" in finding.found
    assert "another web.port" in finding.advice


@pytest.mark.parametrize(
    ("desk", "viewer", "found"),
    [
        ("", "", ""),
        ("https://desk.example", "https://mirror.example", ""),
        ("https://desk.example", "", "web.viewer_url is empty"),
        ("https://desk.example/", "https://desk.example", "the origin of web.public_url"),
    ],
)
def test_a_viewer_without_an_origin_of_its_own_is_named(
    tmp_path: Path, desk: str, viewer: str, found: str
) -> None:
    addresses = {"COMPTOIR_WEB_PUBLIC_URL": desk, "COMPTOIR_WEB_VIEWER_URL": viewer}
    findings = list(check_addresses(settings(tmp_path, **addresses)))
    assert [one.verdict for one in findings] == [Verdict.WARNING] * bool(found)
    assert all(found in one.found for one in findings)


def test_the_ports_of_a_running_comptoir_are_no_problem(tmp_path: Path) -> None:
    with state_lock(tmp_path):
        (finding,) = check_ports(settings(tmp_path))

    assert finding.verdict is Verdict.OK
    assert "in use by the running Comptoir" in finding.found


def test_a_state_directory_is_held_by_one_comptoir_and_free_after_its_end(tmp_path: Path) -> None:
    with state_lock(tmp_path), pytest.raises(AlreadyRunning, match="stop it first"), state_lock(tmp_path):
        pass

    assert running_pid(tmp_path) is None
    with state_lock(tmp_path):
        assert running_pid(tmp_path)


def test_a_voice_that_cannot_be_rendered_fails_with_what_to_set(tmp_path: Path) -> None:
    findings = list(check_voices(settings(tmp_path, COMPTOIR_PROMPTS_COMMAND="no-such-voice,{output}")))

    assert [finding.subject for finding in findings] == ["voice en", "voice fr", "voice pt"]
    assert "prompts.voice_en" in findings[0].advice


def test_a_voice_command_that_writes_nothing_fails(tmp_path: Path) -> None:
    findings = list(check_voices(settings(tmp_path, COMPTOIR_PROMPTS_COMMAND="true")))

    assert {finding.found for finding in findings} == {"the command wrote no sound"}


def test_too_little_room_for_recordings_fails(tmp_path: Path) -> None:
    findings = {f.subject: f for f in check_machine(settings(tmp_path, COMPTOIR_RECORDING_MIN_FREE="900 TB"))}

    assert findings["state directory"].verdict is Verdict.OK
    assert findings["recordings"].verdict is Verdict.FAILURE
    assert "recording.directory" in findings["recordings"].advice
