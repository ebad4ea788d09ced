"""Fixtures of the pages' unit tests."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

import agent_ui.tables  # the tables belong to the shared metadata once this is imported
from agent_ui.logins.passwords import Passwords
from config.database import create_engine_for, metadata, session_factory
from config.settings import DatabaseSettings


@pytest.fixture
def passwords() -> Passwords:
    """Hashes that cost little."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def session() -> Iterator[Session]:
    """A transaction on an empty database."""
    engine = create_engine_for(DatabaseSettings(url="sqlite://"))
    metadata.create_all(engine, tables=[agent_ui.tables.login, *_dependents()])
    with session_factory(engine).begin() as session:
        yield session
    engine.dispose()


def _dependents() -> list[object]:
    return [agent_ui.tables.login_session, agent_ui.tables.login_audit]
