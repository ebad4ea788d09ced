"""The rooms that pages are in, and how they are told something."""

from typing import Protocol

from pbx.contract.base import Schema

SUPERVISORS = "supervisors"
EVERYBODY = "everybody"


class Emit(Protocol):
    """Sends a named message to the pages in any of these rooms, once to each page."""

    def __call__(self, name: str, message: Schema, rooms: list[str]) -> None: ...


def room_of(agent_id: str) -> str:
    """The room of an agent's pages."""
    return f"agent:{agent_id}"
