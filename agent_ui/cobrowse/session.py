"""One co-browsing session: a customer's pages, the agents who watch, and what passes between them.

It sends through `Out`s, which take a message and return at once; it is told the time; it never waits.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent_ui.cobrowse import consent as agreed
from agent_ui.cobrowse.commands import Command, Rate, check, read_command
from agent_ui.cobrowse.consent import Answer, Consent, Phase, Step, Tier, Turn
from agent_ui.cobrowse.errors import CobrowseError, CommandRefused, NotAllowed, OutOfOrder, StreamRefused
from agent_ui.cobrowse.events import is_id, is_number
from agent_ui.cobrowse.inspection import Inspection
from agent_ui.cobrowse.policy import MaskPolicy
from agent_ui.cobrowse.stream import Batch, Inbound, Tail, Window, batch_of, from_snapshot

Message = dict[str, Any]
Out = Callable[[str], None]
"""Sends a message, in JSON, or drops it when the connection is gone."""

AWAY_TIME = 30.0
"""Seconds a session waits, agreed to as it is, for a page to come back after a load or a lost connection."""

UNWATCHED = 10.0
"""Seconds for which a page goes on telling what changes while nobody watches: a viewer that was lost comes back."""

CUSTOMER = "customer"
SYSTEM = "system"
MOST_PENDING = 200
CURSOR_ROOM = 32

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class About:
    """Whose session it is: the contact, the visitor, the site's policy as the page gets it."""

    id: str
    contact: str
    visitor: str
    policy: MaskPolicy
    signed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches: an agent of the contact, or a supervisor who has joined."""

    agent: str
    name: str
    role: str = "agent"


class Ports:
    """What a session tells the world; the base does nothing."""

    def record(self, about: About, action: str, by: str, tier: str = "") -> None:
        """Add to the consent record."""

    def paying(self, about: About, on: bool) -> None:
        """The customer has begun to pay, or has ended it: the call's recording pauses meanwhile."""

    def changed(self, session: "Session") -> None:
        """The session stands differently now."""

    def look_through(self, inspection: Inspection, events: object, size: int) -> list[Message]:
        """Look through a page's events; may let others go on meanwhile. Raises StreamRefused."""
        return inspection.look_through(events)

    def passed(self, about: About, batch: Batch, tab: str) -> None:
        """A batch was looked through and shown."""


@dataclass(slots=True, eq=False)
class Page:
    """A customer's page. `out` is None while it is not connected."""

    epoch: str
    tab: str
    inspection: Inspection
    out: Out | None
    visible: bool = True
    inbound: Inbound = field(default_factory=Inbound)
    tail: Tail = field(default_factory=Tail)
    snapshot_wanted: bool = False
    busy: bool = False
    paying: bool = False


@dataclass(slots=True, eq=False)
class Viewer:
    """An agent's viewer. `waiting` until a snapshot begins what it shows."""

    watcher: Watcher
    out: Out
    window: Window = field(default_factory=Window)
    rate: Rate = field(default_factory=Rate)
    waiting: bool = True


