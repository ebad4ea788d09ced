"""Fixtures of all integration tests."""

from tests.postgres import new_postgres_database, postgres_server, postgres_url
from tests.records import postgresql_records, records, sqlite_records

__all__ = [
    "new_postgres_database",
    "postgres_server",
    "postgres_url",
    "postgresql_records",
    "records",
    "sqlite_records",
]
