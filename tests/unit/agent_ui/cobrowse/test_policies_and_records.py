"""Policies have versions, the consent record only grows, tickets are good for a minute."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from unit.agent_ui.cobrowse.mirrored import POLICY

from agent_ui.cobrowse import command, demo
from agent_ui.cobrowse.errors import BadTicket
from agent_ui.cobrowse.parties import About
from agent_ui.cobrowse.store import ConsentEntry, add_consent, consent_of, policy_of, set_policy
from agent_ui.cobrowse.tickets import Ticket, Tickets
from config.database import create_engine_for, metadata, session_factory
from config.settings import DatabaseSettings
from orders.adapters.demo_site import demo_site
from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.sites import SqlSites
from pbx.setup.session import Refused

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{tmp_path / 'some.db'}"))
    metadata.create_all(engine)
    with session_factory(engine).begin() as session:
        yield session


def test_a_site_without_a_policy_shares_nothing(session: Session) -> None:
    policy = policy_of(session, "shop")
    assert (policy.version, policy.share) == (0, ())


def test_a_new_policy_is_a_new_version(session: Session) -> None:
    set_policy(session, "shop", ("name:email",), (), NOW)
    set_policy(session, "shop", ("name:city",), ("id:pay",), NOW)
    policy = policy_of(session, "shop")
    assert (policy.version, policy.share, policy.pay) == (2, ("name:city",), ("id:pay",))
    with pytest.raises(ValueError, match="a rule is"):
        set_policy(session, "shop", ("*",), (), NOW)


def test_the_demonstrations_policy_is_made_once(session: Session) -> None:
    demo.load(session, 1)
    demo.load(session, 1)
    assert policy_of(session, "shop").version == 1
    assert policy_of(session, "shop").shares({"name": "city"})


def test_the_consent_record_is_read_back_in_order(session: Session) -> None:
    about = About("s1", "c1", "v1", POLICY, {})
    entries = [
        ConsentEntry(NOW, "s1", action, "view", by, POLICY.version)
        for action, by in (("asked", "alice"), ("granted", "customer"), ("revoked", "customer"))
    ]
    for entry in entries:
        add_consent(session, about, entry)
    assert consent_of(session, "c1") == tuple(entries)
    assert consent_of(session, "c2") == ()


def test_a_policy_is_set_and_read_from_the_console(session: Session) -> None:
    SqlSites(execute_in(session)).save(demo_site("s" * 32))
    given = argparse.Namespace(site="shop", share=["name:email"], pay=["id:order"])
    assert command._set(session, given).startswith("Version 1")
    shown = command._show(session, argparse.Namespace(site="shop"))
    assert "name:email" in shown
    assert "id:order" in shown
    with pytest.raises(Refused):
        command._show(session, argparse.Namespace(site="elsewhere"))
    with pytest.raises(argparse.ArgumentTypeError):
        command._rule("everything")


def test_a_ticket_lets_in_once_and_a_forged_one_never(monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = Tickets("secret")
    ticket = Ticket("session", "alice", "Alice Martin", "agent", "c1")
    text, another = tickets.issue(ticket), tickets.issue(ticket)
    assert text != another
    assert tickets.take(text) == ticket
    with pytest.raises(BadTicket):
        tickets.take(text)
    for forged in ("", None, 7, text[:-2], Tickets("another").issue(ticket), "x" * 2000):
        with pytest.raises(BadTicket):
            tickets.take(forged)
    monkeypatch.setattr("agent_ui.cobrowse.tickets.LIFETIME", -1)
    with pytest.raises(BadTicket):
        tickets.take(another)
