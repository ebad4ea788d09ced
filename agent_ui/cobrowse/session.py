"""One co-browsing session: a customer's pages, the agents who watch, and what passes between them.

It sends through `Out`s, which take a message and return at once; it is told the time; it never waits. What pages
and viewers say is taken in `page_side` and `viewer_side`; here they come and go, and time passes.
"""

from collections.abc import Callable

from agent_ui.cobrowse import consent as agreed
from agent_ui.cobrowse.consent import Step
from agent_ui.cobrowse.inspection import Inspection
from agent_ui.cobrowse.page_side import page_said
from agent_ui.cobrowse.parties import SYSTEM, About, Message, Out, Page, Viewer, Watcher
from agent_ui.cobrowse.standing import Ports, Standing
from agent_ui.cobrowse.viewer_side import viewer_said

AWAY_TIME = 30.0
"""Seconds a session waits, agreed to as it is, for a page to come back after a load or a lost connection."""

UNWATCHED = 10.0
"""Seconds for which a page goes on telling what changes while nobody watches: a viewer that was lost comes back."""


class Session(Standing):
    """Told who comes and goes, what they say, and the time."""

    def __init__(self, about: About, ports: Ports, now: float) -> None:
        super().__init__(about, ports)
        self._away_since = now
        self._unwatched_since: float | None = None

    @property
    def has_page(self) -> bool:
        """Whether a page of the customer is connected."""
        return self.showing.has_page

    def page_joined(self, epoch: str, tab: str, out: Out, visible: bool, now: float) -> Page:
        """A page connects, or connects again. The one that is looked at is the one that is shown."""
        showing = self.showing
        page = showing.pages.get(epoch)
        if page is None:
            page = showing.pages[epoch] = Page(epoch, tab, Inspection(self.about.policy), out)
            showing.forget_left_pages()
        page.out, page.visible, page.snapshot_wanted, page.paying = out, visible, False, False
        if visible or showing.active is None or showing.active.out is None:
            showing.activate(page)
        page.tell({"type": "welcome", "have": page.inbound.seq, "policy": dict(self.about.signed)})
        self.tell_state()
        return page

    def page_left(self, page: Page, out: Out, now: float) -> None:
        """A page's connection is gone; unless a newer one has taken its place."""
        if page.out != out:
            return
        page.out = None
        if page is self.showing.active:
            following = next((one for one in self.showing.pages.values() if one.out and one.visible), None)
            if following is not None:
                self.showing.activate(following)
        if not self.has_page:
            self._away_since = now
        self.look_who_pays()
        self.tell_state()

    def page_said(self, page: Page, message: Message, size: int, now: float) -> None:
        """One message of a page. What it must not say ends the session."""
        page_said(self, page, message, size, now)

    def viewer_joined(self, watcher: Watcher, out: Out, epoch: str = "", seq: int = 0) -> Viewer:
        """An agent's viewer connects; `epoch` and `seq` are what it has from before, if it has anything."""
        viewer = Viewer(watcher, out)
        self.showing.viewers.append(viewer)
        self.watched, self._unwatched_since = True, None
        self.people[watcher.agent] = watcher
        if watcher.agent not in self.watchers:
            self.watchers[watcher.agent] = watcher
            self.record("joined", watcher.agent)
        self.tell_state()
        self.showing.catch_up(viewer, epoch, seq)
        return viewer

    def has(self, viewer: Viewer) -> bool:
        """Whether the session goes on, and the viewer is in it."""
        return not self.ended and viewer in self.showing.viewers

    def viewer_left(self, viewer: Viewer) -> None:
        """A viewer's connection is gone."""
        viewers = self.showing.viewers
        if viewer not in viewers:
            return
        viewers.remove(viewer)
        agent = viewer.watcher.agent
        if all(one.watcher.agent != agent for one in viewers):
            self.watchers.pop(agent, None)
            self.record("left", agent)
        self.tell_state()

    def viewer_said(self, viewer: Viewer, message: Message, now: float) -> None:
        """One message of a viewer; what cannot be done is told to it and changes nothing."""
        viewer_said(self, viewer, message, now)

    def drop_watchers(self, allowed: Callable[[Watcher], bool]) -> None:
        """Send away those who may no longer watch."""
        for viewer in [one for one in self.showing.viewers if not allowed(one.watcher)]:
            viewer.tell({"type": "ended", "reason": "not_yours"})
            self.viewer_left(viewer)
        for person in [one for one in self.people.values() if not allowed(one)]:
            self.let_go(person.agent)

    def tick(self, now: float) -> None:
        """Let time pass: questions time out, and a session without pages ends."""
        if self.ended:
            return
        question = self.consent.question
        changed = agreed.timed_out(self.consent, now)
        if changed is not self.consent and question is not None:
            self.record(Step.TIMED_OUT, SYSTEM, question.tier)
            self.agree(changed)
        self._look_who_watches(now)
        if self.has_page:
            self._away_since = now
        elif now - self._away_since >= AWAY_TIME:
            self.end("page_gone", SYSTEM)

    def _look_who_watches(self, now: float) -> None:
        if self.showing.viewers or not self.watched:
            return
        if self._unwatched_since is None:
            self._unwatched_since = now
        elif now - self._unwatched_since >= UNWATCHED:
            self.watched = False
            self.showing.purge()
            self.tell_state()
