"""`comptoir phone`: SIP accounts, and what they may dial."""

import argparse
import re
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pbx import tables
from pbx.accounts import make_endpoint
from pbx.setup.common import name, require, table, verbs_of, whole
from pbx.setup.session import Refused, change, read

_PREFIX = re.compile(r"\+[0-9]{0,15}")


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "phone", "SIP accounts, and what they may dial")
    parser = verb(
        "add", "a phone without an agent (agents' phones come with `comptoir user add`)", change(_phone_add)
    )
    parser.add_argument("phone", type=name, help="the SIP user name")
    parser.add_argument("--name", default="")
    allow = verb("allow", "let a phone dial outside", change(_phone_allow))
    allow.add_argument("phone")
    allow.add_argument("prefixes", nargs="*", help="such as +33 +351; none takes the permission away")
    allow.add_argument("--calls", type=whole(1), default=2, help="at a time")
    allow.add_argument("--calls-per-hour", type=whole(1), default=60)
    verb("remove", "a phone may log in no more", change(_phone_remove)).add_argument("phone")
    verb("list", "all phones", read(_phone_list))


def _phone_add(session: Session, given: argparse.Namespace) -> str:
    if session.scalar(select(tables.endpoint.c.username).where(tables.endpoint.c.username == given.phone)):
        raise Refused(f"There is a phone {given.phone} already.")
    made = make_endpoint(session, given.phone, given.name or given.phone)
    return f"The phone {made.username} logs in with the password {made.password} (shown only now)."


def _phone_allow(session: Session, given: argparse.Namespace) -> str:
    endpoint = tables.endpoint
    require(session, endpoint.c.username, given.phone, f"There is no phone {given.phone}.")
    if any(_PREFIX.fullmatch(prefix) is None for prefix in given.prefixes):
        raise Refused("Write prefixes in E.164, with the plus and without blanks: +33")
    session.execute(
        update(endpoint)
        .where(endpoint.c.username == given.phone)
        .values(
            may_dial_out=bool(given.prefixes), number_plan=given.prefixes,
            max_calls=given.calls, max_calls_per_hour=given.calls_per_hour,
        )
    )  # fmt: skip
    return f"{given.phone} may dial {', '.join(given.prefixes) or 'inside only'}."


def _phone_remove(session: Session, given: argparse.Namespace) -> str:
    endpoint = tables.endpoint
    require(session, endpoint.c.username, given.phone, f"There is no phone {given.phone}.")
    if session.scalar(select(tables.agent.c.id).where(tables.agent.c.phone == given.phone)):
        raise Refused(f"{given.phone} is an agent's phone; disable the user instead.")
    session.execute(delete(endpoint).where(endpoint.c.username == given.phone))
    return f"{given.phone} may log in no more."


def _phone_list(session: Session, given: argparse.Namespace) -> str:
    return table(
        ("phone", "name", "dials outside"),
        [
            (r.username, r.display_name, ", ".join(r.number_plan) if r.may_dial_out else "no")
            for r in session.execute(select(tables.endpoint).order_by(tables.endpoint.c.username))
        ],
    )
