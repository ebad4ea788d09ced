"""What phones and carriers say in SIP, and what we say to them, byte by byte where it matters."""

import re
import time

import pytest

from tests.mediabox import MediaBox
from tests.phone import Phone
from tests.talk import Conversation
from tests.udp_peer import UdpPeer, lines, value


def _called(box: MediaBox, alice: Phone) -> tuple[int, str]:
    call = alice.call(f"sip:100@127.0.0.1:{box.port}")
    return call, box.incoming()


def test_an_incoming_leg_tells_who_calls_whom_and_what_the_edge_noted(box, alice) -> None:
    alice.call(
        f"sip:%2b33100@127.0.0.1:{box.port}",
        [("X-Comptoir-Account", "1001"), ("x-comptoir-SOURCE", "192.0.2.9")],
    )
    told = box.wait("LegIncoming")
    assert (told["caller"], told["called"], told["profile"]) == ("alice", "+33100", "plain")
    assert told["headers"] == {"account": "1001", "source": "192.0.2.9"}
    assert told["sip_call_id"]


@pytest.mark.parametrize(
    ("method", "told"), [("rfc4733", "rfc4733"), ("info", "info"), ("info-plain", "info")]
)
def test_each_key_is_told_once(box, alice, bob, method, told) -> None:
    _, leg = (call := _called(box, alice))[0], call[1]
    box.do("answer", leg)
    box.wait("LegMediaReady", leg=leg)
    alice.digits(call[0], "15*#A", method)
    heard = [box.wait("LegDigit", leg=leg) for _ in range(5)]
    assert "".join(one["digit"] for one in heard) == "15*#A"
    assert {one["method"] for one in heard} == {told}
    time.sleep(0.3)
    assert not box.seen("LegDigit")


def test_keys_can_be_sent_to_a_peer(box, bob, alice) -> None:
    box.dialled("b", f"sip:bob@127.0.0.1:{bob.port}")
    call = bob.wait("incoming")["call"]
    bob.wait("media", call=call, active=True)
    box.do("send_digits", "b", "42#")
    assert "".join(bob.wait("digit", call=call)["digit"] for _ in range(3)) == "42#"


def test_a_peer_that_holds_and_resumes_is_told_of(box, alice, conversation) -> None:
    alice.hold(conversation.alice)
    box.wait("LegHeld", leg=conversation.left)
    alice.resume(conversation.alice)
    box.wait("LegResumed", leg=conversation.left)
    box.wait("LegMediaReady", leg=conversation.left)


def test_refer_asks_us_and_nobody_is_called_until_we_do(box, alice, conversation) -> None:
    with UdpPeer() as target:
        alice.refer(conversation.alice, f"sip:target@127.0.0.1:{target.port}")
        told = box.wait("LegTransferRequested")
        assert told["leg"] == conversation.left
        assert told["target"] == f"sip:target@127.0.0.1:{target.port}"
        assert told["replaces_leg"] is None
        alice.wait("transfer", status=100)
        assert target.nothing_comes("INVITE", 0.5)
    box.do("transfer_progress", conversation.left, 180)
    assert not alice.wait("transfer", status=180)["final"]
    box.do("transfer_progress", conversation.left, 200)
    assert alice.wait("transfer", status=200)["final"]
    box.do("transfer_progress", conversation.left, 486)
    time.sleep(0.2)
    assert not alice.seen("transfer", status=486), "nothing follows the last word"


def test_an_attended_transfer_names_our_other_leg(box, alice, conversation) -> None:
    consult = alice.call(f"sip:200@127.0.0.1:{box.port}")
    second = box.answered()
    alice.wait("media", call=consult, active=True)
    alice.refer_to_call(conversation.alice, consult)
    told = box.wait("LegTransferRequested")
    assert (told["leg"], told["replaces_leg"]) == (conversation.left, second)


def test_an_invite_that_would_replace_a_dialog_is_declined(box, alice, bob, conversation) -> None:
    invite = bob.call(f"sip:100@127.0.0.1:{box.port}", [("Replaces", "no-such;to-tag=1;from-tag=2")])
    assert bob.wait("ended", call=invite)["status"] == 481
    with UdpPeer() as peer:
        box.do("dial", "p", f"sip:peer@127.0.0.1:{peer.port}")
        ours = peer.receive("INVITE")
        peer.answer(ours)
        box.wait("LegAnswered", leg="p")
        tag = re.search(r"tag=(\S+)", value(ours, "From"))
        assert tag
        replaces = f"{value(ours, 'Call-ID')};to-tag={tag[1]};from-tag=peer"
        thief = bob.call(f"sip:100@127.0.0.1:{box.port}", [("Replaces", replaces)])
        assert bob.wait("ended", call=thief)["status"] == 603
        assert "p" in box.do("legs")


