"""`comptoir number`: what can be called, and the flow that answers."""

import argparse
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pbx import tables
from pbx.setup.common import name, require, table, verbs_of
from pbx.setup.session import change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "number", "the numbers that can be called, and the flow that answers each")
    parser = verb("add", "let a flow answer a number", change(_number_add))
    parser.add_argument(
        "number", type=name, help="as it is dialed: an extension, or E.164 as the carrier sends it"
    )
    parser.add_argument("--flow", default="shop")
    parser.add_argument("--label", default="")
    parser.add_argument("--language", choices=("en", "fr", "pt"), default="en")
    parser.add_argument(
        "--inside", action="store_true", help="not open to strangers: trunks and own phones only"
    )
    verb("remove", "answer a number no more", change(_number_remove)).add_argument("number")
    verb("list", "all numbers", read(_number_list))


def _number_add(session: Session, given: argparse.Namespace) -> str:
    require(
        session, tables.flow.c.id, given.flow, f"There is no flow {given.flow}; see `comptoir flow list`."
    )
    session.execute(delete(tables.did).where(tables.did.c.number == given.number))
    session.execute(
        insert(tables.did).values(
            number=given.number, label=given.label or given.flow, flow_id=given.flow,
            language=given.language, public=not given.inside,
        )
    )  # fmt: skip
    return f"The flow {given.flow} answers {given.number}."


def _number_remove(session: Session, given: argparse.Namespace) -> str:
    require(session, tables.did.c.number, given.number, f"Nothing answers {given.number} anyway.")
    session.execute(delete(tables.did).where(tables.did.c.number == given.number))
    return f"Nothing answers {given.number} any more."


def _number_list(session: Session, given: argparse.Namespace) -> str:
    rows = session.execute(select(tables.did).order_by(tables.did.c.number)).all()
    return table(
        ("number", "flow", "language", "open to", "label"),
        [
            (r.number, r.flow_id, r.language, "everybody" if r.public else "trunks, phones", r.label)
            for r in rows
        ],
    )
