"""One reactor thread for all tests of the edge over real sockets."""

from collections.abc import Iterator

import pytest

from tests.integration.sip.edge_lab import Lab, ReactorThread, running


@pytest.fixture(scope="session")
def reactor_thread() -> Iterator[ReactorThread]:
    thread = ReactorThread()
    yield thread
    thread.stop()


@pytest.fixture
def lab(reactor_thread: ReactorThread) -> Iterator[Lab]:
    with running(reactor_thread) as made:
        yield made