def test_a_refusal_carries_its_status_reason_and_retry_after(box, alice) -> None:
    with UdpPeer() as peer:
        peer.request("INVITE", "sip:100@127.0.0.1", ("127.0.0.1", box.port), body=peer.sdp())
        leg = box.incoming()
        box.do("reject", leg, 503, "Too busy", 7)
        refused = peer.receive("SIP/2.0 503")
        assert refused.startswith("SIP/2.0 503 Too busy\n")
        assert value(refused, "Retry-After") == "7"
        ended = box.wait("LegEnded", leg=leg)
        assert (ended["status"], ended["by"]) == (503, "local")


def test_ringing_and_a_caller_who_gives_up(box, alice) -> None:
    call, leg = _called(box, alice)
    box.do("ring", leg)
    alice.wait("ringing", call=call, status=180)
    alice.hang_up(call)
    ended = box.wait("LegEnded", leg=leg)
    assert (ended["status"], ended["by"]) == (487, "remote")
    assert alice.wait("ended", call=call)["status"] == 487


def test_a_caller_who_gives_up_while_we_answer_ends_once(box, alice) -> None:
    call, leg = _called(box, alice)
    box.do("answer", leg)
    alice.hang_up(call)
    box.wait("LegEnded", leg=leg)
    time.sleep(0.3)
    assert not box.seen("LegEnded")


def test_an_unanswered_phone_stops_ringing_after_the_ring_timeout(box, alice) -> None:
    with Phone(username="carol", through_server=False) as carol:
        box.do("dial", "c", f"sip:carol@127.0.0.1:{carol.port}", ring_timeout=0.6)
        box.wait("LegRinging", leg="c", status=180)
        ended = box.wait("LegEnded", leg="c", timeout=3)
        assert (ended["status"], ended["by"]) == (408, "local")
        assert carol.wait("ended")["status"] == 487


def test_a_busy_phone_is_told_of(box, alice) -> None:
    with Phone(username="carol", through_server=False, auto_answer=0, auto_status=486) as carol:
        box.do("dial", "c", f"sip:carol@127.0.0.1:{carol.port}")
        ended = box.wait("LegEnded", leg="c")
        assert (ended["status"], ended["by"]) == (486, "remote")


def test_a_call_that_cannot_be_placed_ends_at_once(box, alice) -> None:
    for uri, target in (("not a uri", {}), ("sip:1@127.0.0.1", {"trunk": "unknown"})):
        box.do("dial", "x", uri, **target)
        ended = box.wait("LegEnded", leg="x", timeout=1)
        assert (ended["status"], ended["by"]) == (500, "local")


def test_an_invite_goes_to_its_route_and_says_what_it_was_told_to(box, alice) -> None:
    with UdpPeer() as edge:
        box.do(
            "dial",
            "r",
            "sip:1001@192.0.2.55:5070;transport=udp",
            route=[f"<sip:to%40ken.sig@127.0.0.1:{edge.port};lr>", "<sip:second@192.0.2.8;lr>"],
            caller="+33612345678",
            caller_name='Zoé "Z" Petit',
            headers=[("Alert-Info", "<http://127.0.0.1>;info=auto-answer"), ("X-Comptoir-Contact", "c1")],
        )
        invite = edge.receive("INVITE")
        assert invite.startswith("INVITE sip:1001@192.0.2.55:5070;transport=udp SIP/2.0\n")
        assert lines(invite, "Route") == [
            f"Route: <sip:to%40ken.sig@127.0.0.1:{edge.port};lr>",
            "Route: <sip:second@192.0.2.8;lr>",
        ]
        assert value(invite, "From").startswith('"Zoé \\"Z\\" Petit" <sip:+33612345678@comptoir>;tag=')
        assert value(invite, "X-Comptoir-Contact") == "c1"
        assert value(invite, "Alert-Info") == "<http://127.0.0.1>;info=auto-answer"
        assert (value(invite, "Session-Expires"), value(invite, "Min-SE")) == ("1800", "90")
        assert re.findall(r"(?m)^m=(\w+)", invite) == ["audio"]
        edge.reply(invite, "180 Ringing")
        box.wait("LegRinging", leg="r")
        box.do("hang_up", "r", 0, "Answered elsewhere")
        cancel = edge.receive("CANCEL")
        assert value(cancel, "Reason") == 'SIP;cause=200;text="Answered elsewhere"'
        assert len(lines(cancel, "Route")) == 2
        edge.reply(cancel, "200 OK")
        edge.reply(invite, "487 Request Terminated")
        ack = edge.receive("ACK")
        assert len(lines(ack, "Route")) == 2
        assert box.wait("LegEnded", leg="r")["by"] == "local"


