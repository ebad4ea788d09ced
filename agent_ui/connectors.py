"""Webhooks of connected shops: checked at once, taken in by a worker afterwards."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock

from limits import RateLimitItemPerMinute

from agent_ui.windows import Windows, source_of
from agent_ui.workers import Workers
from config.errors import SettingsError
from orders.connectors.errors import ConnectorNotFound
from orders.connectors.model import Connector, ConnectorKind
from orders.connectors.port import Delivery, ShopConnector
from orders.ports import UnitOfWork
from orders.services.importing import take_delivery

MOST_WAITING = 200
"""Deliveries that may wait for a worker; beyond it the shop is told to come again."""

PER_ADDRESS = RateLimitItemPerMinute(600, 1)
UNSIGNED = RateLimitItemPerMinute(20, 1)
"""Deliveries of one address, and those that came from no shop: after these nothing of it is even read."""

_log = logging.getLogger(__name__)


class DeliveryGuard:
    """Keeps those who are no shop from making us read and check without end."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def wait_for(self, address: str) -> int:
        """Count a delivery; the seconds to wait before it may be made, 0 if it may."""
        source = source_of(address)
        counted = self._windows.count(PER_ADDRESS, "delivery", source)
        return max(counted, self._windows.wait(UNSIGNED, "unsigned", source))

    def refused(self, address: str) -> None:
        """It came from no shop."""
        self._windows.count(UNSIGNED, "unsigned", source_of(address))


class ConnectorInbox:
    """Called on the event loop; waits for a worker."""

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        open_connector: Callable[[Connector], ShopConnector],
        is_trial: Callable[[ConnectorKind, Mapping[str, str], bytes], bool],
        workers: Workers,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._open = open_connector
        self._is_trial = is_trial
        self._workers = workers
        self._waiting = 0
        self._counting = Lock()

    @property
    def is_full(self) -> bool:
        """Whether no more can be taken for now."""
        return self._waiting >= MOST_WAITING

    def receive(self, site: str, kind: ConnectorKind, headers: Mapping[str, str], body: bytes) -> None:
        """Check a delivery and have it taken in. A trial is welcome whether or not there is such a shop.

        Raises:
            ConnectorNotFound: no shop of this kind is connected under this site.
            SignatureWrong, NotUnderstood.
        """
        if self._is_trial(kind, headers, body):
            return
        delivery = self._workers.run(self._checked, site, kind, headers, body)
        if delivery.changes:
            self._count(1)
            self._workers.start(self._take, site, delivery)

    def _checked(self, site: str, kind: ConnectorKind, headers: Mapping[str, str], body: bytes) -> Delivery:
        with self._unit_of_work() as uow:
            connector = uow.connectors.get(site)
        if connector is None or connector.kind != kind:
            raise ConnectorNotFound(f"no {kind} shop is connected as {site}")
        try:
            shop = self._open(connector)
        except SettingsError:
            _log.exception("a secret of the shop %s cannot be read", site)
            raise ConnectorNotFound("the shop's secrets cannot be read") from None
        return shop.delivery(headers, body)

    def _take(self, site: str, delivery: Delivery) -> None:
        """What cannot be taken now is not noted as taken: the next synchronisation brings it again."""
        try:
            take_delivery(self._unit_of_work(), site, delivery, datetime.now(UTC))
        except Exception:
            _log.exception("a delivery of the shop %s could not be taken", site)
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._counting:
            self._waiting += by
