"""A real PostgreSQL for the tests: Debian's server, in a directory of its own, on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_TRUSTED = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


@pytest.fixture(scope="session")
def postgres_directory() -> Iterator[Path]:
    """The socket directory of a server that lives as long as the session; without binaries an error."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="comptoir-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    data = str(home / "data")
    try:
        _run([str(programs / "initdb"), "-D", data, *_TRUSTED], home)
        options = f"{_FAST} -c unix_socket_directories={home}"
        start = [str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start"]
        _run(start, home)
        yield home
        _run([str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"], home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres_database(postgres_directory: Path) -> Callable[[], str]:
    """Makes an empty database and returns its SQLAlchemy URL."""

    def make() -> str:
        name = f"test_{uuid4().hex}"
        administrator = f"host={postgres_directory} user=postgres dbname=postgres"
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(f'create database "{name}"')
        return f"postgresql+psycopg://postgres@/{name}?host={postgres_directory}"

    return make


@pytest.fixture
def postgres_url(new_postgres_database: Callable[[], str]) -> str:
    """The URL of an empty database of the test's own."""
    return new_postgres_database()


def _programs() -> Path:
    """Where initdb and pg_ctl are, of the newest version installed."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        pytest.fail("PostgreSQL's server is missing: apt-get install postgresql", pytrace=False)
    return Path(found).parent


def _run(command: list[str], home: Path) -> None:
    """Run a server program, as the user postgres if we are root: PostgreSQL refuses to run as root."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # The server inherits the output, so that a pipe would stay open until it ends.
    with (home / "programs.log").open("a+") as log:
        done = subprocess.run([*as_postgres, *command], cwd=home, stdout=log, stderr=log, check=False)
        log.seek(0)
        assert done.returncode == 0, f"{command[0]} failed: {log.read()}"
