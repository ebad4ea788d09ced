"""A small shop in memory."""

import pytest

from orders.adapters.memory import MemoryUnitOfWork, Shop
from orders.adapters.numbers import PhoneNumberParser
from orders.events import ShopEvent
from tests.shop import a_customer, a_product


@pytest.fixture
def published() -> list[ShopEvent]:
    return []


@pytest.fixture
def uow(published: list[ShopEvent]) -> MemoryUnitOfWork:
    """Ana's shop: she is its customer, and it sells ten mugs and ten lamps."""
    uow = MemoryUnitOfWork(Shop(), published.append)
    with uow:
        uow.customers.save(a_customer("ana"))
        uow.products.save(a_product("mug", 1_250))
        uow.products.save(a_product("lamp", 2_000))
        uow.commit()
    return uow


@pytest.fixture
def numbers() -> PhoneNumberParser:
    return PhoneNumberParser()
