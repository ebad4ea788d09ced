"""Fixtures of all integration tests."""

from tests.postgres import new_postgres_database, postgres_server, postgres_url

__all__ = ["new_postgres_database", "postgres_server", "postgres_url"]
