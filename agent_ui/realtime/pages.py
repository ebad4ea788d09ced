"""Which pages are open, of which session and agent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """An open page's connection."""

    sid: str
    session_id: str
    agent_id: str | None


class OpenPages:
    """The connections of this process."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}

    def add(self, page: Page) -> None:
        """A page connected."""
        self._pages[page.sid] = page

    def remove(self, sid: str) -> None:
        """A page went away."""
        self._pages.pop(sid, None)

    def agents(self) -> frozenset[str]:
        """The agents who have a page open."""
        return frozenset(page.agent_id for page in self._pages.values() if page.agent_id)

    def sessions(self) -> frozenset[str]:
        """The sessions that have a page open."""
        return frozenset(page.session_id for page in self._pages.values())

    def of_sessions(self, session_ids: frozenset[str]) -> tuple[str, ...]:
        """The connections of these sessions."""
        return tuple(page.sid for page in self._pages.values() if page.session_id in session_ids)
