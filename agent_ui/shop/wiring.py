"""What the shop's routes work with; put together in `agent_ui.shop.app`, found through the Flask app."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.passwords import Passwords
from agent_ui.shop.origins import Origins
from agent_ui.shop.payment.tokens import PaymentSigner
from agent_ui.shop.store import Store
from agent_ui.storage import Storage
from agent_ui.texts import Texts
from agent_ui.widget.files import WidgetFiles
from orders.model.pricing import PriceRules
from orders.ports import NumberParser

EXTENSION = "comptoir.shop"


@dataclass(frozen=True)
class ShopServices:
    """One shop's services."""

    store: Store
    storage: Storage
    passwords: Passwords
    guard: SignInGuard
    numbers: NumberParser
    rules: PriceRules
    signer: PaymentSigner
    texts: Texts
    origins: Origins
    widget: WidgetFiles
    site_key: str


def services() -> ShopServices:
    """The services of the shop that serves this request."""
    return cast(ShopServices, current_app.extensions[EXTENSION])
