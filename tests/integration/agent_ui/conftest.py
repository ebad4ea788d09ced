"""Fixtures of the pages' integration tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages_lab import PagesLab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[PagesLab]:
    """The pages, with nobody who may sign in yet."""
    made = PagesLab(tmp_path)
    yield made
    made.stop()
