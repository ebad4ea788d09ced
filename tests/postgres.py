"""A real PostgreSQL for the tests: Debian's server, in a directory of its own, on a Unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_TRUSTED = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


class PostgresServer:
    """One server, which tests may freeze, stop and start again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._programs = _programs()
        self._data = home / "data"
        _run([str(self._programs / "initdb"), "-D", str(self._data), *_TRUSTED], home)

    def start(self) -> None:
        """Start and wait until it answers."""
        options = f"{_FAST} -c unix_socket_directories={self.home}"
        self._control("start", "-l", str(self.home / "log"), "-o", options)

    def stop(self) -> None:
        """Stop at once, as in a power cut; a frozen server wakes only to die."""
        for process in self._processes():
            os.kill(process, signal.SIGCONT)
        self._control("stop", "-m", "immediate")

    def freeze(self) -> None:
        """Keep every connection, answer nothing."""
        for process in self._processes():
            os.kill(process, signal.SIGSTOP)

    def new_database(self) -> str:
        """Make an empty database; its SQLAlchemy URL."""
        name = f"test_{uuid4().hex}"
        administrator = f"host={self.home} user=postgres dbname=postgres"
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(f'create database "{name}"')
        return f"postgresql+psycopg://postgres@/{name}?host={self.home}"

    def _control(self, verb: str, *options: str) -> None:
        _run([str(self._programs / "pg_ctl"), "-D", str(self._data), "-w", *options, verb], self.home)

    def _processes(self) -> list[int]:
        """The server's own process and its children."""
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]


@contextmanager
def run_server() -> Iterator[PostgresServer]:
    """A server that runs until the block is left; without binaries an error."""
    home = Path(tempfile.mkdtemp(prefix="comptoir-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    try:
        server = PostgresServer(home)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server that lives as long as the session."""
    with run_server() as server:
        yield server


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: PostgresServer) -> Callable[[], str]:
    """Makes an empty database and returns its SQLAlchemy URL."""
    return postgres_server.new_database


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
