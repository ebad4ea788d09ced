"""What the widget in the shop's pages is told: who the customer is, which cart, which step."""

from dataclasses import dataclass
from typing import Any

from flask import g, request

from agent_ui.shop.language import language
from agent_ui.shop.visits import visit
from agent_ui.shop.wiring import services
from agent_ui.widget.files import PREFIX
from orders.model.cart import Cart
from orders.model.site import Site
from orders.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class WidgetTag:
    """The script tag's attributes. With the proofs the shop vouches for the customer and the cart."""

    source: str
    integrity: str
    site: str
    language: str
    customer: str | None
    customer_proof: str | None
    cart: dict[str, Any] | None


def widget_tag() -> WidgetTag | None:
    """The tag of this page; None without a site or a built widget."""
    files, site = services().widget, shop_site()
    if site is None or files.entry is None:
        return None
    known = visit()
    customer = known.customer.id if known.customer else None
    return WidgetTag(
        source=f"{services().origins.pages(request.host)}{PREFIX}{files.entry}",
        integrity=files.integrity() or "",
        site=site.key,
        language=language(),
        customer=customer,
        customer_proof=site.proof_of(customer) if customer else None,
        cart=_published(known.cart, site) if known.cart else None,
    )


def _published(cart: Cart, site: Site) -> dict[str, Any]:
    """The cart as the widget is told it (docs/widget.md); with the proof, agents see the shop's own cart."""
    return {
        "currency": cart.currency,
        "lines": [
            {
                "name": line.name.of(language()),
                "sku": line.sku,
                "quantity": line.quantity,
                "unitPrice": line.unit_price.minor,
            }
            for line in cart.lines
        ],
        "id": cart.id,
        "proof": site.proof_of(f"cart:{cart.id}"),
    }


def number_to_call() -> str | None:
    """The number that customers of this language dial."""
    site = shop_site()
    return site.number(language()) if site else None


def shop_site() -> Site | None:
    """The shop's own site, read once a request."""
    if "site" not in g:
        g.site = services().store.run(_site, services().site_key)
    found: Site | None = g.site
    return found


def _site(uow: UnitOfWork, key: str) -> Site | None:
    with uow:
        return uow.sites.by_key(key)
