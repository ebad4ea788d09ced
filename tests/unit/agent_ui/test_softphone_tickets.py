"""What an agent's page is given to be a telephone with, and where it may connect."""

import pytest
from limits.storage import MemoryStorage

from agent_ui.control import scene
from agent_ui.edge_address import edge_domain, edge_origin, edge_url
from agent_ui.softphone import AskedTooOften, NoPhone, Softphones, ticket_for
from config.settings import Settings, SipSettings, WebrtcSettings
from pbx.contract.browser_token import read

SECRET = "a secret of the tests"
NOW = 1_764_000_000.0
SETTINGS = Settings(
    sip=SipSettings(ws_port=8088, wss_port=8444),
    webrtc=WebrtcSettings(
        token_secret=SECRET, credential_ttl=600.0, stun_urls=("stun:stun.example.com:3478",)
    ),
)


def test_the_token_speaks_for_the_agents_own_phone_and_ends_soon():
    agent = scene.agent("alice").model_copy(update={"phone": "desk-7"})
    ticket = ticket_for(agent, SETTINGS, "http://desk.example.com:8000/", NOW)
    identity = read(ticket.token, SECRET, NOW)
    assert (identity.kind, identity.subject, identity.expires_at) == ("agent", "desk-7", int(NOW) + 600)
    assert (ticket.user, ticket.domain, ticket.expires_in) == ("desk-7", "desk.example.com", 600.0)
    assert [server.urls for server in ticket.ice_servers] == [("stun:stun.example.com:3478",)]


@pytest.mark.parametrize("agent", [None, scene.agent("alice").model_copy(update={"phone": ""})])
def test_without_a_phone_there_is_no_ticket(agent):
    with pytest.raises(NoPhone):
        ticket_for(agent, SETTINGS, "http://desk.example.com/", NOW)


def test_a_ticket_is_not_written_into_logs():
    ticket = ticket_for(scene.agent("alice"), SETTINGS, "http://desk.example.com/", NOW)
    assert ticket.token not in repr(ticket)


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8088/sip"),
        ("http://desk.example.com/desk", "ws://desk.example.com:8088/sip"),
        ("https://desk.example.com/desk", "wss://desk.example.com:8444/sip"),
        ("http://[::1]:8000/", "ws://[::1]:8088/sip"),
        ("http://a; script-src *:8000/", "ws://localhost:8088/sip"),
    ],
)
def test_the_edge_is_beside_the_page_and_as_secure(page, url):
    assert edge_url(SETTINGS, page) == url


def test_the_settings_may_name_another_place():
    settings = Settings(webrtc=WebrtcSettings(ws_url="wss://pbx.example.com/sip"))
    assert edge_url(settings, "https://desk.example.com/") == "wss://pbx.example.com/sip"
    assert edge_origin(settings, "https://desk.example.com/") == "wss://pbx.example.com"
    assert edge_domain("wss://pbx.example.com/sip") == "pbx.example.com"


def test_a_session_asks_for_the_first_time_once():
    softphones = Softphones(MemoryStorage())
    assert [softphones.asks("one"), softphones.asks("one"), softphones.asks("two")] == [True, False, True]


def test_a_page_that_asks_again_and_again_is_told_to_wait_without_harm_to_others():
    softphones = Softphones(MemoryStorage())
    with pytest.raises(AskedTooOften) as refused:
        for _ in range(31):
            softphones.asks("one")
    assert 1 <= int(refused.value.params["seconds"]) <= 60
    assert softphones.asks("two")
