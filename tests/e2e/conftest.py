"""One installation for all tests of a module; the demonstration is loaded once for the session and copied."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Events, Lab
from playwright.sync_api import Playwright, sync_playwright
from shop_page import ShopPages
from widget_customer import Customer, Customers

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
def playwright() -> Iterator[Playwright]:
    """One for the module: browsers are started by whoever needs them."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def customers(
    playwright: Playwright, shop: ShopPages, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Customers]:
    """Those in the pages of the module's `shop`."""
    with Customers(playwright, shop, tmp_path_factory.mktemp("customers")) as customers:
        yield customers


@pytest.fixture
def customer(customers: Customers) -> Iterator[Callable[..., Customer]]:
    """Makes a customer; all are gone after the test."""
    yield customers.visitor
    customers.go()


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    """A telephone system that runs for the module's tests."""
    with new_lab() as lab:
        lab.start_pbx()
        yield lab


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    """What happens from now on; nobody is available, and nothing of the test before goes on."""
    lab.settle()
    events = lab.events()
    yield events
    events.close()
