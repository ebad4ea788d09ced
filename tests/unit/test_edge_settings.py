"""What the configuration tells the SIP edge about TLS, WebSocket and who may use it."""

import time
from dataclasses import replace

import pytest

from config.addresses import reachable_hosts
from config.settings import Settings, ShopSettings, SipSettings, WebrtcSettings, WebSettings
from pbx.contract.browser_token import BrowserIdentity, TokenRefused, issue
from pbx.settings import edge_settings, origins, own_origins, token_reader


def settings(**sections: object) -> Settings:
    return replace(Settings(), **sections)  # type: ignore[arg-type]


def transports(sip: SipSettings) -> list[tuple[str, int, str]]:
    return [(one.transport, one.port, one.profile) for one in edge_settings(settings(sip=sip)).listen]


def test_every_transport_has_its_port_and_its_kind_of_audio() -> None:
    assert transports(SipSettings(listen=("127.0.0.1",))) == [
        ("UDP", 5060, "plain"), ("TCP", 5060, "plain"), ("TLS", 5061, "secure"),
        ("WS", 8088, "webrtc"), ("WSS", 8444, "webrtc"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tls", "ws", "extra", "certificate"),
    [
        (False, False, [], False),
        (True, False, ["TLS"], True),
        (False, True, ["WS", "WSS"], True),
    ],
)
def test_what_is_switched_off_is_not_listened_on(
    tls: bool, ws: bool, extra: list[str], certificate: bool
) -> None:
    sip = SipSettings(listen=("127.0.0.1",), tls=tls, ws=ws)
    assert [one[0] for one in transports(sip)] == ["UDP", "TCP", *extra]
    assert (edge_settings(settings(sip=sip)).tls is not None) is certificate


def test_without_a_list_browsers_may_name_literals_and_the_hosts_of_our_urls() -> None:
    told = edge_settings(
        settings(
            sip=SipSettings(advertised_address="SIP.example.com"),
            web=WebSettings(public_url="https://Desk.example.com/"),
            webrtc=WebrtcSettings(ws_url="wss://pbx.example.com/sip"),
        )
    ).websocket
    assert told.hosts == {"localhost", "sip.example.com", "desk.example.com", "pbx.example.com"}
    assert told.literal_hosts
    assert told.authorization_server == "https://Desk.example.com/"


def test_a_list_of_hosts_is_all_that_browsers_may_name() -> None:
    told = edge_settings(settings(sip=SipSettings(ws_hosts=("PBX.example.com",)))).websocket
    assert told.hosts == {"pbx.example.com"} and not told.literal_hosts


def test_our_own_pages_and_the_shop_may_connect() -> None:
    own = own_origins(
        settings(
            sip=SipSettings(ws_origins=("https://other.example",)),
            web=WebSettings(public_url="https://desk.example.com"),
            shop=ShopSettings(public_url="https://shop.example.com"),
        )
    )
    assert own == {
        "http://127.0.0.1:8000", "http://localhost:8000", "http://127.0.0.1:8010", "http://localhost:8010",
        "https://desk.example.com", "https://shop.example.com", "https://other.example",
    }  # fmt: skip
    assert "http://localhost:8010" not in own_origins(settings(shop=ShopSettings(enabled=False)))


@pytest.mark.parametrize(
    ("listen", "origin"),
    [("192.0.2.7", "http://192.0.2.7:8000"), ("::1", "http://[::1]:8000"), ("desk", "http://desk:8000")],
)
def test_pages_on_another_address_may_connect_from_there(listen: str, origin: str) -> None:
    assert origin in own_origins(settings(web=WebSettings(listen=listen)))


def test_pages_on_every_address_may_connect_from_this_machine_s_own() -> None:
    own = own_origins(settings(web=WebSettings(listen="0.0.0.0"), shop=ShopSettings(enabled=False)))
    assert {f"http://{host}:8000" for host in reachable_hosts(("0.0.0.0",))} < own
    assert "http://0.0.0.0:8000" not in own


def test_the_sites_of_the_moment_may_connect_too() -> None:
    sites: set[str] = set()
    asked = origins(frozenset({"https://ours.example"}), lambda: sites)
    assert asked() == {"https://ours.example"}
    sites.add("https://shop.example")
    assert asked() == {"https://ours.example", "https://shop.example"}


def test_tokens_are_read_with_the_pages_secret() -> None:
    identity = BrowserIdentity("agent", "alice", int(time.time()) + 60)
    read = token_reader(WebrtcSettings(token_secret="s"))
    assert read(issue(identity, "s"), time.time()) == identity
    with pytest.raises(TokenRefused):
        read(issue(identity, "t"), time.time())
    with pytest.raises(TokenRefused):
        token_reader(WebrtcSettings())(issue(identity, "t"), time.time())
