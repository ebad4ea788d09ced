"""Pages for the tests of co-browsing."""

import pytest
from unit.agent_ui.cobrowse.mirrored import PageMaker


@pytest.fixture
def page() -> PageMaker:
    return PageMaker()
