"""`comptoir user`: makes accounts, gives them new passwords, lists them."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.accounts import (
    AccountFact,
    AccountRefused,
    Credential,
    Language,
    NewAccount,
    Role,
    add_account,
    providers,
    reset_passwords,
)
from config.database import cause_of, create_engine_for, session_factory
from config.settings import Settings

NO_PHONE = "-"


def command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `user` with its own sub-commands."""
    verbs = commands.add_parser("user", help="add people, give them new passwords, list them").add_subparsers(
        metavar="VERB", required=True
    )
    _add_verb(verbs)
    passwd = verbs.add_parser("passwd", help="generate new passwords, shown once")
    passwd.add_argument("username")
    passwd.add_argument("--only", choices=("pages", "phone"), help="leave the other password as it is")
    passwd.set_defaults(run=run_passwd)
    verbs.add_parser("list", help="who has an account").set_defaults(run=run_list)


def _add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = verbs.add_parser("add", help="make an account; its passwords are shown once")
    add.add_argument("username", help="2 to 32 letters a-z, digits, dots, dashes or underscores")
    add.add_argument("--name", default="", help="the name that others see")
    add.add_argument("--role", choices=get_args(Role), default="agent")
    add.add_argument("--language", choices=get_args(Language), default="en")
    add.add_argument(
        "--phone",
        metavar="USER",
        help=f"user name of the SIP phone; an agent's is the user name itself, {NO_PHONE} means no phone",
    )
    add.set_defaults(run=run_add)


def run_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make an account and print its passwords."""
    username = arguments.username.strip().lower()
    account = NewAccount(
        username=username,
        name=arguments.name.strip() or username,
        role=arguments.role,
        language=arguments.language,
        phone_user=_phone_user(arguments.phone, arguments.role, username),
    )
    return _in_transaction(settings, lambda session: _passwords(add_account(session, account)))


def run_passwd(arguments: argparse.Namespace, settings: Settings) -> int:
    """Generate new passwords and print them."""
    username = arguments.username.strip().lower()
    return _in_transaction(
        settings, lambda session: _passwords(reset_passwords(session, username, arguments.only))
    )


def run_list(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every account and what is known of it."""
    return _in_transaction(settings, _listed)


def _phone_user(wanted: str | None, role: Role, username: str) -> str | None:
    if wanted is None:
        return username if role == "agent" else None
    return None if wanted == NO_PHONE else wanted


def _in_transaction(settings: Settings, work: Callable[[Session], Iterator[str]]) -> int:
    """Do the work, commit, and only then print what it says."""
    engine = create_engine_for(settings.database)
    try:
        with session_factory(engine).begin() as session:
            lines = list(work(session))
    except AccountRefused as refused:
        print(f"comptoir user: {refused.detail}", file=sys.stderr)
        return 1
    except SQLAlchemyError as problem:
        print(f"comptoir user: the database cannot be used: {cause_of(problem)}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print("\n".join(lines))
    return 0


def _passwords(credentials: Sequence[Credential]) -> Iterator[str]:
    for credential in credentials:
        yield f"{credential.kind:<6} {credential.username:<20} {credential.password}"
    yield "Passwords are shown only now. A running telephone system takes the change within a minute."


def _listed(session: Session) -> Iterator[str]:
    facts: dict[str, list[AccountFact]] = {}
    for provider in providers():
        for fact in provider.facts(session):
            facts.setdefault(fact.username, []).append(fact)
    if not facts:
        yield "Nobody has an account yet: comptoir user add NAME --role admin"
    for username in sorted(facts):
        known = "  ".join(f"{fact.fact}={fact.value}" for fact in facts[username])
        yield f"{username:<20} {known}"
