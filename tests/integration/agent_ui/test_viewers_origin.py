"""The viewer behind a TLS proxy: the addresses of the settings, and no other, in every policy."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages_lab import PagesLab

from agent_ui.cobrowse.places import View
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.site import Site, SiteNumber

DESK, MIRROR, SHOP = "https://desk.example", "https://mirror.example", "https://shop.example"
PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[PagesLab]:
    made = PagesLab(tmp_path, public_url=DESK, viewer_url=MIRROR, trusted_proxies=1)
    number = (SiteNumber("en", "+3310000"),)
    with SqlUnitOfWork(made.sessions) as uow:
        uow.sites.save(Site("shop", "key", "Shop", (SHOP,), number, "sales", "FR", "s" * 32))
        uow.commit()
    yield made
    made.stop()


def policy(header: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in header.split("; "))


def test_the_desk_embeds_the_public_viewer_and_nothing_else(lab: PagesLab) -> None:
    page = lab.signed_in("alice").client.get("/desk", headers={**PROXY, "X-Forwarded-Host": "desk.example"})
    assert policy(page.headers["Content-Security-Policy"])["frame-src"] == MIRROR


def test_only_the_public_desk_embeds_the_viewer_which_loads_the_shops_pictures(lab: PagesLab) -> None:
    address = lab.web.cobrowse.parts.places.address("http://10.0.0.7:8000/api", View("shop", DESK, "pt"))
    assert address.startswith(f"{MIRROR}/cobrowse/v1/viewer/")
    forwarded = {**PROXY, "X-Forwarded-Host": "mirror.example"}
    answer = lab.web.viewer.test_client().get(urlsplit(address).path, headers=forwarded)
    told = policy(answer.headers["Content-Security-Policy"])
    assert told["frame-ancestors"] == DESK
    assert told["img-src"] == f"data: blob: {SHOP}"
    assert f'data-desk="{DESK}"' in answer.text
    assert '<html lang="pt"' in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("origin", [DESK, "https://evil.example", "null", "http://localhost", ""])
def test_only_the_viewers_own_pages_may_watch(lab: PagesLab, origin: str) -> None:
    asked = {**PROXY, "X-Forwarded-Host": "mirror.example", "Connection": "Upgrade", "Upgrade": "websocket"}
    client = lab.web.viewer.test_client()
    assert client.get("/cobrowse/v1/watch", headers={**asked, "Origin": origin}).status_code == 403
    # Let in, and then there is no socket to speak on in this test.
    assert client.get("/cobrowse/v1/watch", headers={**asked, "Origin": MIRROR}).status_code == 500
