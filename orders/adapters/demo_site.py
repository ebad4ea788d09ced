"""The demonstration shop's site: its pages may carry the widget."""

import secrets

from sqlalchemy.orm import Session

from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.sites import SqlSites
from orders.model.site import Site, SiteNumber

DEMO_SITE = "shop"
DEMO_KEY = "demo-shop"
"""Its id, and the key in its script tags."""


def load(session: Session, _seed: int) -> str:
    """Make the site unless it is there; it calls the demonstration's numbers and shows its queue."""
    sites = SqlSites(execute_in(session))
    if sites.get(DEMO_SITE) is None:
        sites.save(demo_site(secrets.token_urlsafe(32)))
    return f"The shop's widget has the site key {DEMO_KEY}."


def demo_site(secret: str) -> Site:
    """The site. The shop's server adds the origin that it is reached at to these two."""
    return Site(
        id=DEMO_SITE,
        key=DEMO_KEY,
        name="Comptoir",
        origins=("http://127.0.0.1:8010", "http://localhost:8010"),
        numbers=(SiteNumber("en", "4000"), SiteNumber("fr", "4001"), SiteNumber("pt", "4002")),
        queue="shop",
        region="FR",
        secret=secret,
    )
