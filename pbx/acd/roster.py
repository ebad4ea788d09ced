"""The agents as everybody sees them: views kept current from what the machine decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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


@dataclass(slots=True)
class _Calls:
    """What an agent does besides the queues."""

    direct: set[str]


class Roster:
    """One view per agent. The machine's clock is monotonic; the views carry UTC."""

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
        self._direct: dict[str, _Calls] = {}

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
        for gone in self._views.keys() - rows.keys():
            del self._views[gone]
        now = self._now()
        for row in rows.values():
            old = self._views.get(row.id)
            queues = tuple(sorted(row.memberships))
            facts: dict[str, object] = {"name": row.name, "phone": row.phone, "queues": queues}
            old = old or AgentView(
                id=row.id, name=row.name, phone=row.phone, status="offline", status_since=now,
                state="idle", state_since=now,
            )  # fmt: skip
            self._views[row.id] = old.model_copy(update=facts)

    def by_phone(self, username: str) -> tuple[str, ...]:
        """The agents whose desk phone this is."""
        return tuple(view.id for view in self._views.values() if view.phone == username)

    def status_changed(self, action: AgentStatusChanged) -> AgentView:
        """The status is another."""
        reason = action.reason or None
        misses = 0 if action.status == "available" else self._views[action.agent].misses
        return self._update(
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
        if before is not None and (contact != before or action.state == "idle"):
            self._switchboard.wrapped_up(before, action.agent)

    def missed(self, agent: str, in_a_row: int) -> None:
        """An offer came to nothing."""
        self._update(agent, events.AgentStateChanged, misses=in_a_row)

    def reachability_changed(self, action: AgentReachabilityChanged) -> None:
        """The phone came or went."""
        self._update(action.agent, events.AgentStateChanged, phone_registered=action.reachable)

    def phone_seen(self, agent: str, registered: bool) -> None:
        """The phone's registration came or went."""
        if self._views[agent].phone_registered != registered:
            self._update(agent, events.AgentStateChanged, phone_registered=registered)

    def direct_call(self, agent: str, call: str, begins: bool) -> None:
        """A call that no queue gave began or ended."""
        calls = self._direct.setdefault(agent, _Calls(set())).direct
        (calls.add if begins else calls.discard)(call)
        if agent in self._views:
            self._update(agent, events.AgentStateChanged, phone_busy=bool(calls))

    def state(self, agent: str) -> AgentState:
        """The agent's state now. Raises NotFound."""
        return self.view(agent).state

    def _utc(self, moment: float) -> datetime:
        return self._now() + timedelta(seconds=moment - self._clock.seconds())

    def _update(
        self,
        agent: str,
        kind: type[events.AgentStatusChanged] | type[events.AgentStateChanged],
        **changes: object,
    ) -> AgentView:
        before = self._views[agent]
        view = self._views[agent] = before.model_copy(update=changes)
        if view == before:
            return view
        self._bus.publish(kind(at=self._now(), agent=view, contact=view.contact))
        return view
