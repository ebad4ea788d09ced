"""All sessions of this process, and how they hang together with contacts, visitors and the database.

Lives on the event loop's thread. What blocks (the database) runs elsewhere, in order.
"""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol, TypeVar

import gevent
from gevent.queue import Queue

from agent_ui.cobrowse.consent import Phase, Tier
from agent_ui.cobrowse.errors import BadTicket, NoPage
from agent_ui.cobrowse.parties import About, Out, Page, Viewer, Watcher
from agent_ui.cobrowse.policy import signed
from agent_ui.cobrowse.replays import Replays
from agent_ui.cobrowse.session import Session
from agent_ui.cobrowse.standing import Ports, Standing
from agent_ui.cobrowse.store import ConsentEntry, add_consent, add_session, end_session, policy_of
from agent_ui.cobrowse.stream import Batch
from agent_ui.cobrowse.tickets import Ticket
from agent_ui.logins.sessions import valid_among
from agent_ui.storage import Storage
from agent_ui.workers import Workers

TICK = 1.0
LARGE = 64 * 1024
"""Characters that are looked through in some milliseconds."""
WORKERS = 2
SWEEP = 15.0
"""Seconds after which viewers of a sign-in that was ended elsewhere are sent away at the latest."""
MOST_PAGES = 8
"""Pages of one customer that are connected at once."""

T = TypeVar("T")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")

NEVER_KEPT = frozenset({"card_number"})
"""Reasons for a session's end after which nothing of it may stay."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose page it is: a visitor of a site."""

    visitor: str
    site: str


class Surroundings(Protocol):
    """What the sessions need to know of the rest."""

    def customer_of(self, contact: str) -> Customer | None:
        """The visitor who is this live contact's customer."""
        ...

    def contact_of(self, visitor: str) -> str | None:
        """The live contact of a visitor."""
        ...

    def is_over(self, contact: str) -> bool:
        """Whether a contact has ended; False while that cannot be known."""
        ...

    def may_watch(self, watcher: Watcher, contact: str) -> bool:
        """Whether an agent has the contact, or is a supervisor."""
        ...

    def invite(self, visitor: str) -> None:
        """Have the visitor's pages connect."""
        ...

    def agents_of(self, contact: str) -> frozenset[str]:
        """The agents whom the contact is with."""
        ...

    def tell_desks(self, contact: str, state: dict[str, Any]) -> None:
        """Tell the desks of a contact's agents, and supervisors, how its session stands."""
        ...

    def consented(self, contact: str, told: ConsentEntry) -> None:
        """There is a line more in the contact's consent record."""
        ...

    def paying(self, contact: str, on: bool) -> None:
        """The contact's customer has begun to pay, or has ended it."""
        ...

    def pause_recording(self, contact: str, by: str, on: bool) -> None:
        """Pause the contact's recording, or go on with it; may fail, which is logged."""
        ...


