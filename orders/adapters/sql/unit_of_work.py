"""One transaction of the shop in SQL."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from orders.adapters.sql.audit import SqlAuditTrail
from orders.adapters.sql.carts import SqlCarts
from orders.adapters.sql.connectors import SqlConnectors
from orders.adapters.sql.customers import SqlCustomers
from orders.adapters.sql.execute import execute_in, raise_conflict
from orders.adapters.sql.orders import SqlOrders
from orders.adapters.sql.products import SqlProducts
from orders.adapters.sql.sites import SqlSites
from orders.events import Publish, ShopEvent, nobody_listens


class SqlUnitOfWork:
    """`orders.ports.UnitOfWork` on a session of its own each time it is entered.

    `publish` is called after the commit, in the thread that committed.
    """

    customers: SqlCustomers
    products: SqlProducts
    carts: SqlCarts
    orders: SqlOrders
    audit: SqlAuditTrail
    sites: SqlSites
    connectors: SqlConnectors

    def __init__(self, sessions: Callable[[], Session], publish: Publish = nobody_listens) -> None:
        self._sessions = sessions
        self._publish = publish
        self._recorded: list[ShopEvent] = []

    def __enter__(self) -> Self:
        self._session = self._sessions()
        execute = execute_in(self._session)
        self.customers = SqlCustomers(execute)
        self.products = SqlProducts(execute)
        self.carts = SqlCarts(execute)
        self.orders = SqlOrders(execute)
        self.audit = SqlAuditTrail(execute)
        self.sites = SqlSites(execute)
        self.connectors = SqlConnectors(execute)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.rollback()
        finally:
            self._session.close()

    def record(self, event: ShopEvent) -> None:
        self._recorded.append(event)

    def commit(self) -> None:
        try:
            self._session.commit()
        except DBAPIError as error:
            raise_conflict(error)
            raise
        recorded, self._recorded = self._recorded, []
        for event in recorded:
            self._publish(event)

    def rollback(self) -> None:
        self._recorded = []
        self._session.rollback()
