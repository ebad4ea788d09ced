from agent_ui.ice import ice_servers
from config.settings import WebrtcSettings

STUN, TURN = ("stun:stun.example.com:3478",), ("turn:turn.example.com:3478", "turns:turn.example.com:5349")
NOW = 1763992800.7


def test_nothing_is_told_when_nothing_is_set():
    assert ice_servers(WebrtcSettings(), "alice", NOW) == ()


def test_stun_needs_no_credentials():
    (server,) = ice_servers(WebrtcSettings(stun_urls=STUN), "alice", NOW)
    assert (server.urls, server.username, server.credential) == (STUN, "", "")


def test_turn_credentials_name_their_end_and_are_what_coturn_computes():
    webrtc = WebrtcSettings(stun_urls=STUN, turn_urls=TURN, turn_secret="north", turn_ttl=7200.0)
    _, turn = ice_servers(webrtc, "alice", NOW)
    # printf 1764000000:alice | openssl dgst -sha1 -hmac north -binary | base64
    assert (turn.urls, turn.username, turn.credential) == (
        TURN,
        "1764000000:alice",
        "9LAwaPnprPABVShse3H8XaVS8kE=",
    )


def test_turn_without_a_secret_is_left_out():
    assert ice_servers(WebrtcSettings(turn_urls=TURN), "alice", NOW) == ()
