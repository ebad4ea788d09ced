import pytest

from orders.errors import ProductNotFound
from orders.ports import UnitOfWork
from orders.services.catalog import known_product, list_products
from tests.shop import a_product


def test_products_are_listed_by_sku_page_by_page(uow: UnitOfWork) -> None:
    assert [product.id for product in list_products(uow)] == ["lamp", "mug"]
    assert [product.id for product in list_products(uow, limit=1, offset=1)] == ["mug"]


def test_a_product_is_known_by_id_or_it_is_an_error(uow: UnitOfWork) -> None:
    with uow:
        uow.products.save(a_product("atelier:p1", site="atelier"))
        assert known_product(uow, "mug") == a_product("mug")
        for stranger in ("sofa", "atelier:p1"):
            with pytest.raises(ProductNotFound):
                known_product(uow, stranger)
