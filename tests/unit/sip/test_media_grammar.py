"""What pjsua2 could not read is refused by name; what it can read, and what stays at the edge, is not."""

import pytest

from pbx.sip.message import Request, parse
from pbx.sip.validation import Policy, verdict

INVITE = """\
INVITE sip:4001@h SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
From: <sip:a@h>;tag=1
To: <sip:4001@h>
Call-ID: abc
CSeq: 1 INVITE
Contact: <sip:a@192.0.2.1>
Max-Forwards: 70

"""


def status(old: str, new: str, method: str = "INVITE") -> tuple[int, str]:
    assert old in INVITE
    text = INVITE.replace("INVITE", method).replace(old, new)
    request = parse(text.replace("\n", "\r\n").encode())
    assert isinstance(request, Request)
    refusal = verdict(request, Policy())
    return (0, "") if refusal is None else (refusal.status, refusal.reason)


@pytest.mark.parametrize(
    ("old", "new", "header"),
    [
        ("branch=z9hG4bK1", "branch=z9hG4bK1@host", "Via"),
        ("branch=z9hG4bK1", "branch=z9hG4bK1/2", "Via"),
        ("branch=z9hG4bK1", "branch=z9hG4bK1;x={y}", "Via"),
        ("tag=1", "tag=1@host", "From"),
        ("tag=1", "tag=YWJj==", "From"),
        ("tag=1", "tag=1;x=a|b", "From"),
        ("To: <sip:4001@h>", "To: <sip:4001@h>;x=a@b", "To"),
        ("<sip:a@192.0.2.1>", "<sip:a@192.0.2.1>;x=a@b", "Contact"),
    ],
)
def test_a_parameter_outside_the_grammar_is_refused(old: str, new: str, header: str) -> None:
    assert status(old, new) == (400, f"Bad parameter in {header}")
    assert status(old, new, "REGISTER") == (0, ""), "the registrar is ours and reads it"
    assert status(old, new, "OPTIONS") == (0, "")


@pytest.mark.parametrize("name", ["Session-Expires", "x", "Min-SE", "Retry-After"])
def test_a_time_that_is_no_number_is_refused(name: str) -> None:
    code, reason = status("Max-Forwards: 70", f"Max-Forwards: 70\n{name}: soon")
    assert code == 400 and "Bad number in" in reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("branch=z9hG4bK1", "branch=z9hG4bK-a.b_c!d%e*f+g`h'i~j;rport;received=2001:db8::1"),
        ("branch=z9hG4bK1", "branch=z9hG4bK1;received=[2001:db8::1];ttl=1"),
        ("tag=1", 'tag=1;flag;x="a@b={c}"'),
        ("<sip:a@192.0.2.1>", '<sip:a@192.0.2.1;x=a>;+sip.instance="<urn:uuid:1>";expires=60;q=0.5'),
        ("Max-Forwards: 70", "Max-Forwards: 70\nSession-Expires: 1800;refresher=uac\nMin-SE: 90"),
        ("Max-Forwards: 70", "Max-Forwards: 70\nRetry-After: 120 (in a meeting);duration=60"),
    ],
)
def test_what_is_in_the_grammar_goes_on(old: str, new: str) -> None:
    assert status(old, new) == (0, "")
