"""Ids of demonstration data: the same at each load, on each machine."""

from uuid import UUID, uuid5

_DEMONSTRATION = UUID("6b2d0f0e-6f0c-5c55-9d58-6a3c6f1a7c11")


def demo_id(kind: str, name: str | int) -> str:
    """The id of the thing of this kind with this name."""
    return uuid5(_DEMONSTRATION, f"{kind}/{name}").hex
