from dataclasses import replace

import pytest

from agent_ui.shop.catalogue import PAGE_SIZE, Found, Wanted, category_of, featured, find, related
from orders.adapters.demodata.catalog import _PRODUCTS
from orders.model.money import Money
from orders.model.product import Product
from orders.model.text import LocalizedText

PRODUCTS = tuple(
    Product(sku, sku, LocalizedText(en, fr, pt), Money(price, "EUR"), 0 if sku == "KIT-101" else 9)
    for sku, en, fr, pt, price in _PRODUCTS
)


def found(wanted: Wanted, language: str = "en") -> Found:
    return find(PRODUCTS, wanted, language, lambda product: category_of(product))  # type: ignore[arg-type]


def skus(wanted: Wanted, language: str = "en") -> list[str]:
    return [product.sku for product in found(wanted, language).products]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("moka", "KIT-110"),
        ("THÉIÈRE", "KIT-112"),
        ("theiere", "KIT-112"),
        ("bule de cha", "KIT-112"),
        ("poele fonte", "KIT-105"),
        ("fonte poêle", "KIT-105"),
        ("gar-408", "GAR-408"),
        ("lantern garden", "GAR-409"),
    ],
)
def test_words_of_any_language_find_a_product_without_regard_to_accents(text: str, sku: str) -> None:
    assert skus(Wanted(text=text)) == [sku]


def test_every_word_must_fit() -> None:
    assert skus(Wanted(text="moka lamp")) == []


def test_a_search_is_narrowed_by_category_price_and_stock() -> None:
    kitchen = found(Wanted(category="kitchen"))
    cheap = found(Wanted(category="kitchen", band="low", sort="cheap"))

    assert kitchen.count == 15
    assert all(product.price.minor < 2_500 for product in cheap.products)
    assert "KIT-101" in skus(Wanted(category="kitchen", band="low"))
    assert "KIT-101" not in skus(Wanted(category="kitchen", band="low", in_stock=True))


def test_the_bands_together_are_everything() -> None:
    counts = [found(Wanted(band=band)).count for band in ("low", "middle", "high")]  # type: ignore[arg-type]

    assert sum(counts) == len(PRODUCTS)


def test_sorting_by_name_is_of_the_readers_language() -> None:
    english = [product.name.en for product in found(Wanted(sort="name")).products]
    french = [product.name.fr for product in found(Wanted(sort="name"), "fr").products]

    assert english == sorted(english)
    assert french[0] == "Agenda hebdomadaire"


def test_sorting_by_price_goes_both_ways() -> None:
    up = [product.price.minor for product in found(Wanted(sort="cheap")).products]
    down = [product.price.minor for product in found(Wanted(sort="dear")).products]

    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert up[0] < down[0]


def test_pages_show_each_product_once_and_a_page_beyond_the_last_is_the_last() -> None:
    first = found(Wanted())
    shown = [sku for page in range(1, first.pages + 1) for sku in skus(Wanted(page=page))]

    assert len(first.products) == PAGE_SIZE
    assert sorted(shown) == sorted(product.sku for product in PRODUCTS)
    assert found(Wanted(page=99)).page == first.pages
    assert found(Wanted(page=-5)).page == 1


def test_related_products_are_others_of_the_same_category() -> None:
    last = next(product for product in PRODUCTS if product.sku == "GAR-409")

    assert [product.sku for product in related(PRODUCTS, last)] == [
        "GAR-401",
        "GAR-402",
        "GAR-403",
        "GAR-404",
    ]


def test_another_catalogue_has_its_own_first_page() -> None:
    foreign = tuple(replace(product, sku=f"X-{n}") for n, product in enumerate(PRODUCTS))

    assert featured(foreign)[0].sku == "X-0"
    assert featured(PRODUCTS)[0].sku == "HOM-204"
