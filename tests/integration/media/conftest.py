"""A media stack and two phones in processes of their own, shared by the tests of one module."""

from collections.abc import Iterator

import pytest

from tests import audio
from tests.browser_media.browser import MICROPHONE, BrowserPhones
from tests.browser_media.relay import Relay
from tests.mediabox import MediaBox
from tests.phone import Phone
from tests.talk import Conversation


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    """Media settings of the module; a module may have its own."""
    return {}


@pytest.fixture(scope="module")
def box(settings: dict[str, object]) -> Iterator[MediaBox]:
    with MediaBox(**settings) as running:
        yield running


@pytest.fixture(scope="module")
def alice() -> Iterator[Phone]:
    with Phone(username="alice", through_server=False) as phone:
        yield phone


@pytest.fixture(scope="module")
def bob() -> Iterator[Phone]:
    with Phone(username="bob", through_server=False, auto_answer=0.05) as phone:
        yield phone


@pytest.fixture(autouse=True)
def _nothing_is_left(box: MediaBox, alice: Phone, bob: Phone) -> Iterator[None]:
    """After each test everybody hangs up, and nothing may remain in the media stack."""
    yield
    for phone in (alice, bob):
        phone.do("hang_up_all")
    box.do("hang_up_all")
    assert box.empty(), box.do("leftovers")
    for one in (box, alice, bob):
        one.events.clear()


@pytest.fixture(scope="module")
def relay(box: MediaBox) -> Iterator[Relay]:
    """What brings browsers' SIP to the media stack."""
    with Relay(box.ports["webrtc"]) as running:
        yield running


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPhones]:
    """Telephones in Chromium, whose microphone hears a tone."""
    work = tmp_path_factory.mktemp("browser")
    microphone = audio.write_tone(work / "microphone.wav", MICROPHONE, 4.0, rate=48000)
    with BrowserPhones(work, microphone) as running:
        yield running


@pytest.fixture
def conversation(box: MediaBox, alice: Phone, bob: Phone) -> Conversation:
    return Conversation(box, alice, bob)
