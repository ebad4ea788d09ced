"""Headers that vouch for somebody are taken off what comes from outside."""

import pytest

from pbx.sip.identity import strip
from pbx.sip.message import Request, parse

START = b"INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n"


def request(lines: bytes) -> Request:
    message = parse(START + lines + b"\r\n")
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize(
    "lines",
    [
        b"P-Asserted-Identity: <sip:boss@h>\r\n",
        b"p-ASSERTED-identity: <sip:boss@h>\r\n",
        b"P-Asserted-Identity \t : <sip:boss@h>\r\n",
        b"P-Asserted-Identity:\r\n <sip:boss@h>\r\n",
        b"P-Asserted-Identity: <sip:a@h>\r\nP-Asserted-Identity: <sip:b@h>\r\n",
        b"P-Preferred-Identity: <sip:boss@h>\r\n",
        b"Remote-Party-ID: <sip:boss@h>\r\n",
        b"Diversion: <sip:boss@h>\r\n",
        b"History-Info: <sip:boss@h>\r\n",
        b"X-Comptoir-Contact: 1\r\n",
        b"x-comptoir-anything-at-all : 1\r\n",
    ],
)
def test_a_claim_from_outside_is_stripped_however_it_is_written(lines: bytes) -> None:
    assert strip(request(lines)) == request(b"")


def test_everything_else_passes_untouched() -> None:
    kept = request(
        b"Identity: sig;info=<https://c>\r\ny: sig\r\nX-Comptoi: 1\r\nSubject: P-Asserted-Identity: x\r\n"
    )
    assert strip(kept) is kept


def test_a_trusted_peer_keeps_its_claims_but_never_sets_our_own() -> None:
    claims = request(b"Diversion: <sip:a@h>\r\nX-Comptoir-A: 1\r\nP-Asserted-Identity: <sip:b@h>\r\n")
    assert [name for name, _ in strip(claims, trusted=True).headers] == [
        "Via",
        "Diversion",
        "P-Asserted-Identity",
    ]
