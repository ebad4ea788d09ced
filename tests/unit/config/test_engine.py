"""The engine that everybody uses."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from config.database import create_engine_for, database_url, session_factory
from config.settings import DatabaseSettings


def test_sqlite_gets_write_ahead_logging_foreign_keys_and_a_busy_timeout(tmp_path: Path) -> None:
    settings = DatabaseSettings(url=f"sqlite:///{tmp_path}/x.db", busy_timeout=3.5)

    with create_engine_for(settings).connect() as connection:
        pragmas = [
            connection.scalar(text(f"PRAGMA {p}")) for p in ("journal_mode", "foreign_keys", "busy_timeout")
        ]

    assert pragmas == ["wal", 1, 3500]


def test_a_broken_reference_is_refused_by_sqlite() -> None:
    engine = create_engine_for(DatabaseSettings(url="sqlite://"))

    with engine.connect() as connection:
        connection.execute(text("create table a (id integer primary key)"))
        connection.execute(text("create table b (a integer references a (id))"))
        with pytest.raises(IntegrityError):
            connection.execute(text("insert into b values (1)"))


def test_a_database_in_memory_is_the_same_one_on_every_connection() -> None:
    engine = create_engine_for(DatabaseSettings(url="sqlite://"))

    with engine.begin() as connection:
        connection.execute(text("create table a (id integer)"))
    with session_factory(engine)() as session:
        assert session.scalar(text("select count(*) from a")) == 0


def test_the_password_that_is_kept_apart_goes_into_the_url_and_is_not_shown() -> None:
    url = database_url(DatabaseSettings(url="postgresql+psycopg://shop@db/shop", password="s3cret"))

    assert url.password == "s3cret"
    assert "s3cret" not in str(url)


def test_what_fails_in_the_database_is_told_without_the_people_in_it(tmp_path: Path) -> None:
    engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{tmp_path}/d.db"))
    with engine.connect() as connection, pytest.raises(OperationalError) as failed:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "Rui Sá, Rua Nova 1"})
    engine.dispose()
    assert "nowhere" in str(failed.value)
    assert "Rui" not in str(failed.value)
