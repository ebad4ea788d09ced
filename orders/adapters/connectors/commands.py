"""`comptoir shop`: the shops behind connectors, and reading them."""

import argparse
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy.exc import SQLAlchemyError

from config.database import cause_of, create_engine_for, session_factory
from config.errors import SettingsError
from config.settings import Settings
from orders.adapters.connectors.opening import SECRETS, open_connector
from orders.adapters.connectors.woo_http import check_url
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.connectors.errors import ConnectorAway, ConnectorNotFound
from orders.connectors.model import Connector, ConnectorKind
from orders.errors import OrdersError
from orders.model.text import LANGUAGES
from orders.services.synchronising import Progress, synchronise

LONGEST_SITE = 24
_SITE = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_SITE - 1}}}")
_SOURCE = re.compile(r"(env|file):\S.*")
_SHOWN = 10
"""Records that are not as documented, named at the end."""

Work = Callable[[SqlUnitOfWork, argparse.Namespace], str]


def add(commands: Any) -> None:
    """Add the command."""
    verbs = commands.add_parser("shop", help="shops behind connectors: connect and read them").add_subparsers(
        metavar="VERB", required=True
    )
    _add_connect(verbs)
    verbs.add_parser("list", help="the connected shops").set_defaults(run=_in(_list))
    for word, said, work in (
        ("sync", "read what changed in the shop; goes on where it was interrupted", _sync),
        ("disconnect", "forget the connection; what was read stays", _disconnect),
    ):
        parser = verbs.add_parser(word, help=said)
        parser.add_argument("site", type=_site)
        parser.set_defaults(run=_in(work))


def _add_connect(verbs: Any) -> None:
    connect = verbs.add_parser("connect", help="connect a shop, or change its connection")
    connect.add_argument("site", type=_site, help="the site's id, as in `comptoir site list`")
    connect.add_argument("--kind", choices=get_args(ConnectorKind), default="woocommerce")
    connect.add_argument("--url", required=True, help="the shop's address, such as https://shop.example")
    connect.add_argument(
        "--key", required=True, type=_source, help="env:NAME or file:PATH of the consumer key"
    )
    connect.add_argument("--secret", required=True, type=_source, help="the same for the consumer secret")
    connect.add_argument("--webhook-secret", type=_source, help="the same for the webhooks' secret")
    connect.add_argument("--language", choices=LANGUAGES, default="en", help="what its customers speak")
    connect.add_argument("--region", type=_region, required=True, help="the shop's country, such as FR")
    connect.set_defaults(run=_in(_connect))


def _connect(uow: SqlUnitOfWork, given: argparse.Namespace) -> str:
    check_url(given.url)
    sources = dict(zip(SECRETS, (given.key, given.secret, given.webhook_secret), strict=True))
    with uow:
        known = uow.connectors.get(given.site)
        connector = Connector(
            site=given.site,
            kind=given.kind,
            url=given.url.rstrip("/"),
            secrets={name: source for name, source in sources.items() if source},
            language=given.language,
            region=given.region,
            cursors=known.cursors if known and known.url == given.url.rstrip("/") else {},
        )
        open_connector(connector)
        uow.connectors.save(connector)
        uow.commit()
    return (
        f"The shop {given.site} is connected; `comptoir shop sync {given.site}` reads it.\n"
        f"Its webhooks go to <the pages' address>/connectors/{given.site}/woocommerce"
    )


def _sync(uow: SqlUnitOfWork, given: argparse.Namespace) -> str:
    with uow:
        connector = uow.connectors.get(given.site)
    if connector is None:
        raise ConnectorNotFound(f"no shop is connected as {given.site}; see `comptoir shop list`")
    shop = open_connector(connector)
    ends = synchronise(uow, shop, given.site, lambda: datetime.now(UTC), _tell)
    return "\n".join(line for end in ends for line in _said(end))


def _tell(progress: Progress) -> None:
    of = "" if progress.total is None else f" of {progress.total}"
    print(f"{progress.kind}: {progress.read}{of} read, {progress.news} new or changed", flush=True)


def _said(end: Progress) -> list[str]:
    if not end.not_understood:
        return [f"{end.kind}: done"]
    shown = [f"  {problem}" for problem in end.not_understood[:_SHOWN]]
    return [f"{end.kind}: done, but {len(end.not_understood)} are not as documented:", *shown]


def _disconnect(uow: SqlUnitOfWork, given: argparse.Namespace) -> str:
    with uow:
        if uow.connectors.get(given.site) is None:
            raise ConnectorNotFound(f"no shop is connected as {given.site}; see `comptoir shop list`")
        uow.connectors.remove(given.site)
        uow.commit()
    return f"The shop {given.site} is no longer connected; its customers and orders stay."


def _list(uow: SqlUnitOfWork, _given: argparse.Namespace) -> str:
    with uow:
        connectors = uow.connectors.all()
    return "\n".join(_line(connector) for connector in connectors) or "No shop is connected."


def _line(connector: Connector) -> str:
    at = connector.synchronised_at
    read = "never read" if at is None else f"read {at:%Y-%m-%d %H:%M} UTC"
    kept = ", ".join(f"{name} in {source}" for name, source in sorted(connector.secrets.items()))
    return f"{connector.site:<{LONGEST_SITE}} {connector.kind}  {connector.url}  {read}  {kept}"


def _in(work: Work) -> Callable[[argparse.Namespace, Settings], int]:
    """A command on the database of the settings; what cannot be done is said in plain words."""

    def run(given: argparse.Namespace, settings: Settings) -> int:
        engine = create_engine_for(settings.database)
        try:
            print(work(SqlUnitOfWork(session_factory(engine)), given))
            return 0
        except ConnectorAway as error:
            print(f"comptoir shop: {error}; what was read is kept, run it again later", file=sys.stderr)
        except (OrdersError, SettingsError) as error:
            print(f"comptoir shop: {error}", file=sys.stderr)
        except SQLAlchemyError as error:
            print(f"comptoir shop: the database cannot be used: {cause_of(error)}", file=sys.stderr)
        finally:
            engine.dispose()
        return 1

    return run


def _site(text: str) -> str:
    if _SITE.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no site: 1 to {LONGEST_SITE} small letters, digits, dashes, underscores"
        )
    return text


def _source(text: str) -> str:
    if _SOURCE.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"write env:NAME or file:PATH, not {text!r}: no secret is kept here")
    return text


def _region(text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no country code of two letters")
    return text.upper()
