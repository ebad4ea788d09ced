"""Joins a contact to the page whose six-digit code its customer reads out, and slows down guessing."""

from contextlib import suppress

from limits import RateLimitItemPerMinute
from limits.storage import Storage

from agent_ui.carts.errors import TooManyCodes
from agent_ui.control.errors import ControlAway
from agent_ui.control.port import Control
from agent_ui.visitors.model import Visitor
from agent_ui.visitors.registry import Visitors
from agent_ui.windows import Windows, in_minutes
from agent_ui.workers import Workers
from pbx.contract.commands import JoinVisitor

PER_AGENT = RateLimitItemPerMinute(8, 5)
OVERALL = RateLimitItemPerMinute(120, 1)
"""With a hundred codes shown at a time, a guess is right once in ten thousand: nobody gets there at this pace."""


class CodeGuard:
    """Counts the codes that agents try; right ones do not count against the agent."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._windows = Windows(storage)

    def admit(self, agent: str) -> None:
        """Count a try.

        Raises:
            TooManyCodes: there were too many.
        """
        for item, keys in ((PER_AGENT, ("agent", agent)), (OVERALL, ("all",))):
            if wait := self._windows.count(item, *keys):
                raise TooManyCodes("too many codes were tried", minutes=in_minutes(wait))

    def succeeded(self, agent: str) -> None:
        """Forget the tries of an agent who had the right code."""
        self._windows.forget(PER_AGENT, "agent", agent)


class CodeJoining:
    """All of it is called on the event loop."""

    def __init__(self, visitors: Visitors, control: Control, workers: Workers, guard: CodeGuard) -> None:
        self._visitors = visitors
        self._control = control
        self._workers = workers
        self._guard = guard

    def join(self, agent: str, contact_id: str, code: str) -> Visitor:
        """The visitor whose page shows the code, who goes with the contact from now on.

        A telephone system that is away does not keep the desk from showing the page.

        Raises:
            TooManyCodes, CodeUnknown.
            ControlRefused: the telephone system knows no such contact.
        """
        self._guard.admit(agent)
        visitor = self._visitors.join(code, contact_id)
        self._guard.succeeded(agent)
        joined = JoinVisitor(visitor=visitor.id, site=visitor.site, customer_id=visitor.customer_id)
        with suppress(ControlAway):
            self._workers.run(self._control.join_visitor, agent, contact_id, joined)
        return visitor
