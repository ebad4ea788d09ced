"""Who signals over which connection, who went away, and what takes the place of what."""

import pytest

from pbx.sip.browsers import Browsers, page_of
from pbx.sip.events import PeerLost, PeerReturned
from pbx.sip.framing import read_datagram

PAGE = ("k3@b7.invalid",)


class Rig:
    """Keeps, in order, what is published and superseded."""

    def __init__(self, capacity: int = 100) -> None:
        self.done: list[object] = []
        self.browsers = Browsers(self.done.append, lambda old, new: self.done.append((old, new)), capacity)

    def take(self) -> list[object]:
        taken, self.done[:] = list(self.done), []
        return taken


def test_who_goes_away_is_lost_once_and_returns_once():
    rig = Rig()
    rig.browsers.signalled("ana", PAGE, 1)
    rig.browsers.signalled("ana", PAGE, 1)
    assert rig.take() == []
    rig.browsers.lost(1)
    rig.browsers.lost(1)
    assert rig.take() == [PeerLost("ana")]
    rig.browsers.signalled("ana", PAGE, 2)
    rig.browsers.signalled("ana", PAGE, 2)
    assert rig.take() == [(1, 2), PeerReturned("ana")]


def test_who_has_another_connection_is_not_lost():
    rig = Rig()
    rig.browsers.signalled("ana", ("one@page",), 1)
    rig.browsers.signalled("ana", ("other@page",), 2)
    rig.browsers.lost(1)
    assert rig.take() == []
    rig.browsers.lost(2)
    assert rig.take() == [PeerLost("ana")]


def test_a_page_over_a_new_connection_supersedes_its_old_one_without_a_gap():
    rig = Rig()
    rig.browsers.signalled("ana", PAGE, 1)
    rig.browsers.signalled("ana", PAGE, 2)
    assert rig.take() == [(1, 2)]
    rig.browsers.lost(1)
    assert rig.take() == []
    rig.browsers.lost(2)
    assert rig.take() == [PeerLost("ana")]


def test_another_account_with_the_same_page_takes_nothing_over():
    rig = Rig()
    rig.browsers.signalled("ana", PAGE, 1)
    rig.browsers.signalled("bea", PAGE, 2)
    assert rig.take() == []


def test_an_instance_and_an_address_mean_the_same_page():
    rig = Rig()
    rig.browsers.signalled("ana", ("k3@b7.invalid", "<urn:x>"), 1)
    rig.browsers.signalled("ana", ("k4@b8.invalid", "<urn:x>"), 2)
    rig.browsers.signalled("ana", ("k4@b8.invalid",), 3)
    assert rig.take() == [(1, 2), (2, 3)]


def test_a_request_that_does_not_tell_its_page_supersedes_nothing():
    rig = Rig()
    rig.browsers.signalled("ana", (), 1)
    rig.browsers.signalled("ana", (), 2)
    assert rig.take() == []


def test_all_accounts_of_a_connection_are_lost_with_it():
    rig = Rig()
    rig.browsers.signalled("ana", (), 1)
    rig.browsers.signalled("bea", (), 1)
    rig.browsers.lost(1)
    assert set(rig.take()) == {PeerLost("ana"), PeerLost("bea")}


def test_what_is_remembered_of_the_absent_is_bounded():
    rig = Rig(capacity=10)
    for number in range(1000):
        rig.browsers.signalled(f"guest-{number}", (f"{number}@page",), number)
        rig.browsers.lost(number)
    assert len(rig.browsers._pages) == len(rig.browsers._away) == 10
    assert not rig.browsers._living and not rig.browsers._over


def test_an_account_that_makes_up_names_pushes_out_no_other_s():
    rig = Rig(capacity=10)
    rig.browsers.signalled("ana", PAGE, 1)
    for number in range(1000):
        rig.browsers.signalled("guest-v1", (f"{number}@page",), 2)
    rig.browsers.signalled("ana", PAGE, 3)
    assert rig.take() == [(1, 3)]
    assert len(rig.browsers._pages["guest-v1"]) == 30


def test_a_name_of_any_length_is_not_remembered():
    contact = f'<sip:k3@b7.invalid>;+sip.instance="<urn:{"x" * 4000}>"'
    request = read_datagram(
        f"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/WS x\r\nContact: {contact}\r\n\r\n".encode()
    )
    assert page_of(request) == PAGE


@pytest.mark.parametrize(
    ("contact", "page"),
    [
        ("<sip:k3@b7.invalid;transport=ws;ob>", PAGE),
        ('<sip:k3@b7.invalid;transport=ws>;+sip.instance="<urn:x>"', (*PAGE, "<urn:x>")),
        ("*", ()),
        ("rubbish", ()),
        (None, ()),
    ],
)
def test_a_page_is_known_by_its_contact(contact, page):
    line = "" if contact is None else f"Contact: {contact}\r\n"
    request = read_datagram(f"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/WS x\r\n{line}\r\n".encode())
    assert page_of(request) == page


@pytest.mark.parametrize(
    ("host", "page"), [("B7.invalid", ("b7.invalid",)), ("localhost", ()), ("192.0.2.1", ())]
)
def test_a_page_is_known_by_the_name_in_its_via_if_that_is_random(host, page):
    request = read_datagram(f"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/WS {host}\r\n\r\n".encode())
    assert page_of(request) == page