class Session:
    """Told what pages and viewers say. `ended` holds why, once it is over."""

    def __init__(self, about: About, ports: Ports, now: float) -> None:
        self.about = about
        self.consent = Consent()
        self.ended = ""
        self.paying = False
        self.watchers: dict[str, Watcher] = {}
        self._ports = ports
        self._pages: dict[str, Page] = {}
        self._active: Page | None = None
        self._viewers: list[Viewer] = []
        self._refs = 0
        self._pending: dict[int, tuple[Viewer, int]] = {}
        self._away_since = now
        self._watched = True
        self._unwatched_since: float | None = None

    @property
    def has_page(self) -> bool:
        """Whether a page of the customer is connected."""
        return any(page.out is not None for page in self._pages.values())

    @property
    def stripped(self) -> int:
        """How many parts of the pages were taken out because they could act."""
        return sum(page.inspection.stripped for page in self._pages.values())

    # -- the customer's pages

    def page_joined(self, epoch: str, tab: str, out: Out, visible: bool, now: float) -> Page:
        """A page connects, or connects again. The one that is looked at is the one that is shown."""
        page = self._pages.get(epoch)
        if page is None:
            page = Page(epoch, tab, Inspection(self.about.policy), out)
            self._pages[epoch] = page
            self._forget_left_pages()
        page.out, page.visible, page.snapshot_wanted, page.paying = out, visible, False, False
        if visible or self._active is None or self._active.out is None:
            self._activate(page)
        self._tell(page, {"type": "welcome", "have": page.inbound.seq, "policy": dict(self.about.signed)})
        self._tell_state()
        return page

    def page_left(self, page: Page, out: Out, now: float) -> None:
        """A page's connection is gone; unless a newer one has taken its place."""
        if page.out != out:
            return
        page.out = None
        if page is self._active:
            following = next((one for one in self._pages.values() if one.out and one.visible), None)
            if following is not None:
                self._activate(following)
        if not self.has_page:
            self._away_since = now
        self._look_who_pays()
        self._tell_state()

    def page_said(self, page: Page, message: Message, size: int, now: float) -> None:
        """One message of a page. What it must not say ends the session."""
        said = _PAGE_SAYS.get(str(message.get("type")))
        try:
            if said is None:
                raise StreamRefused("schema")
            said(self, page, message, size, now)
        except OutOfOrder:
            self._tell(page, {"type": "again", "have": page.inbound.seq})
        except NotAllowed as refusal:
            self._tell(page, {"type": "refused", "reason": refusal.id})
        except StreamRefused as refusal:
            self.end(refusal.reason, SYSTEM)

    def _batch(self, page: Page, message: Message, size: int, now: float) -> None:
        seq, events = message.get("seq"), message.get("events")
        if not is_id(seq) or page.epoch != message.get("epoch"):
            raise StreamRefused("schema")
        if not self.consent.on(Tier.VIEW) or self.consent.phase is not Phase.RUNNING:
            page.inbound.seq = max(page.inbound.seq, int(seq or 0))
        elif page.inbound.take(int(seq or 0)):
            passed = self._looked_through(page, events, size)
            batch = batch_of(page.epoch, page.inbound.seq, passed, size, message.get("reset") is True)
            if self.consent.may(Tier.VIEW):
                self._keep(page, batch)
        self._tell(page, {"type": "ack", "seq": page.inbound.seq})

    def _looked_through(self, page: Page, events: object, size: int) -> list[Message]:
        """Nobody acts on a page while what it has become is still being looked through."""
        page.busy = True
        try:
            return self._ports.look_through(page.inspection, events, size)
        finally:
            page.busy = False

    def _keep(self, page: Page, batch: Batch) -> None:
        page.tail.add(batch)
        if batch.whole:
            page.snapshot_wanted = False
        self._ports.passed(self.about, batch, page.tab)
        if page is self._active and batch.events:
            text = _encoded(batch)
            for viewer in self._viewers:
                self._show(viewer, batch, text)

    def _cursor(self, page: Page, message: Message, size: int, now: float) -> None:
        """Where the customer's pointer is: told to those who keep up, and never kept."""
        place = {name: message.get(name) for name in ("node", "fx", "fy")}
        if not (is_id(place["node"]) and is_number(place["fx"]) and is_number(place["fy"])):
            raise StreamRefused("schema")
        if page is self._active and self.consent.may(Tier.VIEW):
            told = json.dumps({"type": "cursor", "epoch": page.epoch, **place})
            for viewer in self._viewers:
                if viewer.window.drained or not viewer.window.lagging:
                    viewer.out(told)

    def _answer(self, page: Page, message: Message, size: int, now: float) -> None:
        question = self.consent.question
        number = message.get("question")
        granted = message.get("granted") is True
        self._agreed(agreed.answer(self.consent, number if isinstance(number, int) else 0, granted, now))
        if question is not None:
            self._record(Step.GRANTED if granted else Step.REFUSED, CUSTOMER, question.tier)

    def _offer(self, page: Page, message: Message, size: int, now: float) -> None:
        self._agreed(agreed.offer(self.consent, Tier.VIEW))
        self._record(Step.OFFERED, CUSTOMER, Tier.VIEW)

    def _revoke(self, page: Page, message: Message, size: int, now: float) -> None:
        tier = _tier(message)
        self._agreed(agreed.revoke(self.consent, tier))
        self._record(Step.REVOKED, CUSTOMER, tier)
        if tier is Tier.VIEW:
            self._purge()

    def _turn(self, page: Page, message: Message, size: int, now: float) -> None:
        event = {"pause": Turn.PAUSED, "resume": Turn.RESUMED}[str(message["type"])]
        self._agreed(agreed.turn(self.consent, event))
        self._record(event, CUSTOMER)
        if event is Turn.PAUSED:
            self._purge()

    def _stop(self, page: Page, message: Message, size: int, now: float) -> None:
        self.end("stopped", CUSTOMER)

    def _own_input(self, page: Page, message: Message, size: int, now: float) -> None:
        self.consent = agreed.own_input(self.consent, now)

    def _paying(self, page: Page, message: Message, size: int, now: float) -> None:
        page.paying = message.get("on") is True
        if self._look_who_pays():
            self._tell_state()

    def _look_who_pays(self) -> bool:
        """Whether it changed that the customer pays. A page that was left pays no longer."""
        on = any(page.paying and page.out is not None for page in self._pages.values())
        if on == self.paying:
            return False
        self.paying = on
        self._ports.paying(self.about, on)
        return True

    def _seen(self, page: Page, message: Message, size: int, now: float) -> None:
        page.visible = message.get("on") is True
        if page.visible and page is not self._active:
            self._activate(page)
            self._tell_state()

    def _mark(self, page: Page, message: Message, size: int, now: float) -> None:
        """The customer shows something to the agents."""
        if page is not self._active or not self.consent.may(Tier.VIEW):
            raise NotAllowed("the page is not shared")
        try:
            mark = read_command(message)
        except CommandRefused:
            raise StreamRefused("schema") from None
        if mark.action not in ("point", "highlight", "draw", "clear"):
            raise StreamRefused("schema")
        self._tell_viewers({**mark.document(), "type": "mark", "by": CUSTOMER})

    def _done(self, page: Page, message: Message, size: int, now: float) -> None:
        ref = message.get("ref")
        waiting = self._pending.pop(ref, None) if isinstance(ref, int) else None
        if waiting is not None:
            viewer, number = waiting
            reason = str(message.get("reason") or "")[:40]
            self._send(
                viewer.out, {"type": "done", "id": number, "ok": message.get("ok") is True, "reason": reason}
            )

    def _ping(self, page: Page, message: Message, size: int, now: float) -> None:
        self._tell(page, {"type": "pong"})

    # -- the agents' viewers

    def viewer_joined(self, watcher: Watcher, out: Out, epoch: str = "", seq: int = 0) -> Viewer:
        """An agent's viewer connects; `epoch` and `seq` are what it has from before, if it has anything."""
        viewer = Viewer(watcher, out)
        self._viewers.append(viewer)
        self._watched, self._unwatched_since = True, None
        if watcher.agent not in self.watchers:
            self.watchers[watcher.agent] = watcher
            self._record("joined", watcher.agent)
        self._tell_state()
        self._catch_up(viewer, epoch, seq)
        return viewer

    def viewer_left(self, viewer: Viewer) -> None:
        """A viewer's connection is gone."""
        if viewer not in self._viewers:
            return
        self._viewers.remove(viewer)
        agent = viewer.watcher.agent
        if all(one.watcher.agent != agent for one in self._viewers):
            self.watchers.pop(agent, None)
            self._record("left", agent)
        self._tell_state()

    def viewer_said(self, viewer: Viewer, message: Message, now: float) -> None:
        """One message of a viewer; what cannot be done is told to it and changes nothing."""
        said = _VIEWER_SAYS.get(str(message.get("type")))
        try:
            if said is None:
                raise CommandRefused("malformed")
            said(self, viewer, message, now)
        except CobrowseError as refusal:
            reason = getattr(refusal, "reason", refusal.id)
            _log.info("co-browsing %s: refused %s: %s", self.about.id, _word(message), reason)
            told = {"type": "refused", "id": message.get("id"), "reason": reason}
            self._send(viewer.out, told)

    def _ask(self, viewer: Viewer, message: Message, now: float) -> None:
        tier = _tier(message)
        self._agreed(agreed.ask(self.consent, tier, viewer.watcher.agent, now))
        self._record(Step.ASKED, viewer.watcher.agent, tier)

    def _withdraw(self, viewer: Viewer, message: Message, now: float) -> None:
        question = self.consent.question
        self._agreed(agreed.withdraw(self.consent))
        if question is not None:
            self._record(Step.WITHDRAWN, viewer.watcher.agent, question.tier)

    def _give_back(self, viewer: Viewer, message: Message, now: float) -> None:
        """An agent gives back what the customer had agreed to."""
        tier = _tier(message)
        self._agreed(agreed.revoke(self.consent, tier))
        self._record(Step.REVOKED, viewer.watcher.agent, tier)
        if tier is Tier.VIEW:
            self._purge()

    def _command(self, viewer: Viewer, message: Message, now: float) -> None:
        command = read_command(message)
        if not viewer.rate.take(now):
            raise CommandRefused("too_fast")
        page = self._active
        there = page is not None and page.out is not None and not page.busy
        shown = page.inspection.shadow if page is not None and there else None
        check(command, self.consent, shown, page.epoch if page else "", now)
        if page is not None:
            self._forward(viewer, page, command)

    def _forward(self, viewer: Viewer, page: Page, command: Command) -> None:
        self._refs += 1
        self._pending[self._refs] = (viewer, command.id)
        while len(self._pending) > MOST_PENDING:
            self._pending.pop(next(iter(self._pending)))
        by = viewer.watcher.name
        self._tell(page, {**command.document(), "type": "command", "ref": self._refs, "by": by})
        if command.action in ("highlight", "draw", "clear", "please_click"):
            told = _text({**command.document(), "type": "mark", "by": viewer.watcher.agent})
            for other in self._viewers:
                if other is not viewer:
                    other.out(told)

    def _acknowledge(self, viewer: Viewer, message: Message, now: float) -> None:
        seq = message.get("seq")
        if isinstance(seq, int):
            viewer.window.acknowledged(str(message.get("epoch")), seq)
        if viewer.window.lagging and viewer.window.drained:
            viewer.window.lagging = False
            self._catch_up(viewer, "", 0)

    def _want_snapshot(self, viewer: Viewer, message: Message, now: float) -> None:
        viewer.waiting = True
        self._request_snapshot()

    def _viewer_stop(self, viewer: Viewer, message: Message, now: float) -> None:
        self.end("stopped", viewer.watcher.agent)

    def _viewer_ping(self, viewer: Viewer, message: Message, now: float) -> None:
        self._send(viewer.out, {"type": "pong"})

    # -- time, and the end

    def tick(self, now: float) -> None:
        """Let time pass: questions time out, and a session without pages ends."""
        if self.ended:
            return
        question = self.consent.question
        changed = agreed.timed_out(self.consent, now)
        if changed is not self.consent and question is not None:
            self._record(Step.TIMED_OUT, SYSTEM, question.tier)
            self._agreed(changed)
        self._look_who_watches(now)
        if self.has_page:
            self._away_since = now
        elif now - self._away_since >= AWAY_TIME:
            self.end("page_gone", SYSTEM)

    def _look_who_watches(self, now: float) -> None:
        """What nobody sees need not leave the page."""
        if self._viewers or not self._watched:
            return
        if self._unwatched_since is None:
            self._unwatched_since = now
        elif now - self._unwatched_since >= UNWATCHED:
            self._watched = False
            self._purge()
            self._tell_state()

    def drop_watchers(self, allowed: Callable[[Watcher], bool]) -> None:
        """Send away those who may no longer watch."""
        for viewer in [one for one in self._viewers if not allowed(one.watcher)]:
            self._send(viewer.out, {"type": "ended", "reason": "not_yours"})
            self.viewer_left(viewer)

    def end(self, reason: str, by: str) -> None:
        """Stop, forget what was seen, and tell everybody why."""
        if self.ended:
            return
        self.ended = reason
        if by == SYSTEM and reason not in ("page_gone", "contact_ended"):
            _log.warning("co-browsing %s ended: the page sent %s", self.about.id, reason)
        if self.consent.phase is not Phase.STOPPED:
            self.consent = agreed.turn(self.consent, Turn.STOPPED)
        self._record(Turn.STOPPED, by, reason if by == SYSTEM else "")
        if self.paying:
            self.paying = False
            self._ports.paying(self.about, False)
        self._purge()
        for page in self._pages.values():
            self._tell(page, {"type": "ended", "reason": reason})
        self._tell_viewers({"type": "ended", "reason": reason})
        self._ports.changed(self)

    def state(self) -> Message:
        """How the session stands, as everybody in it is told."""
        question = self.consent.question
        return {
            "type": "state",
            "phase": self.consent.phase,
            "tiers": {tier: self.consent.tiers[tier] is Answer.ON for tier in Tier},
            "question": question
            and {"id": question.id, "tier": question.tier, "by": self._name(question.by)},
            "watchers": [{"name": one.name, "role": one.role} for one in self.watchers.values()],
            "page": self.has_page,
            "epoch": self._active.epoch if self._active else "",
            "paying": self.paying,
        }

    # -- helpers

    def _activate(self, page: Page) -> None:
        if page is self._active:
            return
        self._active = page
        for viewer in self._viewers:
            self._catch_up(viewer, "", 0)

    def _catch_up(self, viewer: Viewer, epoch: str, seq: int) -> None:
        """Send a viewer what it lacks, from what is kept; otherwise a snapshot is asked for."""
        page = self._active
        if page is None or not self.consent.may(Tier.VIEW):
            viewer.waiting = True
            return
        missing = page.tail.after(seq) if epoch == page.epoch else None
        if missing is None:
            missing = from_snapshot(page.tail)
        if not page.tail.ready:
            viewer.waiting = True
            self._request_snapshot()
            return
        viewer.waiting = False
        for batch in missing:
            viewer.window.sent(batch)
            viewer.out(_encoded(batch))

    def _show(self, viewer: Viewer, batch: Batch, text: str) -> None:
        if viewer.waiting and not batch.whole:
            return
        if viewer.waiting or batch.reset:
            viewer.window.lagging = False
        if viewer.window.fits(batch):
            viewer.waiting = False
            viewer.window.sent(batch)
            viewer.out(text)

    def _request_snapshot(self) -> None:
        page = self._active
        if page is not None and page.out is not None and not page.snapshot_wanted:
            page.snapshot_wanted = True
            self._tell(page, {"type": "snapshot"})

    def _forget_left_pages(self) -> None:
        """Pages that were loaded over: only the few latest may still come back."""
        left = [page for page in self._pages.values() if page.out is None and page is not self._active]
        for page in left[:-2]:
            del self._pages[page.epoch]

    def _agreed(self, consent: Consent) -> None:
        """The consent has changed: recorders start and stop by what pages are told now."""
        shared_before = self.consent.may(Tier.VIEW)
        self.consent = consent
        if self.consent.may(Tier.VIEW) and not shared_before:
            for viewer in self._viewers:
                viewer.waiting = True
        self._tell_state()

    def _purge(self) -> None:
        for page in self._pages.values():
            page.tail.clear()
            page.inspection.forget()
            page.snapshot_wanted = False
        for viewer in self._viewers:
            viewer.waiting = True

    def _record(self, action: str, by: str, tier: str = "") -> None:
        self._ports.record(self.about, str(action), by, str(tier))

    def _name(self, agent: str) -> str:
        watcher = self.watchers.get(agent)
        return watcher.name if watcher else agent

    def _tell_state(self) -> None:
        state = self.state()
        shared = self.consent.may(Tier.VIEW) and self._watched
        for page in self._pages.values():
            self._tell(page, {**state, "record": shared and page is self._active})
        self._tell_viewers(state)
        self._ports.changed(self)

    def _tell(self, page: Page, message: Message) -> None:
        if page.out is not None:
            self._send(page.out, message)

    def _tell_viewers(self, message: Message) -> None:
        text = _text(message)
        for viewer in list(self._viewers):
            viewer.out(text)

    def _send(self, out: Out, message: Message) -> None:
        out(_text(message))


