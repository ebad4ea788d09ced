"""What strangers are told, and what it may cost."""

from pbx.errors import Overloaded
from pbx.sip.bans import Bans
from pbx.sip.digest import ha1, read_credentials, response_for
from pbx.sip.directory import EndpointAccount, MemoryDirectory
from pbx.sip.edge_settings import GuardSettings
from pbx.sip.logins import Failed, Logins
from pbx.sip.message import Header, Request
from pbx.sip.nonces import Nonces
from tests.unit.sip.edge_rig import DID, MEDIA, EdgeRig

HOST = "198.51.100.7"


def request(
    method: str, uri: str = "sip:a@b", *more: str, padding: int = 300, branch: str = "z9hG4bK1"
) -> bytes:
    lines = (
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP 10.0.0.5;rport;branch={branch}",
        "From: <sip:ana@shop>;tag=1",
        f"To: <{uri}>",
        f"Call-ID: c{branch}",
        f"CSeq: 1 {method}",
        *more,
        f"Subject: {'x' * padding}",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_an_answer_goes_to_the_packet_s_source_and_a_repetition_gets_the_same_bytes():
    rig = EdgeRig()
    for _ in range(2):
        rig.listener.datagramReceived(request("BYE"), (HOST, 7777))
    (first, address), (second, _) = rig.to_peer.sent
    assert address == (HOST, 7777)
    assert first == second and b"received=198.51.100.7" in first and b"rport=7777" in first


def test_an_answer_that_would_be_too_long_is_written_short_and_then_not_at_all():
    forms = []
    for padding in (0, 150, 235, 300):
        rig = EdgeRig()
        data = request("REGISTER", padding=padding)
        rig.listener.datagramReceived(data, (HOST, 7777))
        answers = [answer for answer, _ in rig.to_peer.sent]
        assert all(len(answer) <= len(data) for answer in answers)
        forms.append("".join("long" if b"\r\nVia: " in answer else "short" for answer in answers))
    assert forms == ["", "", "short", "long"]


def test_what_was_not_answered_is_earned_by_repeating_it():
    rig = EdgeRig()
    answers = [rig.hear(request("REGISTER", padding=0)) for _ in range(3)]
    assert answers[0] == []
    assert [answer.status for answer in answers[1] + answers[2]][:1] == [401]


def test_a_full_house_is_503_to_new_calls_and_not_to_repeated_ones():
    full: list[Overloaded] = []
    rig = EdgeRig(admission=lambda: full[0] if full else None)
    first = request("INVITE", f"sip:{DID}@shop", branch="z9hG4bKfirst")
    assert rig.hear(first) == [] and len(rig.to_media.take()) == 1
    full.append(Overloaded("full", 9))
    assert rig.hear(first) == [] and len(rig.to_media.take()) == 1
    (refused,) = rig.hear(request("INVITE", f"sip:{DID}@shop", branch="z9hG4bKsecond"))
    assert refused.status == 503 and 9 <= int(refused.first("retry-after")) <= 18
    assert rig.to_media.take() == []


def test_a_webrtc_flow_without_a_profile_of_its_own_goes_to_the_plain_one():
    rig = EdgeRig()
    rig.hear(request("INVITE", f"sip:{DID}@shop"))
    assert [address for _, address in rig.to_media.sent] == [MEDIA]


class Desk:
    """Logins on an account, `ana`, of realm `shop`."""

    def __init__(self, *algorithms: str) -> None:
        self.hashes = {name: ha1("ana", "shop", "secret", name) for name in algorithms or ("MD5", "SHA-256")}
        self.directory = MemoryDirectory((EndpointAccount("ana", self.hashes),))
        self.bans = Bans(GuardSettings(ban_after=3, ban_address_after=100))
        self.logins = Logins(self.directory, Nonces(b"s" * 32, "shop"), self.bans, "shop")

    def nonce(self, now: float = 0.0) -> str:
        failed = self.logins.check(asking(), HOST, now)
        assert isinstance(failed, Failed)
        return failed.refusal.headers[0][1].split('nonce="')[1].split('"')[0]

    def check(self, nonce: str, now: float = 0.0, secret: str | None = None, user: str = "ana", nc: int = 1):
        line = (
            f'Digest username="{user}",realm="shop",nonce="{nonce}",uri="sip:shop",response="R",cnonce="c",'
            f"nc={nc:08x},qop=auth,algorithm=MD5"
        )
        found = read_credentials(asking(line), "shop")
        assert found is not None
        answer = response_for(secret or ha1("ana", "shop", "secret", "MD5"), found, "REGISTER")
        return self.logins.check(
            asking(line.replace('response="R"', f'response="{answer}"'), f"b{nc}-{now}"), HOST, now
        )


def asking(authorization: str = "", branch: str = "z9hG4bK1") -> Request:
    lines = [Header("Via", f"SIP/2.0/UDP 10.0.0.5;branch={branch}"), Header("CSeq", "1 REGISTER")]
    lines += [Header("Authorization", authorization)] if authorization else []
    return Request(method="REGISTER", uri="sip:shop", headers=tuple(lines))


def stale(outcome) -> bool:
    assert isinstance(outcome, Failed) and outcome.refusal.status == 401
    return all("stale=true" in value for _, value in outcome.refusal.headers)


def test_the_right_password_with_a_fresh_nonce_is_the_account():
    desk = Desk()
    assert desk.check(desk.nonce()) == desk.directory.endpoint("ana")


def test_the_right_password_with_an_old_or_used_nonce_is_stale_and_counts_as_no_failure():
    desk = Desk()
    nonce = desk.nonce()
    for now in (302.0, 303.0, 304.0, 305.0):
        assert stale(desk.check(nonce, now))
    used = desk.nonce(400.0)
    desk.check(used, 400.0)
    for now in (401.0, 402.0, 403.0):
        assert stale(desk.check(used, now))
    assert desk.bans.list(403.0) == ()


def test_a_wrong_password_is_challenged_again_and_bans_in_the_end():
    desk = Desk()
    nonce = desk.nonce()
    outcomes = [desk.check(nonce, secret="f" * 32, nc=count) for count in range(1, 4)]
    assert not any(stale(outcome) for outcome in outcomes)
    assert [len(outcome.bans) for outcome in outcomes] == [0, 0, 1]
    banned = desk.check(nonce, nc=9)
    assert isinstance(banned, Failed) and banned.refusal.status == 403


def test_unknown_users_fail_and_are_banned_like_known_ones():
    desk = Desk()
    nonce = desk.nonce()
    outcomes = [desk.check(nonce, user="zoe", nc=count) for count in range(1, 4)]
    assert [len(outcome.bans) for outcome in outcomes] == [0, 0, 1]


def test_an_account_without_a_hash_of_the_algorithm_cannot_log_in_with_it():
    desk = Desk("SHA-256")
    assert not stale(desk.check(desk.nonce(), secret="0" * 64))


def test_credentials_that_cannot_be_read_are_400():
    failed = Desk().logins.check(asking('Digest username="ana'), HOST, 0.0)
    assert isinstance(failed, Failed) and failed.refusal.status == 400
