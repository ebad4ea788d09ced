"""What the set-up commands share: a transaction, a refusal in plain words, and telling the running system."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from config.addresses import bracketed
from config.database import cause_of, create_engine_for, session_factory
from config.settings import Settings

RELOAD_SECONDS = 5.0
Run = Callable[[argparse.Namespace, Settings], int]


class Refused(Exception):
    """The command cannot be done; the text says why and what to do."""

    id = "setup.refused"


def change(work: Callable[[Session, argparse.Namespace], str]) -> Run:
    """A command that changes the set-up: one transaction, then the running system reads it again."""

    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        code = read(work)(arguments, settings)
        if code == 0:
            print(_reload(settings))
        return code

    return run


def read(work: Callable[[Session, argparse.Namespace], str]) -> Run:
    """A command that prints something of the set-up."""

    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        engine = create_engine_for(settings.database)
        try:
            with session_factory(engine).begin() as session:
                said = work(session, arguments)
            print(said)
            return 0
        except Refused as problem:
            print(f"comptoir: {problem}", file=sys.stderr)
        except IntegrityError:
            print("comptoir: something else still uses this, or it exists already", file=sys.stderr)
        except SQLAlchemyError as problem:
            print(f"comptoir: the database cannot be used: {cause_of(problem)}", file=sys.stderr)
        finally:
            engine.dispose()
        return 1

    return run


def _reload(settings: Settings) -> str:
    """Ask the telephone system to read its set-up again, if it runs."""
    request = urllib.request.Request(
        f"http://{bracketed(settings.api.listen)}:{settings.api.port}/v1/reload",
        method="POST",
        headers={"Authorization": f"Bearer {settings.api.token}", "Comptoir-Actor": "console"},
    )
    try:
        with urllib.request.urlopen(request, timeout=RELOAD_SECONDS):  # noqa: S310
            return "The running telephone system has taken it over."
    except urllib.error.HTTPError as error:
        detail = json.loads(error.read() or b"{}").get("detail", error.reason)
        return f"The running telephone system did not take it over: {detail}"
    except OSError:
        return "The telephone system does not run now; it takes this over when it starts."
