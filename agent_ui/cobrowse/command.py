"""`comptoir mask`: what co-browsing shows of a site's fields, and what customers agreed to."""

import argparse
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from agent_ui.cobrowse.policy import checked
from agent_ui.cobrowse.store import consent_of, policy_of, set_policy
from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.sites import SqlSites
from pbx.setup.common import table, verbs_of
from pbx.setup.session import Refused, change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "mask", "what agents see of a site's fields when customers share a page")
    parser = verb(
        "set", "make a new version of a site's policy; what it does not name is private", change(_set)
    )
    parser.add_argument("site")
    parser.add_argument(
        "--share", type=_rule, action="append", default=[], metavar="RULE",
        help="a field whose value agents may see, such as name:email, id:city or autocomplete:postal-code",
    )  # fmt: skip
    parser.add_argument(
        "--pay", type=_rule, action="append", default=[], metavar="RULE",
        help="what pays, and only the customer clicks, such as id:place-order",
    )  # fmt: skip
    verb("show", "a site's policy as it stands", read(_show)).add_argument("site")
    verb("consent", "what a contact's customer agreed to, step by step", read(_consent)).add_argument(
        "contact"
    )


def _rule(text: str) -> str:
    try:
        return checked((text,))[0]
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is no rule: {problem}") from None


def _set(session: Session, given: argparse.Namespace) -> str:
    _known(session, given.site)
    made = set_policy(session, given.site, tuple(given.share), tuple(given.pay), datetime.now(UTC))
    return f"Version {made.version} holds for sessions that begin from now on."


def _show(session: Session, given: argparse.Namespace) -> str:
    _known(session, given.site)
    policy = policy_of(session, given.site)
    rows = [*(("shared", rule) for rule in policy.share), *(("pays", rule) for rule in policy.pay)]
    if not rows:
        return f"Version {policy.version}: every field is private."
    return f"Version {policy.version}\n{table(('what', 'rule'), rows)}"


def _consent(session: Session, given: argparse.Namespace) -> str:
    rows = [
        (
            entry.at.isoformat(timespec="seconds"),
            entry.action,
            entry.tier,
            entry.by,
            str(entry.policy_version),
        )
        for entry in consent_of(session, given.contact)
    ]
    return table(("at", "what", "tier", "by", "policy"), rows)


def _known(session: Session, site: str) -> None:
    if SqlSites(execute_in(session)).get(site) is None:
        raise Refused(f"There is no site {site}; see `comptoir site list`.")
