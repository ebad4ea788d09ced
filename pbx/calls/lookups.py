"""The shop's answers to a flow: orders' services in the database pool, their results as facts."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from ivr.events import CustomerFound, Event, LookupFailed, LookupMissed, OrderFound
from orders.errors import CustomerNotFound
from orders.model.money import Money
from orders.model.pricing import PriceRules
from orders.ports import NumberParser, UnitOfWork
from orders.services.customers import find_customer_by_number
from orders.services.order_lookup import find_order, latest_order
from orders.services.order_status import OrderStatus, order_status
from orders.services.overview import CustomerOverview, customer_overview
from pbx.db import Database
from pbx.errors import DatabaseAway

Facts = dict[str, object]


class ShopLookups:
    """`pbx.calls.services.Lookups` on the shop's database."""

    def __init__(
        self,
        database: Database,
        unit_of_work: Callable[[Session], UnitOfWork],
        numbers: NumberParser,
        region: str,
        rules: PriceRules,
        today: Callable[[], date],
        timeout: float = 4.0,
    ) -> None:
        self._database = database
        self._unit_of_work = unit_of_work
        self._numbers = numbers
        self._region = region
        self._rules = rules
        self._today = today
        self._timeout = timeout

    async def customer(self, request: int, number: str) -> Event:
        """See pbx.calls.services.Lookups."""
        facts = await self._ask(lambda uow: self._customer(uow, number))
        return CustomerFound(request, facts) if isinstance(facts, dict) else self._missing(request, facts)

    async def vouched_customer(self, request: int, customer_id: str) -> Event:
        """See pbx.calls.services.Lookups."""
        facts = await self._ask(lambda uow: self._vouched(uow, customer_id))
        return CustomerFound(request, facts) if isinstance(facts, dict) else self._missing(request, facts)

    async def latest_order(self, request: int, customer_id: str) -> Event:
        """See pbx.calls.services.Lookups."""
        facts = await self._ask(lambda uow: self._latest(uow, customer_id))
        return OrderFound(request, facts) if isinstance(facts, dict) else self._missing(request, facts)

    async def order(self, request: int, number: str, check: str) -> Event:
        """See pbx.calls.services.Lookups."""
        facts = await self._ask(lambda uow: self._numbered(uow, number, check))
        return OrderFound(request, facts) if isinstance(facts, dict) else self._missing(request, facts)

    async def _ask(self, question: Callable[[UnitOfWork], Facts | None]) -> Facts | DatabaseAway | None:
        try:
            return await self._database.run(
                lambda session: question(self._unit_of_work(session)), timeout=self._timeout
            )
        except DatabaseAway as error:
            return error

    def _missing(self, request: int, why: DatabaseAway | None) -> Event:
        return LookupMissed(request) if why is None else LookupFailed(request, "database_away")

    def _customer(self, uow: UnitOfWork, number: str) -> Facts | None:
        customer = find_customer_by_number(uow, number, self._region, self._numbers)
        return self._facts(uow, customer.id) if customer else None

    def _vouched(self, uow: UnitOfWork, customer_id: str) -> Facts | None:
        """A shop may know customers whom this database does not."""
        try:
            return self._facts(uow, customer_id)
        except CustomerNotFound:
            return None

    def _facts(self, uow: UnitOfWork, customer_id: str) -> Facts:
        return customer_facts(customer_overview(uow, customer_id, self._rules, self._today(), recent=0))

    def _latest(self, uow: UnitOfWork, customer_id: str) -> Facts | None:
        order = latest_order(uow, customer_id)
        return order_facts(order_status(order, self._today())) if order else None

    def _numbered(self, uow: UnitOfWork, number: str, check: str) -> Facts | None:
        order = find_order(uow, number, check, self._region, self._numbers)
        return order_facts(order_status(order, self._today())) if order else None


def customer_facts(overview: CustomerOverview) -> Facts:
    """What a flow may know of a customer (docs/flows.md)."""
    customer = overview.customer
    facts: Facts = {
        "id": customer.id,
        "name": customer.name,
        "first_name": customer.name.split(" ")[0],
        "language": customer.language,
        "order_count": overview.order_count,
    }
    if overview.cart is not None and overview.cart.cart.lines:
        cart = overview.cart.cart
        facts["open_cart"] = {
            "items": sum(line.quantity for line in cart.lines),
            "total": _money(overview.cart.totals.total),
            "step": cart.checkout_step,
        }
    return facts


def order_facts(status: OrderStatus) -> Facts:
    """What a flow may know of an order (docs/flows.md)."""
    return {
        "number": status.number,
        "state": str(status.state),
        "placed_on": status.placed_on,
        "expected_on": status.expected_on,
        "is_late": status.is_late,
        "shipped_on": status.shipped_on,
        "delivered_on": status.delivered_on,
        "carrier": status.carrier,
        "item_count": status.item_count,
        "items_to_ship": status.items_to_ship,
        "total": _money(status.total),
        "amount_due": _money(status.amount_due),
        "refund_due": _money(status.refund_due),
        "outstanding": status.outstanding,
    }


def _money(money: Money) -> Facts:
    return {"amount": money.minor, "currency": money.currency}
