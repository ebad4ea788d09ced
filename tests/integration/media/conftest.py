"""A media stack and two phones in processes of their own, shared by the tests of one module."""

from collections.abc import Iterator

import pytest

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


@pytest.fixture
def conversation(box: MediaBox, alice: Phone, bob: Phone) -> Conversation:
    return Conversation(box, alice, bob)
