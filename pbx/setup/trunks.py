"""`comptoir trunk`: the carriers."""

import argparse
import ipaddress
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pbx import tables
from pbx.setup.common import name, require, table, verbs_of, whole
from pbx.setup.session import Refused, change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "trunk", "the carriers")
    parser = verb("set", "make a trunk, or change one", change(_trunk_set))
    parser.add_argument("trunk", type=name)
    parser.add_argument("--host", required=True, type=_host, help="the carrier's SIP server")
    parser.add_argument("--port", type=whole(1, 65535), help="5060 when not given, 5061 with TLS")
    parser.add_argument(
        "--transport",
        choices=("UDP", "TCP", "TLS"),
        default="UDP",
        help="with TLS its certificate must prove the host's name, and audio is encrypted (SDES-SRTP)",
    )
    parser.add_argument(
        "--addresses",
        nargs="*",
        type=_network,
        default=[],
        help="from where it calls, when that is not the host",
    )
    parser.add_argument("--username", default="")
    parser.add_argument(
        "--realm", default="*", help="the digest realm; `*` only for a carrier that names none"
    )
    parser.add_argument("--password-file", default="", help="a file that only the service can read")
    parser.add_argument("--register", action="store_true", help="register there, so that its calls find us")
    parser.add_argument("--caller", default="", help="the number shown to the people we call")
    parser.add_argument("--calls", type=whole(1), default=30, help="that we may place there at a time")
    verb("remove", "use a trunk no more", change(_trunk_remove)).add_argument("trunk")
    verb("list", "all trunks", read(_trunk_list))


def _host(text: str) -> str:
    if not text.strip("[]") or any(character.isspace() or character in "@/;?" for character in text):
        raise argparse.ArgumentTypeError(f"{text!r} is no host: write its name or address alone")
    return text.strip("[]")


def _network(text: str) -> str:
    try:
        return (
            str(ipaddress.ip_network(text, strict=False)) if "/" in text else str(ipaddress.ip_address(text))
        )
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no address or network, such as 192.0.2.1 or 192.0.2.0/24"
        ) from None


def _trunk_set(session: Session, given: argparse.Namespace) -> str:
    if given.register and not (given.username and given.password_file):
        raise Refused("Registering needs --username and --password-file.")
    password_file = str(Path(given.password_file).expanduser().absolute()) if given.password_file else ""
    if password_file and not Path(password_file).is_file():
        raise Refused(f"There is no file {password_file}.")
    port = given.port or (5061 if given.transport == "TLS" else 5060)
    session.execute(delete(tables.trunk).where(tables.trunk.c.id == given.trunk))
    session.execute(
        insert(tables.trunk).values(
            id=given.trunk, name=given.trunk, host=given.host, port=port, transport=given.transport,
            addresses=given.addresses, realm=given.realm, username=given.username,
            password_file=password_file, register=given.register, caller=given.caller,
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
