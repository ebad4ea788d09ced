"""One contract for the stores of registrations: in memory, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from twisted.internet.defer import ensureDeferred

from config.database import metadata
from pbx.errors import DatabaseAway
from pbx.sip.registration_sql import SqlRegistrationStore
from pbx.sip.registration_store import MemoryRegistrationStore, Put, Registration, RegistrationStore, Remove
from pbx.tables import registration

MOMENT = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)
ANA = Registration(
    id="a" * 32,
    username="ana",
    contact_uri="sip:ana@[2001:db8::1]:5060;transport=tcp",
    call_id="call",
    cseq=2**31 - 1,
    transport="TCP",
    source_host="2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    source_port=65535,
    local="[2001:db8::1]:5060",
    registered_at=MOMENT,
    expires_at=MOMENT + timedelta(seconds=600),
    instance="<urn:uuid:1>|1",
    q=0.5,
    user_agent="téléphone",
    connection=42,
)


async def at_once(work: Callable[[], Any]) -> Any:
    return work()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RegistrationStore]:
    if request.param == "memory":
        yield MemoryRegistrationStore()
        return
    url = f"sqlite:///{tmp_path}/edge.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    engine = create_engine(url)
    metadata.create_all(engine, tables=[registration])
    yield SqlRegistrationStore(engine, at_once)
    engine.dispose()


def run(coroutine: Any) -> Any:
    outcome: list[Any] = []
    ensureDeferred(coroutine).addBoth(outcome.append)
    return outcome[0]


def stored(store: RegistrationStore) -> set[Registration]:
    return {replace(one, connection=0) for one in run(store.load())}


def test_an_empty_store_has_nothing(store: RegistrationStore) -> None:
    assert run(store.load()) == ()


def test_what_is_put_is_loaded_with_every_value_but_the_connection(store: RegistrationStore) -> None:
    assert run(store.apply((Put(ANA),))) is None
    assert stored(store) == {replace(ANA, connection=0)}


def test_putting_again_replaces_and_repeating_is_harmless(store: RegistrationStore) -> None:
    newer = replace(ANA, cseq=3, connection=0)
    for _ in range(2):
        run(store.apply((Put(ANA), Put(newer))))
    assert stored(store) == {newer}


def test_changes_are_made_in_order_and_removing_what_is_gone_is_harmless(store: RegistrationStore) -> None:
    other = replace(ANA, id="b" * 32, username="bea", connection=0)
    run(store.apply((Put(ANA), Put(other), Remove(ANA.id), Remove("never there"))))
    assert stored(store) == {other}


def test_a_database_that_is_away_says_so(tmp_path: Path) -> None:
    gone = SqlRegistrationStore(create_engine(f"sqlite:///{tmp_path}/missing/edge.db"), at_once)
    assert run(gone.load()).check(DatabaseAway)
    assert run(gone.apply((Put(ANA),))).check(DatabaseAway)
