"""`comptoir site`: the shops whose pages carry the widget."""

import argparse
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from agent_ui.widget.files import WidgetFiles
from config.addresses import bracketed
from config.settings import Settings
from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.sites import SqlSites
from orders.model.site import Site, SiteNumber
from orders.model.text import LANGUAGES, Language
from pbx.setup.common import name, table, verbs_of
from pbx.setup.session import Refused, Run, change, read

_PORTS = {"https": 443, "http": 80}


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "site", "the shops whose pages carry the widget")
    parser = verb("add", "let a shop's pages carry the widget, or change what it says there", change(_add))
    parser.add_argument("id", type=name, help="a short name of your choice")
    parser.add_argument("--name", help="the shop's name, as its customers know it")
    parser.add_argument(
        "--origin", type=origin, action="append", required=True, metavar="URL",
        help="where its pages are, such as https://shop.example; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--number", type=_number, action="append", required=True, metavar="LANGUAGE=NUMBER",
        help="whom the widget calls, such as en=4000; the first one's language is the usual one",
    )  # fmt: skip
    parser.add_argument("--queue", default="shop", help="whose state and expected wait the widget shows")
    parser.add_argument("--region", type=_region, default="FR", help="the country of short phone numbers")
    verb("list", "all sites", read(_list))
    verb("tag", "the script tag of a site, with its integrity value", _with_settings(_tag)).add_argument(
        "key"
    )
    secret = verb("secret", "with what the shop's server vouches for its customers", read(_secret))
    secret.add_argument("id")
    secret.add_argument("--new", action="store_true", help="make another; the old one is worth nothing then")


def origin(text: str) -> str:
    """An origin as browsers write it; for `type`."""
    parts = urlsplit(text.strip().lower())
    rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in _PORTS or not parts.hostname or rest:
        raise argparse.ArgumentTypeError(f"{text!r} is no origin: write https://shop.example")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{bracketed(parts.hostname)}{port}"


def _number(text: str) -> SiteNumber:
    language, _, number = text.partition("=")
    if language not in LANGUAGES or not number:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not such as en=4000, with one of {', '.join(LANGUAGES)}"
        )
    return SiteNumber(cast(Language, language), name(number))


def _region(text: str) -> str:
    if len(text) != 2 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError(f"{text!r} is no country code such as FR")
    return text.upper()


def _with_settings(work: Callable[[Session, argparse.Namespace, Settings], str]) -> Run:
    def run(given: argparse.Namespace, settings: Settings) -> int:
        return read(lambda session, given: work(session, given, settings))(given, settings)

    return run


def _add(session: Session, given: argparse.Namespace) -> str:
    sites = _sites(session)
    known = sites.get(given.id)
    site = Site(
        id=given.id,
        key=known.key if known else secrets.token_urlsafe(12),
        name=given.name or (known.name if known else given.id),
        origins=tuple(dict.fromkeys(given.origin)),
        numbers=tuple({number.language: number for number in given.number}.values()),
        queue=given.queue,
        region=given.region,
        secret=known.secret if known else secrets.token_urlsafe(32),
    )
    sites.save(site)
    return f"The pages of {', '.join(site.origins)} may carry the widget.\nSite key: {site.key}"


def _list(session: Session, given: argparse.Namespace) -> str:
    rows = [
        (
            site.id,
            site.key,
            ", ".join(f"{number.language}={number.number}" for number in site.numbers),
            site.queue,
            ", ".join(site.origins),
        )
        for site in _sites(session).all()
    ]
    return table(("site", "key", "numbers", "queue", "origins"), rows)


def _tag(session: Session, given: argparse.Namespace, settings: Settings) -> str:
    site = _sites(session).by_key(given.key)
    if site is None:
        raise Refused(f"There is no site with the key {given.key}; see `comptoir site list`.")
    web = settings.web
    pages = web.public_url or f"http://{bracketed(web.listen)}:{web.port}"
    tag = WidgetFiles().tag(pages, site.key)
    if tag is None:
        raise Refused("The widget is not built; run `make setup`.")
    return tag


def _secret(session: Session, given: argparse.Namespace) -> str:
    sites = _sites(session)
    site = sites.get(given.id)
    if site is None:
        raise Refused(f"There is no site {given.id}; see `comptoir site list`.")
    if given.new:
        site = replace(site, secret=secrets.token_urlsafe(32))
        sites.save(site)
    return site.secret


def _sites(session: Session) -> SqlSites:
    return SqlSites(execute_in(session))
