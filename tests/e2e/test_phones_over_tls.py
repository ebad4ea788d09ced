"""A desk phone over TLS with encrypted audio, beside one that knows neither, on the real telephone system."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab import Lab

from tests import audio
from tests.phone import Phone


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab() as lab:
        lab.start_pbx()
        yield lab


@pytest.fixture
def alice(lab: Lab) -> Iterator[Phone]:
    with Phone(
        username="alice",
        password=lab.passwords["alice"],
        server=f"127.0.0.1:{lab.tls_port}",
        transport="tls",
        profile="secure",
        register=True,
        rtp_start=44000,
    ) as phone:
        phone.wait("registered", status=200)
        yield phone


def test_colleagues_talk_over_tls_and_without(lab: Lab, alice: Phone, tmp_path: Path) -> None:
    benoit = lab.agent_phone("benoit", rtp_start=44400)
    ours = benoit.call(f"sip:alice@{lab.server}")
    theirs = int(alice.wait("incoming")["call"])
    alice.answer(theirs)
    benoit.wait("media", call=ours, active=True)
    alice.wait("media", call=theirs, active=True)
    benoit.tone(ours, 440)
    alice.tone(theirs, 1000)
    benoit.record(ours, tmp_path / "benoit.wav")
    alice.hear(theirs, tmp_path / "alice.wav", 1.5)
    benoit.record_stop(ours)
    assert audio.tone_level(tmp_path / "alice.wav", 440, 0.6, 1.4) == pytest.approx(-12, abs=3)
    assert audio.tone_level(tmp_path / "benoit.wav", 1000, 0.6, 1.4) == pytest.approx(-12, abs=3)
    alice.hang_up(theirs)
    benoit.wait("ended", call=ours)


def test_a_phone_over_tls_hears_the_shops_menu(lab: Lab, alice: Phone, tmp_path: Path) -> None:
    call = alice.call(f"sip:4000@127.0.0.1:{lab.tls_port}")
    alice.wait("answered", call=call)
    heard = alice.hear(call, tmp_path / "menu.wav", 4.0)
    assert audio.speech_seconds(heard) > 1.5
    alice.hang_up(call)


def test_a_phone_over_tls_that_does_not_encrypt_is_refused(lab: Lab) -> None:
    """Whoever listens on the way to it would hear what TLS was to hide."""
    with Phone(
        username="alice", password=lab.passwords["alice"], server=f"127.0.0.1:{lab.tls_port}", transport="tls"
    ) as plain:
        call = plain.call(f"sip:4000@127.0.0.1:{lab.tls_port}")
        assert plain.wait("ended", call=call)["status"] == 488