def _text(message: Message) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def _encoded(batch: Batch) -> str:
    parts = {"type": "events", "epoch": batch.epoch, "seq": batch.seq, "reset": batch.reset}
    return _text({**parts, "events": list(batch.events)})


def _tier(message: Message) -> Tier:
    try:
        return Tier(str(message.get("tier")))
    except ValueError:
        raise NotAllowed("there is no such tier") from None


def _word(message: Message) -> str:
    """What kind of message it was: one of the known words, never what the sender wrote."""
    kind, action = str(message.get("type")), str(message.get("action"))
    known = kind if kind in _VIEWER_SAYS else "unknown"
    return f"{known} {action}" if known == "command" and action.isalpha() and len(action) < 16 else known


PageSays = Callable[[Session, Page, Message, int, float], None]
ViewerSays = Callable[[Session, Viewer, Message, float], None]

_PAGE_SAYS: Mapping[str, PageSays] = {
    "batch": Session._batch,
    "cursor": Session._cursor,
    "answer": Session._answer,
    "offer": Session._offer,
    "revoke": Session._revoke,
    "pause": Session._turn,
    "resume": Session._turn,
    "stop": Session._stop,
    "own_input": Session._own_input,
    "paying": Session._paying,
    "seen": Session._seen,
    "mark": Session._mark,
    "done": Session._done,
    "ping": Session._ping,
}

_VIEWER_SAYS: Mapping[str, ViewerSays] = {
    "ask": Session._ask,
    "withdraw": Session._withdraw,
    "give_back": Session._give_back,
    "command": Session._command,
    "ack": Session._acknowledge,
    "snapshot": Session._want_snapshot,
    "stop": Session._viewer_stop,
    "ping": Session._viewer_ping,
}
