"""Carriers: their calls come in, ours go out, and nobody else has what is theirs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import pytest
from carrier import Carrier, challenge, proves
from lab import CAMILLE, ApiRefused, Events, Lab
from phone import Phone
from udp_peer import value

DID = "+33180000001"
OUTSIDE = "+33639987654"
USER, REALM, SECRET = "33180", "carrier.test", "open sesame"
OUR_HZ, THEIR_HZ = 2100.0, 2500.0


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    """Only trunks vouch for their callers here."""
    with new_lab(ivr={"trusted_callers": ["trunks"]}, acd={"wrap_up": "0s"}) as lab:
        lab.start_pbx()
        lab.run("number", "add", DID, "--inside", "--language", "fr")
        lab.run("phone", "allow", "alice", "+33", "--calls", "1")
        yield lab


@pytest.fixture(scope="module")
def carrier(lab: Lab) -> Iterator[Carrier]:
    with Carrier("127.0.0.1", lab.sip_port) as carrier:
        set_trunk(lab, carrier)
        yield carrier


@pytest.fixture(scope="module")
def alice(lab: Lab) -> Phone:
    return lab.agent_phone("alice", rtp_start=41000)


@pytest.fixture(scope="module")
def benoit(lab: Lab) -> Phone:
    return lab.agent_phone("benoit", rtp_start=41200)


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    events = lab.events()
    yield events
    for agent in ("alice", "benoit"):
        lab.api("PUT", f"/agents/{agent}/status", {"status": "offline"}, actor=agent)
    events.close()


def set_trunk(lab: Lab, carrier: Carrier, *more: str) -> str:
    return lab.run(
        "trunk",
        "set",
        "carrier",
        "--host",
        carrier.address,
        "--port",
        str(carrier.port),
        "--caller",
        DID,
        *more,
    )


def dials(lab: Lab, phone: Phone, number: str = OUTSIDE) -> int:
    return phone.call(f"sip:{number}@{lab.server}")


# --- from the carrier to us ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", [CAMILLE, "0639980001"])
def test_a_call_from_the_trunk_s_address_reaches_its_number_and_its_caller_is_believed(
    lab: Lab, events: Events, carrier: Carrier, tmp_path: Path, caller: str
) -> None:
    call = carrier.calls(DID, caller)
    assert call.final() == "SIP/2.0 200 OK"
    greeting = events.wait("playback.started", lambda e: "Camille" in e["text"])
    assert audio.speech_seconds(carrier.audio.hear(tmp_path / "heard.wav", 2.0)) > 1.0
    carrier.audio.press("1")
    events.wait("flow.node_entered", lambda e: e["node"] == "say_status")
    call.hang_up()
    ended = events.wait("contact.ended", lambda e: e["contact"] == greeting["contact"])
    assert ended["outcome"] == "self_served"


def test_a_stranger_from_another_address_is_not_taken_for_the_trunk(
    lab: Lab, events: Events, carrier: Carrier
) -> None:
    with Carrier("127.0.0.1", lab.sip_port, "127.0.0.3") as stranger:
        lies = f"X-Comptoir-Trunk: carrier\nP-Asserted-Identity: <sip:{CAMILLE}@127.0.0.2>\n"
        assert stranger.calls(DID, CAMILLE, lies).final().startswith("SIP/2.0 401")

        public = stranger.calls("4001", CAMILLE, lies)
        assert public.final() == "SIP/2.0 200 OK"
        started = events.wait("contact.started")["contact"]
        events.wait("flow.node_entered", lambda e: e["contact"] == started and e["node"] == "choose_language")
        public.hang_up()
    assert not [one for one in events.of("playback.started") if "Camille" in one["text"]]


@pytest.mark.parametrize("number", [OUTSIDE, "alice", "shop"])
def test_the_trunk_is_no_way_out_and_reaches_no_extension(carrier: Carrier, number: str) -> None:
    assert carrier.calls(number, CAMILLE).final() == "SIP/2.0 404 Not Found"


# --- from us to the carrier ---------------------------------------------------------------------------------------


def test_a_phone_with_permission_calls_out_and_both_hear_each_other(
    lab: Lab, events: Events, carrier: Carrier, alice: Phone, tmp_path: Path
) -> None:
    theirs = dials(lab, alice)
    call = carrier.called()
    assert call.uri == f"sip:{OUTSIDE}@127.0.0.2:{carrier.port}"
    assert call.caller == DID
    assert not value(call.invite, "X-Comptoir-Account") and not value(call.invite, "X-Comptoir-Contact")
    call.ring()
    alice.wait("ringing", call=theirs, status=180)
    call.answer()
    alice.wait("answered", call=theirs)
    bridged = events.wait("call.bridged")
    alice.tone(theirs, OUR_HZ)
    carrier.audio.tone(THEIR_HZ)
    heard = carrier.audio.hear(tmp_path / "carrier.wav", 2.0)
    assert audio.tone_level(heard, OUR_HZ, 1.0) > -20
    assert audio.tone_level(alice.hear(theirs, tmp_path / "alice.wav", 1.5), THEIR_HZ, 0.5) > -20
    alice.hang_up(theirs)
    call.is_hung_up()
    rows = lab.wait_for_rows(
        "select * from contact where id = :id", lambda rows: bool(rows and rows[0]["ended_at"]),
        id=bridged["contact"],
    )  # fmt: skip
    assert rows[0]["direction"] == "outbound" and rows[0]["called"] == OUTSIDE
    assert rows[0]["agent_id"] == "alice" and rows[0]["outcome"] == "answered"


def test_the_called_one_hangs_up(lab: Lab, carrier: Carrier, alice: Phone) -> None:
    theirs = dials(lab, alice)
    call = carrier.called()
    call.answer()
    alice.wait("answered", call=theirs)
    call.hang_up()
    alice.wait("ended", call=theirs)


def test_a_number_is_dialed_as_people_write_it(lab: Lab, carrier: Carrier, alice: Phone) -> None:
    theirs = dials(lab, alice, "0639987654")
    call = carrier.called()
    assert call.uri.startswith(f"sip:{OUTSIDE}@")
    alice.hang_up(theirs)
    call.is_given_up()
    alice.wait("ended", call=theirs)


@pytest.mark.parametrize(("status", "told"), [("486 Busy Here", 486), ("404 Not Found", 404)])
def test_what_the_carrier_refuses_is_told_to_the_phone(
    lab: Lab, carrier: Carrier, alice: Phone, status: str, told: int
) -> None:
    theirs = dials(lab, alice)
    carrier.called().refuse(status)
    assert alice.wait("ended", call=theirs)["status"] == told


def test_without_permission_and_outside_the_number_plan_nothing_is_dialed(
    lab: Lab, carrier: Carrier, alice: Phone, benoit: Phone
) -> None:
    for phone, number in ((benoit, OUTSIDE), (alice, "+12025550123"), (alice, "0012025550123")):
        theirs = dials(lab, phone, number)
        assert phone.wait("ended", call=theirs)["status"] == 403, number
    assert not carrier.is_called(within=0.5)


def test_calls_above_the_phone_s_cap_are_refused_until_one_has_ended(
    lab: Lab, carrier: Carrier, alice: Phone
) -> None:
    first = dials(lab, alice)
    call = carrier.called()
    call.answer()
    alice.wait("answered", call=first)

    second = dials(lab, alice, "+33639987655")
    assert alice.wait("ended", call=second)["status"] == 403
    assert not carrier.is_called(within=0.3)

    alice.hang_up(first)
    call.is_hung_up()
    alice.wait("ended", call=first)
    third = dials(lab, alice)
    carrier.called().refuse("486 Busy Here")
    alice.wait("ended", call=third)


def test_calls_above_the_trunk_s_cap_are_refused(
    lab: Lab, carrier: Carrier, alice: Phone, benoit: Phone
) -> None:
    set_trunk(lab, carrier, "--calls", "1")
    lab.run("phone", "allow", "benoit", "+33")
    try:
        first = dials(lab, alice)
        call = carrier.called()
        call.answer()
        alice.wait("answered", call=first)
        second = dials(lab, benoit, "+33639987655")
        assert benoit.wait("ended", call=second)["status"] == 480
        alice.hang_up(first)
        call.is_hung_up()
        alice.wait("ended", call=first)
        third = dials(lab, benoit)
        carrier.called().refuse("486 Busy Here")
        assert benoit.wait("ended", call=third)["status"] == 486
    finally:
        lab.run("phone", "allow", "benoit")
        set_trunk(lab, carrier)


def test_the_desk_dials_out_with_the_agent_s_own_permission(
    lab: Lab, events: Events, carrier: Carrier, alice: Phone, benoit: Phone
) -> None:
    command = {"target": f"number:{OUTSIDE}"}
    with pytest.raises(ApiRefused) as refused:
        lab.api("POST", "/agents/benoit/dial", command, actor="benoit")
    assert refused.value.status == 403

    contact = lab.api("POST", "/agents/alice/dial", command, actor="alice")["contact"]
    theirs = int(alice.wait("incoming")["call"])
    alice.answer(theirs)
    call = carrier.called()
    assert call.uri.startswith(f"sip:{OUTSIDE}@") and call.caller == DID
    call.answer()
    events.wait("call.bridged", lambda e: e["contact"] == contact)
    call.hang_up()
    alice.wait("ended", call=theirs)

    abroad = {"target": "number:+12025550123"}
    contact = lab.api("POST", "/agents/alice/dial", abroad, actor="alice")["contact"]
    theirs = int(alice.wait("incoming")["call"])
    alice.answer(theirs)
    alice.wait("ended", call=theirs)
    assert events.wait("contact.ended", lambda e: e["contact"] == contact)["outcome"] == "failed"
    assert not carrier.is_called(within=0.3)


# --- credentials --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def login(lab: Lab, carrier: Carrier) -> tuple[str, ...]:
    """The carrier wants a login from now on; the options of `trunk set` for that."""
    secret = lab.directory / "secret"
    secret.write_text(f"{SECRET}\n")
    options = ("--username", USER, "--password-file", str(secret), "--realm", REALM)
    set_trunk(lab, carrier, *options)
    return options


@pytest.mark.parametrize(
    ("status", "header"),
    [("401 Unauthorized", "WWW-Authenticate"), ("407 Proxy Authentication Required", "Proxy-Authenticate")],
)
def test_a_challenge_in_the_trunk_s_realm_is_answered(
    lab: Lab, carrier: Carrier, alice: Phone, login: tuple[str, ...], status: str, header: str
) -> None:
    theirs = dials(lab, alice)
    carrier.called().refuse(status, challenge(REALM, header))
    call = carrier.called()
    assert proves(call.invite, USER, REALM, SECRET)
    call.answer()
    alice.wait("answered", call=theirs)
    alice.hang_up(theirs)
    call.is_hung_up()


def test_a_challenge_in_another_realm_gets_no_credentials(
    lab: Lab, carrier: Carrier, alice: Phone, login: tuple[str, ...]
) -> None:
    theirs = dials(lab, alice)
    carrier.called().refuse(
        "407 Proxy Authentication Required", challenge("phisher.test", "Proxy-Authenticate")
    )
    assert alice.wait("ended", call=theirs)["status"] == 480, "the phone is not asked to log in there"
    assert not carrier.is_called(within=0.5)


def test_a_trunk_registers_takes_calls_at_its_contact_and_takes_its_registration_back(
    lab: Lab, events: Events, carrier: Carrier, login: tuple[str, ...]
) -> None:
    set_trunk(lab, carrier, *login, "--register")
    carrier.reply(carrier.expect("REGISTER "), "401 Unauthorized", challenge(REALM))
    register = carrier.expect("REGISTER ")
    assert proves(register, USER, REALM, SECRET)
    contact = value(register, "Contact")
    assert contact.startswith(f"<sip:{USER}@127.0.0.1:{lab.sip_port}>")
    carrier.reply(register, "200 OK", f"Contact: {contact};expires=300\n")

    call = carrier.calls(USER, CAMILLE, to=DID)
    assert call.final() == "SIP/2.0 200 OK"
    events.wait("playback.started", lambda e: "Camille" in e["text"])
    call.hang_up()

    set_trunk(lab, carrier)
    assert value(carrier.expect("REGISTER "), "Expires") == "0"


# --- set up while it runs -----------------------------------------------------------------------------------------


def test_a_trunk_that_is_removed_leads_nowhere_and_one_that_is_set_leads_there_at_once(
    lab: Lab, carrier: Carrier, alice: Phone
) -> None:
    assert "has taken it over" in lab.run("trunk", "remove", "carrier")
    theirs = dials(lab, alice)
    assert alice.wait("ended", call=theirs)["status"] == 404
    assert carrier.calls(DID, CAMILLE).final().startswith("SIP/2.0 401"), "it is a stranger now"

    with Carrier("127.0.0.1", lab.sip_port, "127.0.0.4") as other:
        assert "has taken it over" in set_trunk(lab, other)
        theirs = dials(lab, alice)
        other.called().refuse("486 Busy Here")
        alice.wait("ended", call=theirs)
    set_trunk(lab, carrier)
    theirs = dials(lab, alice)
    carrier.called().refuse("486 Busy Here")
    alice.wait("ended", call=theirs)


# --- transfers ----------------------------------------------------------------------------------------------------


@pytest.fixture
def customer(lab: Lab) -> Iterator[Phone]:
    with Phone(username="+33639989999", server=lab.server, rtp_start=41400) as phone:
        yield phone


def talking(lab: Lab, events: Events, customer: Phone, agent: Phone, name: str) -> tuple[int, int, str]:
    """The customer and the agent talk; the calls of both and the contact."""
    lab.available(name)
    call = lab.dial_shop(customer)
    customer.digits(call, "20")
    theirs = int(agent.wait("incoming", timeout=30)["call"])
    agent.answer(theirs)
    return call, theirs, events.wait("call.bridged", lambda e: e["agent"] == name)["contact"]


@pytest.mark.parametrize("way", ["api", "refer"])
def test_an_agent_with_permission_transfers_a_customer_outside(
    lab: Lab, events: Events, carrier: Carrier, alice: Phone, customer: Phone, tmp_path: Path, way: str
) -> None:
    call, theirs, contact = talking(lab, events, customer, alice, "alice")
    if way == "api":
        command = {"kind": "blind", "target": f"number:{OUTSIDE}"}
        lab.api("POST", f"/contacts/{contact}/transfer", command, actor="alice")
    else:
        alice.refer(theirs, f"sip:{OUTSIDE}@{lab.server}")
    outside = carrier.called()
    assert outside.uri.startswith(f"sip:{OUTSIDE}@") and outside.caller == DID
    alice.wait("ended", call=theirs)
    outside.answer()
    events.wait("call.bridged", lambda e: e["contact"] == contact and e["agent"] is None)
    customer.tone(call, OUR_HZ)
    carrier.audio.tone(THEIR_HZ)
    heard = carrier.audio.hear(tmp_path / "carrier.wav", 2.0)
    assert audio.tone_level(heard, OUR_HZ, 1.0) > -20
    assert audio.tone_level(customer.hear(call, tmp_path / "customer.wav", 1.5), THEIR_HZ, 0.5) > -20
    customer.hang_up(call)
    outside.is_hung_up()


@pytest.mark.parametrize("way", ["api", "refer"])
def test_an_agent_without_permission_transfers_nobody_outside(
    lab: Lab, events: Events, carrier: Carrier, benoit: Phone, customer: Phone, tmp_path: Path, way: str
) -> None:
    call, theirs, contact = talking(lab, events, customer, benoit, "benoit")
    if way == "api":
        for kind in ("blind", "consult"):
            command = {"kind": kind, "target": f"number:{OUTSIDE}"}
            with pytest.raises(ApiRefused) as refused:
                lab.api("POST", f"/contacts/{contact}/transfer", command, actor="benoit")
            assert refused.value.status == 403
    else:
        benoit.refer(theirs, f"sip:{OUTSIDE}@{lab.server}")
        assert benoit.wait("transfer", call=theirs, final=True)["status"] == 603
    assert not carrier.is_called(within=0.5)
    benoit.tone(theirs, OUR_HZ)
    assert audio.tone_level(customer.hear(call, tmp_path / "customer.wav", 1.5), OUR_HZ, 0.5) > -20
    customer.hang_up(call)
    benoit.wait("ended", call=theirs)
