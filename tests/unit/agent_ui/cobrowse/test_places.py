"""The viewer's origin, and who may embed it."""

import pytest

from agent_ui.cobrowse.errors import BadTicket
from agent_ui.cobrowse.places import VIEWER, Places, View
from agent_ui.cobrowse.viewing import viewer_policy
from config.settings import WebSettings


def places(**settings: str) -> Places:
    return Places(WebSettings(**settings), "secret")  # type: ignore[arg-type]


def test_on_one_machine_the_viewer_is_on_the_same_host_with_another_port() -> None:
    for page, viewer in (
        ("http://127.0.0.1:8000/desk", "http://127.0.0.1:8001"),
        ("http://localhost:8000/", "http://localhost:8001"),
        ("http://[::1]:8000/", "http://[::1]:8001"),
        ("https://desk.example/", "https://desk.example:8001"),
    ):
        assert places().viewer(page) == viewer
        assert places().own(viewer + "/x") == viewer


def test_behind_a_proxy_the_settings_say_where_it_is() -> None:
    proxied = places(public_url="https://desk.example/", viewer_url="https://mirror.example/")
    assert proxied.viewer("http://10.0.0.7:8000/") == "https://mirror.example"
    assert proxied.own("http://10.0.0.7:8001/") == "https://mirror.example"


@pytest.mark.parametrize(
    ("origin", "desk"),
    [
        ("", "https://desk.example"),
        ("https://desk.example", "https://desk.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://stranger.example", "https://desk.example"),
        ("null", "https://desk.example"),
    ],
)
def test_only_the_desks_own_origins_may_embed_it(origin: str, desk: str) -> None:
    assert places(public_url="https://desk.example").desk("http://127.0.0.1:8000/api", origin) == desk


def test_a_strange_host_is_in_no_policy() -> None:
    for page in ("http://a;b:8000/", "http://a b/", "http://*/", "http://'x'/", "http://a@b/"):
        assert places().desk(page) == ""
        assert places().viewer(page) in ("http://localhost:8001", "http://b:8001")
    assert "frame-ancestors 'none'" in viewer_policy((), "")


def test_an_address_says_what_it_is_for_and_cannot_be_made_by_others() -> None:
    view = View("shop", "https://desk.example", "pt")
    address = places().address("https://desk.example/", view)
    origin, _, signed = address.partition(f"{VIEWER}/")
    assert origin == "https://desk.example:8001"
    assert places().read(signed) == view
    for forged in ("", "x.y", signed[:-2], Places(WebSettings(), "another").address("http://x/", view)):
        with pytest.raises(BadTicket):
            places().read(forged)


def test_the_viewers_policy_names_the_site_and_the_desk_and_nobody_else() -> None:
    policy = dict(
        part.split(" ", 1)
        for part in viewer_policy({"https://b.example", "https://a.example"}, "https://desk.example").split(
            "; "
        )
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self' 'unsafe-inline' https://a.example https://b.example",
        "img-src": "data: blob: https://a.example https://b.example",
        "font-src": "data: https://a.example https://b.example",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "https://desk.example",
        "sandbox": "allow-scripts allow-same-origin",
    }
