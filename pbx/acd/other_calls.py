"""Agents on calls that no queue gave: direct, outbound, consulted, in a conference, or being rung for one."""

from pbx.acd import events
from pbx.acd.loop import Loop
from pbx.acd.roster import Roster
from pbx.calls.call import Call


class OtherCalls:
    """Keeps the queues from offering anything meanwhile, and the agents' views current."""

    def __init__(self, loop: Loop, roster: Roster) -> None:
        self._loop = loop
        self._roster = roster

    def begin(self, agent: str, call: Call) -> None:
        """The agent is busy with this call. Repeating it is harmless."""
        if self._roster.direct_call(agent, call.id, begins=True):
            self._loop.tell(events.AgentBusy(agent, call.id))

    def tell_again(self, agent: str) -> None:
        """The machine has just learnt of the agent."""
        for call in self._roster.direct_calls(agent):
            self._loop.tell(events.AgentBusy(agent, call))

    def end(self, agent: str, call: Call) -> None:
        """The call is over for the agent. Repeating it is harmless."""
        if self._roster.direct_call(agent, call.id, begins=False):
            self._loop.tell(events.AgentFree(agent, call.id))
