"""The telephony's part of an account, a `config.accounts.AccountProvider`: an agent and its desk phone."""

import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from config.accounts import AccountFact, AccountRefused, Credential, NewAccount
from pbx import tables
from pbx.contract.guest import is_reserved
from pbx.sip.digest import ha1
from pbx.sip.edge_settings import REALM

KIND = "phone"
PASSWORD_BYTES = 12


def add(session: Session, account: NewAccount) -> Credential | None:
    """Make the SIP endpoint, and the agent who answers there; agents serve every queue at first.

    Raises:
        AccountRefused: the phone's user name is taken.
    """
    if account.phone_user is None:
        return None
    taken = session.scalar(select(tables.endpoint.c.username).where(_is_phone(account.phone_user)))
    if taken or is_reserved(account.phone_user):
        raise AccountRefused(
            "account.phone_taken",
            f"A phone named {account.phone_user} exists; choose another --phone-user.",
            phone=account.phone_user,
        )
    credential = make_endpoint(session, account.phone_user, account.name)
    make_agent(session, account.username, account.name, account.phone_user, {})
    for queue in session.scalars(select(tables.queue.c.id)).all():
        join_queue(session, account.username, queue)
    return credential


def passwd(session: Session, username: str) -> Credential | None:
    """Give the account's phone a new password; None if it has no phone."""
    phone = session.scalar(select(tables.agent.c.phone).where(tables.agent.c.id == username))
    phone = phone or session.scalar(select(tables.endpoint.c.username).where(_is_phone(username)))
    if phone is None:
        return None
    password, hashes = _new_password(phone)
    session.execute(update(tables.endpoint).where(_is_phone(phone)).values(**hashes))
    return Credential(KIND, phone, password)


def facts(session: Session) -> Iterator[AccountFact]:
    """Who is an agent, and at which phone."""
    for row in session.execute(select(tables.agent).order_by(tables.agent.c.id)):
        yield AccountFact(row.id, "phone", row.phone)


def make_endpoint(
    session: Session, username: str, name: str, may_dial_out: bool = False, number_plan: tuple[str, ...] = ()
) -> Credential:
    """A SIP account with a generated password, of which only the digest hashes are kept."""
    password, hashes = _new_password(username)
    session.execute(
        insert(tables.endpoint).values(
            username=username, display_name=name, realm=REALM, may_dial_out=may_dial_out,
            number_plan=list(number_plan), max_calls=10, max_calls_per_hour=60, enabled=True, **hashes,
        )
    )  # fmt: skip
    return Credential(KIND, username, password)


def make_agent(session: Session, id: str, name: str, phone: str, skills: dict[str, int]) -> None:
    """An agent who answers at `phone`."""
    session.execute(
        insert(tables.agent).values(
            id=id, name=name, phone=phone, skills=skills, max_misses=3, auto_answer=False, enabled=True
        )
    )


def join_queue(session: Session, agent: str, queue: str, level: int = 1) -> None:
    """Make the agent serve the queue."""
    session.execute(insert(tables.membership).values(queue_id=queue, agent_id=agent, level=level))


def _is_phone(username: str) -> Any:
    return tables.endpoint.c.username == username


def _new_password(username: str) -> tuple[str, dict[str, str]]:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    return password, {
        "ha1_md5": ha1(username, REALM, password, "MD5"),
        "ha1_sha256": ha1(username, REALM, password, "SHA-256"),
    }
