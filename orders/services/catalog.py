"""The products for sale."""

from orders.errors import ProductNotFound
from orders.model.product import Product
from orders.ports import UnitOfWork


def list_products(uow: UnitOfWork, limit: int = 100, offset: int = 0) -> tuple[Product, ...]:
    """The shop's own products, ordered by SKU."""
    with uow:
        return uow.products.list(limit, offset)


def search_products(uow: UnitOfWork, text: str, limit: int = 20) -> tuple[Product, ...]:
    """The shop's own products with every word of the text in their SKU or a name; none for a blank text."""
    if not text.strip():
        return ()
    with uow:
        return uow.products.search(text, limit)


def known_product(uow: UnitOfWork, product_id: str) -> Product:
    """The shop's own product with this id, within a unit of work that was entered.

    Raises:
        ProductNotFound: there is none.
    """
    product = uow.products.get(product_id)
    if product is None or product.site:
        raise ProductNotFound(f"no product has the id {product_id}")
    return product
