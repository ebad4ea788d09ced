"""A cart as its customer sees it: what it amounts to, what an agent did to it, and what is left in stock."""

from dataclasses import dataclass

from agent_ui.shop.agents import first_names
from agent_ui.shop.language import language, say
from agent_ui.shop.news import Change, agent_changes, discount_giver, last_agent
from agent_ui.shop.prices import share
from agent_ui.shop.visits import note_seen, seen_changes
from agent_ui.shop.wiring import services
from orders.model.audit import AuditEntry
from orders.model.cart import Cart, CartLine
from orders.model.product import Product
from orders.model.totals import Totals
from orders.ports import UnitOfWork
from orders.services.overview import cart_overview


@dataclass(frozen=True, slots=True)
class CartView:
    """`news` are sentences about what an agent changed since the customer last looked, `changed` the SKUs.

    `helped_by` is the agent who worked on it last, `prepared_by` who made it ready to be confirmed, `discount_by`
    who gave the discount: first names, or words.
    """

    cart: Cart
    totals: Totals
    news: tuple[str, ...]
    changed: frozenset[str]
    helped_by: str | None
    discount_by: str | None
    prepared_by: str | None
    stock: dict[str, int]

    def missing(self, line: CartLine) -> bool:
        """Whether the shop has fewer than the line asks for."""
        return line.quantity > self.stock.get(line.product_id, 0)

    @property
    def is_available(self) -> bool:
        """Whether the shop has everything."""
        return not any(self.missing(line) for line in self.cart.lines)


def cart_view(cart: Cart) -> CartView:
    """The cart with everything about it; what it tells counts as seen."""
    history, products = services().store.run(_read, cart)
    changes = agent_changes(history, seen_changes(cart.id))
    note_seen(cart.id, len(history))
    helper, giver = last_agent(history), discount_giver(history) if cart.discount else None
    preparer = cart.prepared.by if cart.prepared else None
    known = (one for one in (helper, giver, preparer, *(change.agent_id for change in changes)) if one)
    names = services().storage.run(first_names, list(known))
    by_sku = {product.sku: product for product in products}
    return CartView(
        cart=cart,
        totals=cart_overview(cart, services().rules).totals,
        news=tuple(_told(change, names, by_sku) for change in changes),
        changed=frozenset(change.sku for change in changes if change.sku),
        helped_by=_name(names, helper),
        discount_by=_name(names, giver),
        prepared_by=_name(names, preparer),
        stock={product.id: product.stock for product in products},
    )


def _read(uow: UnitOfWork, cart: Cart) -> tuple[tuple[AuditEntry, ...], tuple[Product, ...]]:
    with uow:
        history = uow.audit.of("cart", cart.id)
        skus = {line.sku for line in cart.lines} | {
            change.sku for change in agent_changes(history) if change.sku
        }
        return history, uow.products.having_skus(skus)


def _name(names: dict[str, str], agent_id: str | None) -> str | None:
    return names.get(agent_id, say("news.our_adviser")) if agent_id else None


def _told(change: Change, names: dict[str, str], products: dict[str, Product]) -> str:
    product = products.get(change.sku or "")
    values = {name: str(value) for name, value in change.details.items()}
    if change.key == "news.discount":
        rate = int(change.details["after"])
        key = "news.discount" if rate else "news.discount_gone"
        return say(
            key, agent=names.get(change.agent_id, say("news.our_adviser")), share=share(rate, language())
        )
    values["product"] = product.name.of(language()) if product else (change.sku or "")
    return say(change.key, **{**values, "agent": names.get(change.agent_id, say("news.our_adviser"))})
