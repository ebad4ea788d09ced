"""Which of the customer's pages is shown, and what each viewer has of it."""

from agent_ui.cobrowse.parties import Message, Page, Viewer, text_of
from agent_ui.cobrowse.stream import Batch, from_snapshot


class Showing:
    """The pages and the viewers of one session. Nothing is shown unless `shared`, which the consent decides."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.active: Page | None = None
        """The page that is looked at, or was last."""
        self.viewers: list[Viewer] = []
        self.shared = False

    @property
    def active_epoch(self) -> str:
        """Which page is shown; empty before there is one."""
        return self.active.epoch if self.active else ""

    @property
    def has_page(self) -> bool:
        """Whether a page of the customer is connected."""
        return any(page.out is not None for page in self.pages.values())

    def connected(self, besides: str) -> int:
        """How many pages are connected, without this one."""
        return sum(page.out is not None and epoch != besides for epoch, page in self.pages.items())

    def activate(self, page: Page) -> None:
        """Show this page from now on."""
        if page is self.active:
            return
        self.active = page
        for viewer in self.viewers:
            self.catch_up(viewer, "", 0)

    def keep(self, page: Page, batch: Batch) -> None:
        """A page's batch that may be seen: kept for those who come late, and shown to those who are there."""
        page.tail.add(batch)
        if batch.whole:
            page.snapshot_wanted = False
        if page is self.active and batch.events:
            text = _encoded(batch)
            for viewer in self.viewers:
                _show(viewer, batch, text)

    def catch_up(self, viewer: Viewer, epoch: str, seq: int) -> None:
        """Send a viewer what it lacks, from what is kept; otherwise a snapshot is asked for.

        `epoch` and `seq` are what it has, if it has anything.
        """
        page = self.active
        if page is None or not self.shared:
            viewer.waiting = True
            return
        missing = page.tail.after(seq) if epoch == page.epoch else None
        if missing is None:
            missing = from_snapshot(page.tail)
        if not page.tail.ready:
            viewer.waiting = True
            self.request_snapshot()
            return
        viewer.waiting = False
        for batch in missing:
            viewer.window.sent(batch)
            viewer.out(_encoded(batch))

    def request_snapshot(self) -> None:
        """Ask the page for a new beginning, once."""
        page = self.active
        if page is not None and page.out is not None and not page.snapshot_wanted:
            page.snapshot_wanted = True
            page.tell({"type": "snapshot"})

    def start_over(self) -> None:
        """All viewers wait for a snapshot."""
        for viewer in self.viewers:
            viewer.waiting = True

    def purge(self) -> None:
        """Forget what was seen of all pages."""
        for page in self.pages.values():
            page.tail.clear()
            page.inspection.forget()
            page.snapshot_wanted = False
        self.start_over()

    def forget_left_pages(self) -> None:
        """Pages that were loaded over: only the few latest may still come back."""
        left = [page for page in self.pages.values() if page.out is None and page is not self.active]
        for page in left[:-2]:
            del self.pages[page.epoch]

    def tell_viewers(self, message: Message) -> None:
        """Send it to all who watch."""
        text = text_of(message)
        for viewer in list(self.viewers):
            viewer.out(text)


def _show(viewer: Viewer, batch: Batch, text: str) -> None:
    if viewer.waiting and not batch.whole:
        return
    if viewer.waiting or batch.reset:
        viewer.window.lagging = False
    if viewer.window.fits(batch):
        viewer.waiting = False
        viewer.window.sent(batch)
        viewer.out(text)


def _encoded(batch: Batch) -> str:
    """The message for viewers. The events are written already: for a large page that takes long."""
    parts = text_of({"type": "events", "epoch": batch.epoch, "seq": batch.seq, "reset": batch.reset})
    return f'{parts[:-1]},"events":{batch.text}}}'
