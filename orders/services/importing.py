"""Taking in what a shop behind a connector tells: once, and never an older state over a newer one."""

from dataclasses import replace
from datetime import datetime, timedelta

from orders.connectors.port import Change, CustomerChanged, Delivery, OrderChanged, ProductChanged
from orders.events import OrderStateChanged
from orders.model.actor import Actor
from orders.model.customer import Customer
from orders.model.product import Product
from orders.ports import UnitOfWork
from orders.services.auditing import audit_order
from orders.services.retrying import retried

DELIVERIES_KEPT = timedelta(days=14)
"""How long a delivery is known, so that it is not taken twice."""


def take_delivery(uow: UnitOfWork, site: str, delivery: Delivery, now: datetime) -> int:
    """How many of a webhook's changes were news; none if it was delivered before.

    Raises:
        Conflict: others changed the same records at the same moment, again and again.
    """
    return retried(lambda: _taken(uow, site, delivery, now))


def _taken(uow: UnitOfWork, site: str, delivery: Delivery, now: datetime) -> int:
    with uow:
        if not uow.connectors.take_delivery(site, delivery.id, now):
            return 0
        uow.connectors.forget_deliveries(now - DELIVERIES_KEPT)
        taken = sum(take_change(uow, site, change, now) for change in delivery.changes)
        uow.commit()
        return taken


def take_change(uow: UnitOfWork, site: str, change: Change, now: datetime) -> bool:
    """Whether a change was news; it is kept then. Within a unit of work that was entered."""
    local_id = _id_of(change)
    known = uow.connectors.changed_at(site, local_id)
    if known is not None and known >= change.changed_at:
        return False
    if isinstance(change, CustomerChanged):
        uow.customers.save(change.customer)
    elif isinstance(change, ProductChanged):
        uow.products.save(_with_free_sku(uow, change.product))
    else:
        _save_order(uow, site, change, now)
    uow.connectors.note_change(site, local_id, change.changed_at)
    return True


def _id_of(change: Change) -> str:
    if isinstance(change, CustomerChanged):
        return change.customer.id
    return change.product.id if isinstance(change, ProductChanged) else change.order.id


def _with_free_sku(uow: UnitOfWork, product: Product) -> Product:
    """A shop gives variations without a SKU that of their product: the first has it, the others go by their ids."""
    others = (known for known in uow.products.having_skus([product.sku], product.site))
    return replace(product, sku=product.id) if any(one.id != product.id for one in others) else product


def _with_own_numbers(uow: UnitOfWork, guest: Customer) -> Customer:
    """Nobody proves a number typed into a form: a guest gets none that somebody else is recognised by."""
    own = (e164 for e164 in guest.phones if all(one.id == guest.id for one in uow.customers.by_phone(e164)))
    return replace(guest, phones=tuple(own))


def _save_order(uow: UnitOfWork, site: str, change: OrderChanged, now: datetime) -> None:
    """What an order says of a customer counts only as far as the shop says nothing else."""
    if change.is_guest:
        uow.customers.save(_with_own_numbers(uow, change.customer))
    elif uow.customers.get(change.customer.id) is None:
        uow.customers.save(change.customer)
    before = uow.orders.get(change.order.id)
    saved = uow.orders.save(replace(change.order, version=before.version if before else 0))
    actor = Actor("system", f"connector:{site}"[:64])
    audit_order(uow, saved.id, "order.imported", (("state", saved.state.value),), actor, now)
    if before is not None and before.state is not saved.state:
        uow.record(OrderStateChanged(saved.id, saved.customer_id, before.state, saved.state))
