from datetime import UTC, datetime, timedelta

import pytest

from pbx.sip.edge_settings import RegistrarSettings
from pbx.sip.message import Header, Request
from pbx.sip.refusal import Refusal
from pbx.sip.registrar import Arrival, Update, answer_headers, register
from pbx.sip.registration_store import Put, Registration, Remove

NOW = datetime(2026, 1, 1, tzinfo=UTC)
UDP = Arrival("UDP", "198.51.100.7", 40000, "192.0.2.1:5060")
LIMITS = RegistrarSettings(min_expires=60, default_expires=600, max_expires=3600, max_contacts=3)


def asking(*contacts: str, call_id: str = "c", cseq: int = 1, **headers: str) -> Request:
    lines = [Header("Contact", contact) for contact in contacts]
    lines += [Header(name.replace("_", "-"), value) for name, value in headers.items()]
    lines += [
        Header("To", "<sip:ana@shop>"),
        Header("Call-ID", call_id),
        Header("CSeq", f"{cseq} REGISTER"),
    ]
    return Request(method="REGISTER", uri="sip:shop", headers=tuple(lines))


def bind(request: Request, current: tuple[Registration, ...] = (), now: datetime = NOW, arrival=UDP):
    ids = [f"new-{call}" for call in (f"{request.call_id}-{n}" for n in range(5))]
    return register(current, "ana", request, arrival, LIMITS, now, ids)


def bound(request: Request, current: tuple[Registration, ...] = (), **how):
    outcome = bind(request, current, **how)
    assert isinstance(outcome, Update)
    return outcome.bindings


def test_a_contact_is_bound_with_its_flow_for_the_default_time():
    (binding,) = bound(asking("<sip:ana@10.0.0.5:5062>", User_Agent="Desk\x00 phone \udc80"))
    assert (binding.contact_uri, binding.username) == ("sip:ana@10.0.0.5:5062", "ana")
    assert (binding.source_host, binding.source_port, binding.local) == ("198.51.100.7", 40000, UDP.local)
    assert binding.expires_at - NOW == timedelta(seconds=600)
    assert binding.user_agent == "Desk phone "


@pytest.mark.parametrize(
    ("contact", "expires", "granted"),
    [
        ("<sip:a@b>;expires=120", None, 120),
        ("<sip:a@b>;expires=120", "300", 120),
        ("<sip:a@b>", "300", 300),
        ("<sip:a@b>", "999999", 3600),
        ("<sip:a@b>;expires=4294967295", None, 3600),
        ("<sip:a@b>;expires=soon", "300", 300),
    ],
)
def test_the_time_asked_for_is_granted_within_the_limits(contact, expires, granted):
    request = asking(contact, **({"Expires": expires} if expires else {}))
    (binding,) = bound(request)
    assert (binding.expires_at - NOW).total_seconds() == granted


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (asking("<sip:a@b>;expires=59"), 423),
        (asking("<sip:a@b>;q=2"), 400),
        (asking("<mailto:a@b>"), 400),
        (asking("<sip:a@b>", "<sip:a@c>", "<sip:a@d>", "<sip:a@e>"), 403),
        (asking("*"), 400),
        (asking("*", Expires="60"), 400),
        (asking("<sip:" + "a" * 1024 + "@b>"), 400),
    ],
)
def test_what_cannot_be_granted_is_refused_whole(request_, status):
    refusal = bind(request_)
    assert isinstance(refusal, Refusal) and refusal.status == status
    if status == 423:
        assert refusal.headers == (("Min-Expires", "60"),)


def test_one_bad_contact_binds_none_of_the_others():
    assert isinstance(bind(asking("<sip:a@b>", "<sip:a@c>;expires=1")), Refusal)


def test_a_refresh_keeps_the_binding_and_a_new_contact_adds_one():
    first = bound(asking("<sip:a@b>"))
    later = NOW + timedelta(seconds=100)
    refreshed = bind(asking("<sip:a@B>", cseq=2), first, now=later)
    assert isinstance(refreshed, Update)
    assert [one.id for one in refreshed.bindings] == [first[0].id]
    assert refreshed.changes == (Put(refreshed.bindings[0]),)
    both = bound(asking("<sip:a@c>", call_id="d"), refreshed.bindings)
    assert [one.contact_uri for one in both] == ["sip:a@b", "sip:a@c"] or len(both) == 2


def test_requests_of_one_call_id_count_upwards_and_a_retransmission_repeats_itself():
    current = bound(asking("<sip:a@b>", cseq=5))
    late = bind(asking("<sip:a@b>;expires=0", cseq=4), current)
    assert isinstance(late, Refusal) and late.status == 500
    assert bind(asking("<sip:a@b>", cseq=5), current) == Update(current, ())
    assert len(bound(asking("<sip:a@b>", cseq=1, call_id="restarted"), current)) == 1
    star = bind(asking("*", Expires="0", cseq=4), current)
    assert isinstance(star, Refusal) and star.status == 500


def test_zero_seconds_remove_a_contact_and_star_all():
    current = bound(asking("<sip:a@b>", "<sip:a@c>"))
    outcome = bind(asking("<sip:a@b>;expires=0", cseq=2), current)
    assert isinstance(outcome, Update)
    assert [one.contact_uri for one in outcome.bindings] == ["sip:a@c"]
    assert outcome.changes == (Remove(current[0].id),)
    outcome = bind(asking("*", Expires="0", cseq=2), current)
    assert outcome == Update((), tuple(Remove(one.id) for one in current))


def test_an_instance_is_replaced_whatever_its_address():
    outbound = ';reg-id=1;+sip.instance="<urn:uuid:7>"'
    current = bound(asking(f"<sip:a@10.0.0.1>{outbound}"))
    moved = bound(asking(f"<sip:a@10.0.0.2>{outbound}", call_id="new"), current)
    assert [(one.id, one.contact_uri) for one in moved] == [(current[0].id, "sip:a@10.0.0.2")]
    second = bound(asking(f"<sip:a@10.0.0.3>{outbound.replace('=1', '=2')}", call_id="x"), moved)
    assert len(second) == 2


def test_beyond_the_cap_the_oldest_binding_makes_room():
    current: tuple[Registration, ...] = ()
    for number in range(4):
        now = NOW + timedelta(seconds=number)
        current = bound(asking(f"<sip:a@h{number}>", call_id=f"c{number}"), current, now=now)
    assert [one.contact_uri for one in current] == ["sip:a@h1", "sip:a@h2", "sip:a@h3"]


def test_expired_bindings_are_dropped_on_the_way():
    current = bound(asking("<sip:a@b>;expires=60"))
    outcome = bind(asking(call_id="q"), current, now=NOW + timedelta(seconds=61))
    assert outcome == Update((), (Remove(current[0].id),))


def test_the_answer_lists_what_is_bound_with_the_time_left():
    request = asking('<sip:a@b>;q=0.5;reg-id=1;+sip.instance="<urn:uuid:7>"', Supported="path, outbound")
    bindings = bound(request)
    assert answer_headers(bindings, request, NOW + timedelta(seconds=100)) == (
        ("Contact", '<sip:a@b>;+sip.instance="<urn:uuid:7>";reg-id=1;q=0.5;expires=500'),
        ("Require", "outbound"),
    )
