"""The customer decides: what is seen, when, by whom, and when it ends."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.cobrowse.conftest import Server, until

NewPair = Callable[..., Any]


@pytest.mark.parametrize(
    ("language", "question", "allow", "stop"),
    [
        ("en", "Alice Martin would like to see this page.", "Allow", "Stop sharing"),
        ("fr", "Alice Martin aimerait voir cette page.", "Autoriser", "Arrêter le partage"),
        ("pt", "Alice Martin gostaria de ver esta página.", "Permitir", "Parar a partilha"),
    ],
)
def test_the_customer_is_asked_by_name_in_their_language_and_can_stop(
    new_pair: NewPair, server: Server, language: str, question: str, allow: str, stop: str
) -> None:
    pair = new_pair(language=language)
    pair.agent.asks("view")
    until(lambda: pair.customer.reads(question))
    assert not any(frame.startswith('{"type":"batch"') for frame in pair.customer.frames)
    pair.customer.presses(allow)
    until(lambda: pair.agent._mirror() is not None)
    pair.customer.presses(stop)
    assert pair.agent.told("ended")["reason"] == "stopped"
    assert pair.customer.page.evaluate("window.over") == "stopped"
    until(lambda: pair.agent._mirror() is None)
    sent = len(pair.customer.frames)
    pair.customer.page.fill("[name=city]", "after the end")
    assert len(pair.customer.frames) == sent
    until(lambda: ["stopped", "customer", ""] in server.do("records", contact=pair.agent.contact)["consent"])
    consent = server.do("records", contact=pair.agent.contact)["consent"]
    assert consent[:3] == [
        ["joined", "alice", ""],
        ["asked", "alice", "view"],
        ["granted", "customer", "view"],
    ]
    until(lambda: server.do("records", contact=pair.agent.contact)["sessions"][0][0] == "stopped")


def test_a_no_is_a_no(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    pair.agent.asks("view")
    pair.customer.presses("No")
    pair.agent.told("state", "one.question === null && !one.tiers.view")
    pair.agent.asks("view")
    assert pair.agent.told("refused")["reason"] == "cobrowse.not_allowed"
    assert not any(frame.startswith('{"type":"batch"') for frame in pair.customer.frames)


def test_a_question_that_is_not_answered_in_thirty_seconds_was_answered_with_no(
    new_pair: NewPair, server: Server
) -> None:
    pair = new_pair()
    pair.agent.asks("view")
    until(lambda: pair.customer.reads("would like to see"))
    server.do("later", seconds=29.0)
    assert pair.agent.told("state")["question"] is not None
    server.do("later", seconds=1.1)
    pair.agent.told("state", "one.question === null && !one.tiers.view")
    until(lambda: not pair.customer.reads("would like to see"))
    assert ["timed_out", "system", "view"] in server.do("records", contact=pair.agent.contact)["consent"]
    pair.agent.asks("view")
    assert pair.agent.told("refused")["reason"] == "cobrowse.not_allowed"
    assert not any(frame.startswith('{"type":"batch"') for frame in pair.customer.frames)


def test_while_paused_nothing_leaves_the_page_and_afterwards_it_goes_on(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.presses("Pause")
    pair.agent.told("state", "one.phase === 'paused'")
    until(lambda: pair.agent._mirror() is None)
    sent = len([frame for frame in pair.customer.frames if frame.startswith('{"type":"batch"')])
    pair.customer.page.fill("[name=city]", "hidden while paused")
    pair.customer.page.wait_for_timeout(300)
    assert len([frame for frame in pair.customer.frames if frame.startswith('{"type":"batch"')]) == sent
    pair.customer.page.fill("[name=city]", "Evora")
    pair.customer.presses("Go on")
    until(lambda: pair.agent._mirror() is not None)
    pair.same()
    assert "hidden while paused" not in "".join(pair.customer.frames)


def test_escape_takes_control_back(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    pair.customer.page.keyboard.press("Escape")
    pair.agent.told("state", "!one.tiers.control && one.tiers.view")


def test_the_banner_can_be_reached_while_the_page_shows_a_dialog(new_pair: NewPair) -> None:
    pair = new_pair("shadow.html")
    pair.agree("view")
    pair.customer.page.click("#open")
    pair.customer.page.wait_for_timeout(600)
    pair.customer.presses("Pause")
    pair.agent.told("state", "one.phase === 'paused'")


def test_a_page_cannot_agree_in_its_customers_name(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agent.asks("view")
    until(lambda: pair.customer.reads("would like to see"))
    pair.customer.page.evaluate(
        """() => { for (const el of document.querySelectorAll('comptoir-cobrowse')) {
        if (el.shadowRoot) throw new Error('open'); el.click(); } }"""
    )
    pair.customer.page.wait_for_timeout(200)
    assert not any(frame.startswith('{"type":"batch"') for frame in pair.customer.frames)


def test_a_customer_offers_to_share(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    pair.customer.page.evaluate("window.leave()")
    pair.customer.shares(offer=True)
    until(lambda: pair.agent._mirror() is not None)
    pair.same()


def test_the_session_ends_with_the_contact(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    pair.agree("view")
    server.do("hang_up", contact=pair.agent.contact)
    assert pair.agent.told("ended")["reason"] == "contact_ended"
    until(lambda: pair.customer.page.evaluate("window.over") == "contact_ended")


def test_the_calls_recording_pauses_while_the_customer_pays(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    pair.agree("view")
    contact = pair.agent.contact
    pair.customer.page.frame_locator("iframe.psp").locator("#pan").click()
    pair.agent.told("state", "one.paying")
    until(lambda: ["alice", "recording/pause", contact] in server.do("commands")["commands"])
    pair.customer.page.click("#title")
    pair.agent.told("state", "!one.paying")
    until(lambda: ["alice", "recording/resume", contact] in server.do("commands")["commands"])
