"""What the tests of the call flows share."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ivr.codec import load
from ivr.events import Started
from ivr.model import Flow
from ivr.speech.catalogue import Catalogue, shipped_catalogue

FlowMaker = Callable[..., Flow]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture
def flow_of() -> FlowMaker:
    """Builds a flow from its nodes; the first one is the start."""

    def build(nodes: Mapping[str, Any], **fields: Any) -> Flow:
        document = {
            "id": "test",
            "version": 1,
            "name": "Test",
            "languages": ["en"],
            "start": next(iter(nodes)),
        }
        return load(document | fields | {"nodes": nodes})

    return build


@pytest.fixture
def started() -> Started:
    return Started("+33123456789", "+33987654321", datetime(2026, 11, 21, 12, tzinfo=UTC))
