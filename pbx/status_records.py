"""The agents' chosen statuses, kept so that a restart forgets no break."""

from pbx.bus import Bus
from pbx.contract.events import AgentStatusChanged
from pbx.journal import Journal


class StatusRecords:
    """Journals every choice of a status; the row of an agent is the latest."""

    def __init__(self, bus: Bus, journal: Journal) -> None:
        self._journal = journal
        self._stop = bus.subscribe(AgentStatusChanged, self._on_change)

    def stop(self) -> None:
        """Record no more."""
        self._stop()

    def _on_change(self, event: AgentStatusChanged) -> None:
        agent = event.agent
        self._journal.write(
            "agent_status",
            {
                "agent_id": agent.id, "status": agent.status, "pause_reason": agent.pause_reason,
                "since": agent.status_since,
            },
        )  # fmt: skip
