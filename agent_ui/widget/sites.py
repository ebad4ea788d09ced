"""The sites, read often and changed seldom."""

from collections import defaultdict
from collections.abc import Callable
from time import monotonic

from agent_ui.workers import Workers
from orders.model.site import Site
from orders.ports import UnitOfWork

FRESH = 5.0
"""Seconds after which a change made on the console is known here."""


class SiteDirectory:
    """Finds sites and says which origins are theirs. Reading takes a worker at most once in FRESH seconds."""

    def __init__(
        self,
        unit_of_work: Callable[[], UnitOfWork],
        workers: Workers,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._workers = workers
        self._clock = clock
        self._sites: tuple[Site, ...] = ()
        self._read_at: float | None = None
        self._also: dict[str, set[str]] = defaultdict(set)

    def by_key(self, key: str) -> Site | None:
        """The site with this key."""
        return next((site for site in self._all() if site.key == key), None)

    def get(self, site_id: str) -> Site | None:
        """The site with this id."""
        return next((site for site in self._all() if site.id == site_id), None)

    def let(self, site_id: str, origin: str) -> None:
        """Count this origin as the site's too, as long as this process runs: the built-in shop's own."""
        self._also[site_id].add(origin)

    def has(self, site: Site, origin: str) -> bool:
        """Whether pages of this origin are the site's."""
        return origin in site.origins or origin in self._also.get(site.id, ())

    def origins_of(self, site: Site) -> frozenset[str]:
        """The origins of the site's pages."""
        return frozenset(site.origins) | self._also.get(site.id, set())

    def knows(self, origin: str) -> bool:
        """Whether pages of this origin are any site's."""
        return any(self.has(site, origin) for site in self._all())

    def _all(self) -> tuple[Site, ...]:
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH:
            if self._read_at is not None:
                self._read_at = now  # whoever asks meanwhile gets what was known
            self._sites = self._workers.run(self._read)
            self._read_at = now
        return self._sites

    def _read(self) -> tuple[Site, ...]:
        with self._unit_of_work() as uow:
            return uow.sites.all()
