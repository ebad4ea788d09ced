"""Who a request over a WebSocket is from, decided on a clock of the test's own."""

import pytest

from pbx.contract.browser_token import BrowserIdentity, TokenRefused, issue, read
from pbx.sip.bans import Bans
from pbx.sip.digest import ha1
from pbx.sip.directory import EndpointAccount, Guest, MemoryDirectory
from pbx.sip.edge_settings import GuardSettings
from pbx.sip.framing import read_datagram
from pbx.sip.headers import parse_auth
from pbx.sip.logins import GUEST_CALLS, Failed, Logins, bearer_of, refuse_tokens
from pbx.sip.nonces import Nonces

NOW, HOST, SECRET = 1_000_000.0, "198.51.100.7", "s"


def logins(guard: GuardSettings | None = None, read_token=lambda token, now: read(token, SECRET, now)):
    hashes = {"MD5": ha1("ana", "comptoir", "secret", "MD5")}
    directory = MemoryDirectory((EndpointAccount("ana", hashes, may_dial_out=True),))
    nonces = Nonces(b"n" * 32, "comptoir")
    bans = Bans(guard or GuardSettings())
    return Logins(
        directory,
        nonces,
        bans,
        "comptoir",
        read_token=read_token,
        authorization_server="https://desk.example",
    )


def token(kind="agent", subject="ana", seconds=60, secret=SECRET, **claims):
    return issue(BrowserIdentity(kind, subject, int(NOW) + seconds, **claims), secret)


def request(*authorization: str):
    lines = "".join(f"Authorization: {value}\r\n" for value in authorization)
    return read_datagram(f"INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/WS x\r\n{lines}\r\n".encode())


def test_an_agent_s_token_proves_the_endpoint_as_it_is_now():
    found = logins().check_browser(request(f"Bearer {token()}"), HOST, NOW)
    assert isinstance(found, EndpointAccount)
    assert (found.username, found.browser, found.may_dial_out, found.guest) == ("ana", True, True, None)


def test_a_guest_s_token_makes_an_account_that_can_do_little():
    claims = {"site": "shop", "customer": "c1", "language": "fr"}
    found = logins().check_browser(request(f"bearer {token('guest', 'v1', **claims)}"), HOST, NOW)
    assert found == EndpointAccount(
        "guest-v1", {}, max_calls=GUEST_CALLS, max_calls_per_hour=300, browser=True,
        guest=Guest("v1", "shop", "c1", "fr"),
    )  # fmt: skip


def test_the_last_second_counts():
    found = logins()
    raw = request(f"Bearer {token(seconds=10)}")
    assert isinstance(found.check_browser(raw, HOST, NOW + 9.9), EndpointAccount)
    assert isinstance(found.check_browser(raw, HOST, NOW + 10), Failed)


@pytest.mark.parametrize(
    ("authorization", "error"),
    [
        ((), None),
        (('Digest username="ana"',), None),
        ((f"Bearer {token(seconds=-1)}",), "invalid_token"),
        ((f"Bearer {token(secret='t')}",), "invalid_token"),
        ((f"Bearer {token(subject='nobody')}",), "invalid_token"),
        (("Bearer ",), "invalid_token"),
        (("Bearer " + "x" * 5000,), "invalid_token"),
    ],
)
def test_who_does_not_prove_anything_is_told_how(authorization, error):
    failed = logins().check_browser(request(*authorization), HOST, NOW)
    assert isinstance(failed, Failed) and failed.refusal.status == 401
    *digest, offered = (parse_auth(value) for _, value in failed.refusal.headers)
    assert [one.scheme for one in digest] == ["Digest", "Digest"]
    assert (offered.scheme, offered.get("realm"), offered.get("scope")) == ("Bearer", "comptoir", "sip")
    assert (offered.get("authz_server"), offered.get("error")) == ("https://desk.example", error)


def test_an_unknown_endpoint_and_a_forged_token_look_the_same():
    answers = [
        logins().check_browser(request(f"Bearer {one}"), HOST, NOW)
        for one in (token(subject="nobody"), token(secret="t"))
    ]
    headers = [
        [
            (name, value.partition("nonce")[0], value.partition(",algorithm")[2])
            for name, value in one.refusal.headers
        ]
        for one in answers
    ]
    assert headers[0] == headers[1]


@pytest.mark.parametrize(("bad", "banned"), [(token(secret="t"), True), (token(seconds=-1), False)])
def test_guesses_ban_the_address_alone_and_expired_tokens_nobody(bad, banned):
    found = logins(GuardSettings(ban_after=2, ban_address_after=4))
    bans = [ban for _ in range(4) for ban in found.check_browser(request(f"Bearer {bad}"), HOST, NOW).bans]
    assert [(ban.address, ban.user) for ban in bans] == [(HOST, "")] * banned


def test_who_is_not_to_be_banned_is_not():
    found = logins(GuardSettings(ban_after=1, ban_address_after=1))
    assert found.check_browser(request(f"Bearer {token(secret='t')}"), HOST, NOW, counts=False).bans == ()


def test_a_token_that_nobody_asked_for_is_read_and_leads_to_nothing():
    found = logins(GuardSettings(ban_after=1, ban_address_after=1))
    assert found.browser(request(f"Bearer {token()}"), NOW).username == "ana"
    assert found.browser(request(f"Bearer {token(secret='t')}"), NOW) is None
    assert found.browser(request(), NOW) is None


def test_without_pages_no_token_is_good():
    found = logins(read_token=refuse_tokens)
    assert isinstance(found.check_browser(request(f"Bearer {token()}"), HOST, NOW), Failed)
    with pytest.raises(TokenRefused):
        refuse_tokens(token(), NOW)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("Bearer abc",), "abc"),
        (('Digest realm="x"', "BEARER abc"), "abc"),
        (("Bearer realm=x",), ""),
        (("Basic abc",), None),
        (("=", "Bearer abc"), "abc"),
        ((), None),
    ],
)
def test_the_token_is_found_among_other_credentials(lines, found):
    assert bearer_of(request(*lines)) == found