class Cobrowsing(Ports):
    """Sessions by contact; one contact has one."""

    def __init__(
        self,
        around: Surroundings,
        storage: Storage,
        secret: str,
        clock: Callable[[], float] = monotonic,
        replays: Replays | None = None,
    ) -> None:
        self._around = around
        self._storage = storage
        self._secret = secret
        self._clock = clock
        self._replays = replays
        self._workers = Workers(WORKERS)
        self._sessions: dict[str, Session] = {}
        self._agents: dict[str, frozenset[str]] = {}
        """The agents of each session's contact, to see who comes."""
        self._to_write: Queue = Queue()

    def start(self) -> Callable[[], None]:
        """Let time pass and write records; the returned function ends that."""
        running = (gevent.spawn(self._pass_time), gevent.spawn(self._write))
        return lambda: gevent.killall(running, block=False)

    def of_contact(self, contact: str) -> Session | None:
        """The contact's session, if there is one."""
        return self._sessions.get(contact)

    def seen_by(self, agent: str | None) -> dict[str, dict[str, Any]]:
        """How the sessions stand of the contacts that an agent has, by contact; of all contacts for None."""
        sessions = self._sessions.items()
        mine = (one for one in sessions if agent is None or agent in self._around.agents_of(one[0]))
        return {contact: told_of(session) for contact, session in mine}

    def of_visitor(self, visitor: str) -> Session | None:
        """The visitor's session, if there is one."""
        return next((one for one in self._sessions.values() if one.about.visitor == visitor), None)

    def admit(self, ticket: Ticket) -> Watcher:
        """Who a ticket lets in. Raises BadTicket when the sign-in or the contact has ended meanwhile."""
        valid = self._storage.run(valid_among, frozenset({ticket.session}), datetime.now(UTC))
        watcher = Watcher(ticket.watcher, ticket.name, ticket.role, ticket.session)
        if not valid or not self._around.may_watch(watcher, ticket.contact):
            raise BadTicket("that may no longer be watched")
        return watcher

    def watch(self, watcher: Watcher, contact: str, out: Out, epoch: str, seq: int) -> tuple[Session, Viewer]:
        """A viewer joins; the first one begins the session. Raises NoPage when the customer has no page."""
        session = self._sessions.get(contact) or self._begin(contact)
        return session, session.viewer_joined(watcher, out, epoch, seq)

    def share(self, customer: Customer, hello: dict[str, Any], out: Out) -> tuple[Session, Page] | None:
        """A customer's page connects; None when no session wants it. With `offer` the customer begins one."""
        session = self.of_visitor(customer.visitor)
        offered = session is None and hello.get("offer") is True
        if offered:
            contact = self._around.contact_of(customer.visitor)
            session = self._begin(contact, invite=False) if contact else None
        if session is None:
            return None
        epoch, tab = _id_of(hello.get("epoch")), _id_of(hello.get("tab"))
        if session.showing.connected(besides=epoch) >= MOST_PAGES:
            raise BadTicket("so many pages nobody has open")
        page = session.page_joined(epoch, tab, out, hello.get("visible") is True, self._clock())
        if hello.get("offer") is True and not session.consent.on(Tier.VIEW):
            session.page_said(page, {"type": "offer"}, 0, self._clock())
        return session, page

    def drop(self, sign_ins: frozenset[str]) -> None:
        """Send away the viewers of these sign-ins, which have ended."""
        for session in list(self._sessions.values()):
            session.drop_watchers(lambda watcher: watcher.sign_in not in sign_ins)

    def now(self) -> float:
        """The sessions' clock."""
        return self._clock()

    def end(self, contact: str, reason: str, by: str) -> None:
        """End a contact's session, if it has one."""
        session = self._sessions.get(contact)
        if session is not None:
            session.end(reason, by)

    # -- what sessions tell

    def record(self, about: About, action: str, by: str, tier: str = "") -> None:
        """Add to the consent record."""
        entry = ConsentEntry(datetime.now(UTC), about.id, action, tier, by, about.policy.version)
        self._to_write.put(lambda: self._storage.run(add_consent, about, entry))
        self._around.consented(about.contact, entry)

    def beside(self, size: int, work: Callable[[], T]) -> T:
        """What is large is worked on beside the event loop: calls must not wait for it."""
        return work() if size < LARGE else self._workers.run(work)

    def paying(self, about: About, on: bool) -> None:
        """The call's recording pauses while the customer pays."""
        session = self._sessions.get(about.contact)
        by = next(iter(session.watchers), "") if session else ""
        self._around.paying(about.contact, on)
        gevent.spawn(self._around.pause_recording, about.contact, by, on)

    def passed(self, about: About, batch: Batch, tab: str) -> None:
        """Keep what the viewers are shown, if replays are kept."""
        session = self._sessions.get(about.contact)
        if self._replays is None or session is None or session.showing.active_epoch != batch.epoch:
            return
        if self._replays.take(about, batch, seen=not unseen(session)):
            session.showing.request_snapshot()

    def changed(self, session: Standing) -> None:
        """Tell the desks; an ended session is forgotten."""
        about = session.about
        self._keep_in_step(session)
        if session.ended and self._sessions.get(about.contact) is session:
            del self._sessions[about.contact]
            reason, stripped, now = session.ended, session.stripped, datetime.now(UTC)
            self._to_write.put(lambda: self._storage.run(end_session, about.id, reason, stripped, now))
            self._agents.pop(about.contact, None)
        self._around.tell_desks(about.contact, told_of(session))

    def _keep_in_step(self, session: Standing) -> None:
        """What is kept stops when nobody may see the page, and goes on with a snapshot."""
        if self._replays is None:
            return
        if session.ended:
            self._replays.end(session.about.id, forget=session.ended in NEVER_KEPT)
        elif why := unseen(session):
            self._replays.gap(session.about.id, why)
        elif self._replays.waits(session.about.id):
            session.showing.request_snapshot()

    def _begin(self, contact: str, invite: bool = True) -> Session:
        customer = self._around.customer_of(contact)
        if customer is None:
            raise NoPage("the customer has no page open")
        policy = self._storage.run(policy_of, customer.site)
        existing = self._sessions.get(contact)
        if existing is not None:
            return existing
        about = About(
            secrets.token_hex(12), contact, customer.visitor, policy, signed(policy, self._secret),
            kept=self._replays is not None,
        )  # fmt: skip
        session = self._sessions[contact] = Session(about, self, self._clock())
        now = datetime.now(UTC)
        self._to_write.put(lambda: self._storage.run(add_session, about, now))
        if invite:
            self._around.invite(customer.visitor)
        return session

    def _pass_time(self) -> None:
        swept = self._clock()
        while True:
            gevent.sleep(TICK)
            try:
                self._tick()
                if self._clock() - swept >= SWEEP:
                    swept = self._clock()
                    self._sweep()
            except Exception:
                _log.exception("co-browsing sessions could not be looked after")

    def _tick(self) -> None:
        for contact, session in list(self._sessions.items()):
            if self._around.is_over(contact):
                session.end("contact_ended", "system")
                continue
            session.drop_watchers(lambda watcher, of=contact: self._around.may_watch(watcher, of))  # type: ignore[misc]
            session.tick(self._clock())
            self._look_who_has(contact, session)

    def _sweep(self) -> None:
        sessions = self._sessions.values()
        present = frozenset(one.watcher.sign_in for session in sessions for one in session.showing.viewers)
        if present:
            self.drop(present - self._storage.run(valid_among, present, datetime.now(UTC)))

    def _look_who_has(self, contact: str, session: Session) -> None:
        """Whoever the contact has come to is told that its customer's page is shared."""
        agents = self._around.agents_of(contact)
        if agents != self._agents.setdefault(contact, agents) and not session.ended:
            self._agents[contact] = agents
            self.changed(session)

    def _write(self) -> None:
        for write in self._to_write:
            try:
                write()
            except Exception:
                _log.exception("a record of co-browsing could not be written")


def _id_of(value: object) -> str:
    """A page's own number for itself or its tab. Raises BadTicket for what our pages never say."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadTicket("that is no page of ours")
    return value


def unseen(session: Standing) -> str:
    """Why nobody sees the page now, in one word; empty when somebody does."""
    if session.paying:
        return "paying"
    if session.consent.phase is Phase.PAUSED:
        return "paused"
    if not session.showing.shared:
        return "not_shared"
    return "" if session.watchers else "not_watched"


def told_of(session: Standing) -> dict[str, Any]:
    """What desks are told of a session."""
    return {**session.state(), "ended": session.ended}
