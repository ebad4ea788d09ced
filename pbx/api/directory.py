"""Where a call can be transferred to: agents, queues, and the phones that are nobody's."""

from collections.abc import Callable, Iterable

from pbx.catalog import Catalog
from pbx.contract.resources import AgentView, DirectoryEntry


def directory(
    catalog: Catalog, agents: Iterable[AgentView], reachable: Callable[[str], bool]
) -> tuple[DirectoryEntry, ...]:
    """All entries, agents first, each kind by name. `reachable` says whether a phone can be rung now."""
    entries = (*_agents(agents), *_queues(catalog), *_endpoints(catalog, reachable))
    return tuple(sorted(entries, key=lambda one: (_ORDER[one.kind], one.label.casefold(), one.target)))


_ORDER = {"agent": 0, "queue": 1, "endpoint": 2}


def _agents(agents: Iterable[AgentView]) -> Iterable[DirectoryEntry]:
    for one in agents:
        free = one.state in ("idle", "wrap_up") and not one.phone_busy and one.phone_registered
        yield DirectoryEntry(
            target=f"agent:{one.id}",
            kind="agent",
            label=one.name,
            available=free and one.status == "available",
        )


def _queues(catalog: Catalog) -> Iterable[DirectoryEntry]:
    for one in catalog.queues.values():
        yield DirectoryEntry(target=f"queue:{one.id}", kind="queue", label=one.name, available=True)


def _endpoints(catalog: Catalog, reachable: Callable[[str], bool]) -> Iterable[DirectoryEntry]:
    desks = {one.phone for one in catalog.agents.values()}
    for one in catalog.endpoints.values():
        if one.username not in desks:
            yield DirectoryEntry(
                target=f"number:{one.username}", kind="endpoint", label=one.display_name or one.username,
                available=reachable(one.username),
            )  # fmt: skip
