"""What the pages read of the shop."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from agent_ui.messages import CustomerPanel
from agent_ui.shop_views import panel_of
from orders.errors import CustomerNotFound
from orders.model.pricing import PriceRules, usual_rules
from orders.ports import NumberParser, UnitOfWork
from orders.services.customers import find_customer_by_number, get_customer
from orders.services.overview import customer_overview

E164_ONLY = ""
"""No region: the telephone system gives callers in E.164, or not at all."""


class CustomerFiles:
    """Reads customers with their carts and orders. Everything here blocks: it is called in a worker."""

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        numbers: NumberParser,
        rules: PriceRules | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._numbers = numbers
        self._rules = rules or usual_rules()

    def panel(self, customer_id: str | None, caller: str | None) -> CustomerPanel | None:
        """The customer the telephone system recognised, or else the only one who has the caller's number."""
        known = customer_id or self.customer_calling(caller)
        if known is None:
            return None
        try:
            today = datetime.now(UTC).date()
            return panel_of(customer_overview(self._unit_of_work(), known, self._rules, today))
        except CustomerNotFound:
            return None

    def names(self, customer_ids: Iterable[str]) -> dict[str, str]:
        """The names of these customers; one who is gone is left out."""
        found = {}
        for customer_id in set(customer_ids):
            try:
                found[customer_id] = get_customer(self._unit_of_work(), customer_id).name
            except CustomerNotFound:
                continue
        return found

    def customer_calling(self, caller: str | None) -> str | None:
        """The only customer who has the caller's number."""
        if not caller:
            return None
        found = find_customer_by_number(self._unit_of_work(), caller, E164_ONLY, self._numbers)
        return found.id if found else None
