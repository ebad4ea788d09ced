"""Each language says everything, and pictures exist for everything."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import agent_ui.shop
from agent_ui.shop.delivery import DELIVERIES
from agent_ui.shop.forms import RETURN_REASONS
from agent_ui.shop.news import SHOWN
from agent_ui.shop.pictures import picture
from agent_ui.shop.places import COUNTRIES
from agent_ui.shop.texts import shop_texts
from orders.adapters.demodata.catalog import _PRODUCTS
from orders.model.order_state import OrderState
from orders.model.text import LANGUAGES, Language

ROOT = Path(agent_ui.shop.__file__).parent
CATALOGUES = shop_texts().catalogues
VALUES = re.compile(r"\{\w+\}")


def used_keys() -> set[str]:
    """What templates and modules name in full."""
    text = "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*") if path.suffix in (".html", ".py"))
    areas = "|".join({key.partition(".")[0] for key in CATALOGUES["en"]})
    quoted = set(re.findall(rf'"((?:{areas})\.[a-z_.]+)"', text))
    endpoints = set(re.findall(r'(?:url_for|to)\(\s*["\'](\w+\.\w+)["\']', text))
    plurals = set(re.findall(r'count_text\("([\w.]+)"', text))
    return (quoted - endpoints - plurals - set(SHOWN)) | {
        f"{key}.{n}" for key in plurals for n in ("one", "many")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_with_the_same_values(language: Language) -> None:
    english, other = CATALOGUES["en"], CATALOGUES[language]

    assert other.keys() == english.keys()
    for key, text in english.items():
        assert text and other[key]
        assert sorted(VALUES.findall(other[key])) == sorted(VALUES.findall(text)), key


def test_every_text_that_is_named_exists() -> None:
    unfinished, columns = (".", "_"), {"cart.id", "customer.id"}

    named = {key for key in used_keys() if not key.endswith(unfinished)} - columns

    assert len(named) > 100
    assert named <= set(CATALOGUES["en"])


def test_every_value_that_is_shown_has_its_text() -> None:
    known = set(CATALOGUES["en"])

    assert {f"state.{state.value}" for state in OrderState} <= known
    assert {f"reason.{reason}" for reason in (*RETURN_REASONS, "undelivered")} <= known
    assert {f"country.{code}" for code in COUNTRIES} <= known
    assert {f"delivery.{code}" for code in DELIVERIES} <= known
    assert set(SHOWN.values()) <= known


@pytest.mark.parametrize("sku", [row[0] for row in _PRODUCTS])
def test_every_product_of_the_demonstration_has_a_picture(sku: str) -> None:
    drawn = picture(sku)

    assert drawn is not None
    assert len(ElementTree.fromstring(drawn)) == 3


def test_nobody_has_drawn_an_unknown_product() -> None:
    assert picture("XXX-1") is None