def test_an_anonymous_call_names_nobody(box, alice) -> None:
    with UdpPeer() as edge:
        box.do("dial", "r", f"sip:1001@127.0.0.1:{edge.port}")
        invite = edge.receive("INVITE")
        assert value(invite, "From").startswith('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=')
        edge.reply(invite, "480 Temporarily Unavailable")
        assert box.wait("LegEnded", leg="r")["status"] == 480


def test_requests_inside_a_dialog_follow_its_record_route(box, alice) -> None:
    with UdpPeer() as edge:
        box.do("dial", "r", "sip:1001@192.0.2.55", route=[f"<sip:127.0.0.1:{edge.port};lr>"])
        invite = edge.receive("INVITE")
        edge.answer(invite, f"Record-Route: <sip:token@127.0.0.1:{edge.port};lr>\n")
        ack = edge.receive("ACK")
        assert lines(ack, "Route") == [f"Route: <sip:token@127.0.0.1:{edge.port};lr>"]
        box.wait("LegAnswered", leg="r")
        box.do("hang_up", "r")
        bye = edge.receive("BYE")
        assert lines(bye, "Route") == [f"Route: <sip:token@127.0.0.1:{edge.port};lr>"]
        edge.reply(bye, "200 OK")
        ended = box.wait("LegEnded", leg="r")
        assert (ended["status"], ended["by"]) == (200, "local")


def test_a_peer_that_ignores_our_bye_does_not_keep_the_leg(box, alice) -> None:
    with UdpPeer() as peer:
        box.do("dial", "r", f"sip:1001@127.0.0.1:{peer.port}")
        peer.answer(peer.receive("INVITE"))
        box.wait("LegAnswered", leg="r")
        box.do("hang_up", "r")
        bye = peer.receive("BYE")
        assert box.wait("LegEnded", leg="r", timeout=4)["by"] == "local"
        peer.reply(bye, "200 OK")


def test_an_invite_without_an_offer_is_answered_with_ours(box, alice) -> None:
    with UdpPeer() as peer:
        peer.request("INVITE", "sip:100@127.0.0.1", ("127.0.0.1", box.port))
        leg = box.incoming()
        box.do("answer", leg)
        answer = peer.receive("SIP/2.0 200")
        assert re.findall(r"(?m)^m=(\w+)", answer) == ["audio"]
        assert re.search(r"(?m)^m=audio \d+ RTP/AVP 8 0 9 ", answer), "G.711 before the wide codecs"
        peer.request(
            "ACK",
            "sip:100@127.0.0.1",
            ("127.0.0.1", box.port),
            to_header=value(answer, "To"),
            body=peer.sdp(),
        )
        box.wait("LegAnswered", leg=leg)
        box.wait("LegMediaReady", leg=leg)
        box.do("hang_up", leg)
        peer.reply(peer.receive("BYE"), "200 OK")


def test_a_malformed_refer_gets_400(box, alice) -> None:
    with UdpPeer() as peer:
        peer.request("INVITE", "sip:100@127.0.0.1", ("127.0.0.1", box.port), body=peer.sdp())
        leg = box.incoming()
        box.do("answer", leg)
        to = value(peer.receive("SIP/2.0 200"), "To")
        where = "127.0.0.1", box.port
        peer.request("ACK", "sip:100@127.0.0.1", where, to_header=to)
        box.wait("LegAnswered", leg=leg)
        peer.request(
            "REFER", "sip:100@127.0.0.1", where, number=2, to_header=to, headers="Refer-To: <ftp://x>\n"
        )
        assert peer.receive("SIP/2.0 400")
        assert not box.seen("LegTransferRequested")
        box.do("hang_up", leg)
        peer.reply(peer.receive("BYE"), "200 OK")


def test_two_legs_of_one_call_end_apart(box, alice, bob, conversation: Conversation) -> None:
    alice.hang_up(conversation.alice)
    ended = box.wait("LegEnded", leg=conversation.left)
    assert (ended["status"], ended["by"]) == (200, "remote")
    assert box.do("legs") == [conversation.right]
    box.do("hang_up", conversation.right, 0, "The caller hung up")
    box.wait("LegEnded", leg=conversation.right)
    bob.wait("ended", call=conversation.bob)
