"""The migrations, up and down, on both databases."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from config.database import create_engine_for, metadata, session_factory
from config.migrating import upgrade
from config.settings import DatabaseSettings

MIGRATIONS = Path(__file__).parents[3] / "migrations"
TABLES = ("orders.adapters.tables", "pbx.tables", "agent_ui.tables", "agent_ui.shop.tables")


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'shop.db'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def tables(connection: Connection) -> dict[str, set[str]]:
    """The columns of each table."""
    found = inspect(connection)
    return {
        table: {column["name"] for column in found.get_columns(table)}
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def revisions() -> list[str]:
    script = ScriptDirectory(str(MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_the_history_is_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert len(script.get_heads()) == 1
    assert revisions()[0] == "0001"


def test_the_migrated_schema_is_what_the_tables_say(connection: Connection) -> None:
    for module in TABLES:
        import_module(module)

    command.upgrade(alembic(connection), "head")

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []


def test_every_step_down_removes_what_its_step_up_made(connection: Connection) -> None:
    for revision in revisions():
        before = tables(connection)
        command.upgrade(alembic(connection), revision)
        assert tables(connection) != before
        command.downgrade(alembic(connection), "-1")
        assert tables(connection) == before
        command.upgrade(alembic(connection), revision)


def test_going_down_to_nothing_leaves_nothing_and_up_again_works(connection: Connection) -> None:
    command.upgrade(alembic(connection), "head")
    everything = tables(connection)

    command.downgrade(alembic(connection), "base")
    left = tables(connection)
    command.upgrade(alembic(connection), "head")

    assert left == {}
    assert tables(connection) == everything


def test_what_is_stored_outlives_a_table_that_is_replaced(
    request: pytest.FixtureRequest, connection: Connection
) -> None:
    """SQLite replaces a table to change a constraint; rows that refer to it must not go with the old one."""
    command.upgrade(alembic(connection), "0004")
    for statement in BEFORE_CONNECTORS:
        connection.execute(text(statement))
    connection.commit()
    url = connection.engine.url.render_as_string(hide_password=False)

    engine = create_engine_for(DatabaseSettings(url=url))
    upgrade(engine)

    with session_factory(engine)() as session:
        counts = [
            session.execute(text(f"select count(*) from {name}")).scalar_one()
            for name in ("product", "cart", "cart_line", "shop_order", "order_line")
        ]
        found = session.execute(text("select search_text from product")).scalar_one()
        enforced = (
            engine.dialect.name != "sqlite" or session.execute(text("pragma foreign_keys")).scalar_one()
        )
    engine.dispose()
    assert counts == [1, 1, 1, 1, 1]
    assert found == "kit-101 mug tasse emaillee caneca"
    assert enforced


def test_imported_products_become_their_shops(connection: Connection) -> None:
    command.upgrade(alembic(connection), "0009")
    ids = {
        "mug": "KIT-101",
        "atelier:p7": "KIT-101@atelier",
        "atelier:p9": "TAB@atelier",
        "atelier:p8": "TAB",
        "papel:p7": "CAR-7",
    }
    for id_, sku in ids.items():
        connection.execute(
            text(
                "insert into product (id, sku, name, search_text, price_minor, currency, stock)"
                " values (:id, :sku, '{}', '', 100, 'EUR', 5)"
            ),
            {"id": id_, "sku": sku},
        )
    connection.commit()

    command.upgrade(alembic(connection), "0010")
    found = set(connection.execute(text("select id, sku, site from product")).all())
    command.downgrade(alembic(connection), "0009")
    before = dict(connection.execute(text("select id, sku from product")).all())

    assert found == {
        ("mug", "KIT-101", ""),
        ("atelier:p7", "KIT-101", "atelier"),
        ("atelier:p8", "TAB", "atelier"),
        ("atelier:p9", "atelier:p9", "atelier"),
        ("papel:p7", "CAR-7", "papel"),
    }
    assert before == {id_: f"{sku}@{site}" if site else sku for id_, sku, site in found}


BEFORE_CONNECTORS = (
    "insert into customer (id, name, email, search_text, language, street, postal_code, city, country)"
    " values ('ana', 'Ana', 'ana@example.com', 'ana', 'pt', 'Rua 1', '1200-195', 'Lisboa', 'PT')",
    "insert into product (id, sku, name, price_minor, currency, stock) values ('mug', 'KIT-101',"
    """ '{"en": "Mug", "fr": "Tasse \u00e9maill\u00e9e", "pt": "Caneca"}', 1290, 'EUR', 5)""",
    "insert into cart (id, customer_id, currency, updated_at, checkout_step, state, version)"
    " values ('cart', 'ana', 'EUR', '2026-01-01 00:00:00', 'cart', 'open', 1)",
    "insert into cart_line (cart_id, product_id, position, quantity, unit_price_minor)"
    " values ('cart', 'mug', 0, 2, 1290)",
    "insert into shop_order (id, number, customer_id, client_key, placed_at, state, ship_street,"
    " ship_postal_code, ship_city, ship_country, currency, subtotal_minor, discount_minor, shipping_minor,"
    " tax_minor, total_minor, version) values ('order', '2001018', 'ana', 'key', '2026-01-01 00:00:00',"
    " 'placed', 'Rua 1', '1200-195', 'Lisboa', 'PT', 'EUR', 1290, 0, 0, 0, 1290, 1)",
    "insert into order_line (order_id, product_id, position, sku, name, quantity, unit_price_minor)"
    " values ('order', 'mug', 0, 'KIT-101', '{}', 1, 1290)",
)
