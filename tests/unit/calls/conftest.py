"""A center on fakes for every test here; see center_world."""

import pytest
from center_world import World

from ivr.speech.catalogue import Catalogue, shipped_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture
def world(catalogue: Catalogue) -> World:
    return World(catalogue)
