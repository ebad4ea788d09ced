"""The demonstration shop's mask policy: what an agent helps with at the checkout."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from agent_ui.cobrowse.store import policy_of, set_policy
from orders.adapters.demo_site import DEMO_SITE

SHARED = ("name", "email", "phone", "street", "postal_code", "city", "country", "delivery")


def load(session: Session, _seed: int) -> str:
    """Make the policy unless the site has one."""
    if policy_of(session, DEMO_SITE).version == 0:
        share = tuple(f"name:{name}" for name in SHARED)
        set_policy(session, DEMO_SITE, share, (), datetime.now(UTC))
    return "Agents may be shown the shop's checkout, except what is private."
