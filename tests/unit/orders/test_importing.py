"""What a connected shop's webhooks bring, while others work on the same records."""

import pytest

from orders.adapters.memory import MemoryUnitOfWork
from orders.connectors.model import Connector
from orders.connectors.port import Delivery, ProductChanged
from orders.errors import Conflict
from orders.services.importing import take_delivery
from tests.shop import NOW, Contended, a_product

SITE = "atelier"
DELIVERY = Delivery("d1", (ProductChanged(NOW, a_product("atelier:p1")),))


@pytest.fixture(autouse=True)
def connected(uow: MemoryUnitOfWork) -> None:
    with uow:
        uow.connectors.save(Connector(SITE, "woocommerce", "https://shop.example", {}, "fr", "FR"))
        uow.commit()


def test_a_delivery_that_met_another_change_is_taken_in_nevertheless(uow: MemoryUnitOfWork) -> None:
    assert take_delivery(Contended(uow.shop, losses=2), SITE, DELIVERY, NOW) == 1
    assert "atelier:p1" in uow.shop.products


def test_a_delivery_that_could_not_be_taken_is_taken_when_it_comes_again(uow: MemoryUnitOfWork) -> None:
    with pytest.raises(Conflict):
        take_delivery(Contended(uow.shop, losses=3), SITE, DELIVERY, NOW)

    assert "atelier:p1" not in uow.shop.products
    assert take_delivery(uow, SITE, DELIVERY, NOW) == 1
    assert take_delivery(uow, SITE, DELIVERY, NOW) == 0
