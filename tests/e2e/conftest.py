"""One installation for all tests of a module; the demonstration is loaded once for the session and copied."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Lab

from tests.postgres import new_postgres_database, postgres_server

__all__ = ["new_postgres_database", "postgres_server"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """An installation that is never started: others copy its state."""
    lab = Lab(tmp_path_factory.mktemp("installed"))
    lab.install()
    return lab


@pytest.fixture(scope="session")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of spoken prompts for all, so that each is rendered once."""
    return tmp_path_factory.mktemp("prompts")


@pytest.fixture(scope="session")
def new_lab(installed: Lab, prompts: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Lab]:
    """Makes an installation with the demonstration, on SQLite or on a database of its own."""

    def make(database: str = "", **settings: Any) -> Lab:
        settings.setdefault("prompts", {})["cache_dir"] = str(prompts)
        lab = Lab(tmp_path_factory.mktemp("lab"), database, **settings)
        if database:
            lab.install()
        else:
            shutil.copytree(installed.state, lab.state)
            lab.passwords, lab.logins = installed.passwords, installed.logins
            lab.customers = installed.customers
        return lab

    return make


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    """A telephone system that runs for the module's tests."""
    with new_lab() as lab:
        lab.start_pbx()
        yield lab
