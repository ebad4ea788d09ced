"""`comptoir trunk`: the carriers."""

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pbx import tables
from pbx.setup.common import require, table, verbs_of
from pbx.setup.session import Refused, change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "trunk", "the carriers")
    parser = verb("set", "make a trunk, or change one", change(_trunk_set))
    parser.add_argument("trunk")
    parser.add_argument("--host", required=True, help="the carrier's SIP server")
    parser.add_argument("--port", type=int, default=5060)
    parser.add_argument("--transport", choices=("UDP", "TCP"), default="UDP")
    parser.add_argument(
        "--addresses", nargs="*", default=[], help="from where it calls, when that is not the host"
    )
    parser.add_argument("--username", default="")
    parser.add_argument(
        "--realm", default="*", help="the digest realm; `*` only for a carrier that names none"
    )
    parser.add_argument("--password-file", default="", help="a file that only the service can read")
    parser.add_argument("--register", action="store_true", help="register there, so that its calls find us")
    parser.add_argument("--caller", default="", help="the number shown to the people we call")
    parser.add_argument("--calls", type=int, default=30, help="that we may place there at a time")
    verb("remove", "use a trunk no more", change(_trunk_remove)).add_argument("trunk")
    verb("list", "all trunks", read(_trunk_list))


def _trunk_set(session: Session, given: argparse.Namespace) -> str:
    if given.register and not given.username:
        raise Refused("Registering needs --username and --password-file.")
    if given.password_file and not Path(given.password_file).expanduser().is_file():
        raise Refused(f"There is no file {given.password_file}.")
    session.execute(delete(tables.trunk).where(tables.trunk.c.id == given.trunk))
    session.execute(
        insert(tables.trunk).values(
            id=given.trunk, name=given.trunk, host=given.host, port=given.port, transport=given.transport,
            addresses=given.addresses, realm=given.realm, username=given.username,
            password_file=given.password_file, register=given.register, caller=given.caller,
            max_calls=given.calls, enabled=True,
        )
    )  # fmt: skip
    return f"The trunk {given.trunk} leads to {given.host}."


def _trunk_remove(session: Session, given: argparse.Namespace) -> str:
    require(session, tables.trunk.c.id, given.trunk, f"There is no trunk {given.trunk}.")
    session.execute(delete(tables.trunk).where(tables.trunk.c.id == given.trunk))
    return f"The trunk {given.trunk} is used no more."


def _trunk_list(session: Session, given: argparse.Namespace) -> str:
    return table(
        ("trunk", "host", "port", "transport", "registers", "caller"),
        [
            (r.id, r.host, str(r.port), r.transport, "yes" if r.register else "no", r.caller)
            for r in session.execute(select(tables.trunk).order_by(tables.trunk.c.id))
        ],
    )
