import pytest

from pbx.sip.flow_token import ConnectionFlow, FlowTokens, ForeignToken, Ticket, TrunkFlow, UdpFlow

TICKETS = [
    Ticket(UdpFlow(("192.0.2.1", 5060), ("198.51.100.7", 40000)), "plain", "account"),
    Ticket(UdpFlow(("2001:db8::1", 5060), ("2001:db8::2", 65535)), "webrtc", "trunk"),
    Ticket(UdpFlow(("fe80::1%eth0", 5060), ("fe80::2%eth0", 5060))),
    Ticket(ConnectionFlow(2**64 - 1), "plain", "anonymous"),
    Ticket(TrunkFlow("carrier-é"), "plain", "trunk"),
    Ticket(None, "webrtc"),
]


@pytest.mark.parametrize("ticket", TICKETS)
def test_a_token_opens_to_what_was_signed_also_after_a_restart(ticket):
    token = FlowTokens(b"s" * 32).sign(ticket)
    assert FlowTokens(b"s" * 32).open(token) == ticket
    assert all(character.isalnum() or character in "-_" for character in token)


@pytest.mark.parametrize("ticket", TICKETS)
def test_a_token_with_any_character_changed_is_foreign(ticket):
    tokens = FlowTokens(b"s" * 32)
    token = tokens.sign(ticket)
    for place in range(len(token)):
        for other in "Aa0_":
            if token[place] != other:
                with pytest.raises(ForeignToken):
                    tokens.open(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "a", "ana", "é", "%41", "A" * 14, "=" * 16, "x" * 5000])
def test_what_was_never_a_token_is_foreign(token):
    with pytest.raises(ForeignToken):
        FlowTokens(b"s" * 32).open(token)


def test_a_token_signed_under_another_secret_is_foreign():
    with pytest.raises(ForeignToken):
        FlowTokens(b"s" * 32).open(FlowTokens(b"t" * 32).sign(TICKETS[0]))
