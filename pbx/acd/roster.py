"""The agents as everybody sees them: views kept current from what the machine decides."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from pbx.acd.actions import AgentReachabilityChanged, AgentStateChanged, AgentStatusChanged
from pbx.acd.lifecycles import AgentState
from pbx.bus import Bus
from pbx.calls.switchboard import Switchboard
from pbx.catalog import AgentRow
from pbx.clock import Clock
from pbx.contract import events
from pbx.contract.resources import AgentView
from pbx.errors import NotFound


class Roster:
    """One view per agent; one who was removed keeps it until the call in hand is over. The machine's clock is
    monotonic; the views carry UTC. `call_id` names the call that is made for one of the machine's contacts.
    """

    def __init__(
        self,
        clock: Clock,
        utc_now: Callable[[], datetime],
        bus: Bus,
        switchboard: Switchboard,
        call_id: Callable[[str], str],
    ) -> None:
        self._clock = clock
        self._now = utc_now
        self._bus = bus
        self._switchboard = switchboard
        self._call_id = call_id
        self._views: dict[str, AgentView] = {}
        self._direct: dict[str, set[str]] = {}
        self._latest: dict[str, str] = {}
        self._removed: set[str] = set()

    def views(self) -> tuple[AgentView, ...]:
        """All agents, by name."""
        return tuple(sorted(self._views.values(), key=lambda view: view.name))

    def view(self, agent: str) -> AgentView:
        """One agent. Raises NotFound."""
        found = self._views.get(agent)
        if found is None:
            raise NotFound("There is no such agent.", agent=agent)
        return found

    def set_up(self, agents: Iterable[AgentRow]) -> None:
        """Take the catalog's agents: new ones are offline, known ones keep their state."""
        rows = {row.id: row for row in agents}
        self._removed = set(self._views.keys() - rows.keys())
        for gone in tuple(self._removed):
            if self._views[gone].state in ("idle", "wrap_up"):
                self._let_go(gone)
        for row in rows.values():
            facts: dict[str, object] = {
                "name": row.name, "phone": row.phone, "queues": tuple(sorted(row.memberships)),
            }  # fmt: skip
            self._views[row.id] = (self._views.get(row.id) or self._newcomer(row)).model_copy(update=facts)

    def by_phone(self, username: str) -> tuple[str, ...]:
        """The agents whose desk phone this is."""
        return tuple(view.id for view in self._views.values() if view.phone == username)

    def status_changed(self, action: AgentStatusChanged) -> None:
        """The status is another. Who comes back has missed nothing yet."""
        reason = action.reason or None
        misses = 0 if action.status == "available" else self._views[action.agent].misses
        self._update(
            action.agent, events.AgentStatusChanged,
            status=action.status, pause_reason=reason, status_since=self._now(), misses=misses,
        )  # fmt: skip

    def state_changed(self, action: AgentStateChanged) -> None:
        """The state is another; a contact that is no longer the agent's is wrapped up."""
        before = self._views[action.agent].contact
        ends = None if action.until is None else self._utc(action.until)
        contact = self._call_id(action.contact) if action.contact and action.state != "idle" else None
        self._update(
            action.agent, events.AgentStateChanged,
            state=action.state, state_since=self._now(), contact=contact, wrap_up_ends=ends,
        )  # fmt: skip
        if contact is not None and action.state == "talking":
            self._switchboard.engaged(contact, action.agent)
        if before is not None and contact != before:
            self._latest[action.agent] = before
            self._switchboard.wrapped_up(before, action.agent)
        if action.agent in self._removed and action.state == "idle":
            self._let_go(action.agent)

    def missed(self, agent: str) -> None:
        """The agent's phone rang and nobody answered."""
        self._update(agent, events.AgentStateChanged, misses=self._views[agent].misses + 1)

    def accepted(self, agent: str) -> None:
        """The agent took an offer: misses are counted in a row."""
        self._update(agent, events.AgentStateChanged, misses=0)

    def reachability_changed(self, action: AgentReachabilityChanged) -> None:
        """The phone came or went."""
        self._update(action.agent, events.AgentStateChanged, phone_registered=action.reachable)

    def phone_seen(self, agent: str, registered: bool) -> None:
        """The phone's registration came or went."""
        self._update(agent, events.AgentStateChanged, phone_registered=registered)

    def direct_call(self, agent: str, call: str, begins: bool) -> bool:
        """A call that no queue gave began or ended; whether that is news of an agent there is."""
        calls = self._direct.setdefault(agent, set())
        known = call in calls
        (calls.add if begins else calls.discard)(call)
        if not calls:
            del self._direct[agent]
        if agent in self._views:
            self._update(agent, events.AgentStateChanged, phone_busy=bool(calls))
        return known != begins and agent in self._views

    def had_latest(self, agent: str, contact: str) -> bool:
        """Whether this was the agent's contact until a moment ago."""
        return self._latest.get(agent) == contact

    def direct_calls(self, agent: str) -> tuple[str, ...]:
        """The calls that no queue gave and that the agent is in."""
        return tuple(self._direct.get(agent, ()))

    def state(self, agent: str) -> AgentState:
        """The agent's state now. Raises NotFound."""
        return self.view(agent).state

    def _newcomer(self, row: AgentRow) -> AgentView:
        now = self._now()
        return AgentView(
            id=row.id, name=row.name, phone=row.phone, status="offline", status_since=now, state="idle",
            state_since=now, phone_busy=row.id in self._direct,
        )  # fmt: skip

    def _let_go(self, agent: str) -> None:
        """Forget a removed agent, as the machine does: at once, or when the call in hand is over."""
        contact = self._views[agent].contact
        self._update(agent, events.AgentStateChanged, state="idle", contact=None, wrap_up_ends=None)
        self._removed.discard(agent)
        self._latest.pop(agent, None)
        del self._views[agent]
        if contact is not None:
            self._switchboard.wrapped_up(contact, agent)

    def _utc(self, moment: float) -> datetime:
        return self._now() + timedelta(seconds=moment - self._clock.seconds())

    def _update(
        self,
        agent: str,
        kind: type[events.AgentStatusChanged] | type[events.AgentStateChanged],
        **changes: object,
    ) -> None:
        before = self._views[agent]
        view = self._views[agent] = before.model_copy(update=changes)
        if view != before:
            self._bus.publish(kind(at=self._now(), agent=view, contact=view.contact))
