"""The state tables of legs and contacts. Everything that may happen to either is here; the rest is refused."""

from collections.abc import Mapping
from typing import Literal, TypeVar

from pbx.contract.resources import ContactState, ParticipantState
from pbx.errors import IllegalTransition

LegState = Literal["incoming", "dialing", "ringing", "connected", "held", "ended"]
LegSignal = Literal["ringing", "answered", "held", "resumed", "ended"]
ContactSignal = Literal["menu", "queue", "offer", "talk", "hold", "resume", "wrap_up", "end"]

S = TypeVar("S", bound=str)
E = TypeVar("E", bound=str)

LEG: Mapping[LegState, Mapping[LegSignal, LegState]] = {
    "incoming": {"answered": "connected", "ended": "ended"},
    "dialing": {"ringing": "ringing", "answered": "connected", "ended": "ended"},
    "ringing": {"ringing": "ringing", "answered": "connected", "ended": "ended"},
    "connected": {"held": "held", "resumed": "connected", "ended": "ended"},
    "held": {"held": "held", "resumed": "connected", "ended": "ended"},
    "ended": {},
}

CONTACT: Mapping[ContactState, Mapping[ContactSignal, ContactState]] = {
    "ringing": {"menu": "ivr", "queue": "queued", "talk": "talking", "wrap_up": "wrap_up", "end": "ended"},
    "ivr": {"queue": "queued", "talk": "talking", "wrap_up": "wrap_up", "end": "ended"},
    "queued": {
        "queue": "queued", "offer": "offered", "menu": "ivr", "talk": "talking", "wrap_up": "wrap_up",
        "end": "ended",
    },
    "offered": {
        "queue": "queued", "offer": "offered", "menu": "ivr", "talk": "talking", "wrap_up": "wrap_up",
        "end": "ended",
    },
    "talking": {
        "talk": "talking", "hold": "held", "queue": "queued", "menu": "ivr", "wrap_up": "wrap_up", "end": "ended",
    },
    "held": {
        "resume": "talking", "talk": "talking", "queue": "queued", "wrap_up": "wrap_up", "end": "ended",
    },
    "wrap_up": {"end": "ended"},
    "ended": {},
}  # fmt: skip

SHOWN: Mapping[LegState, ParticipantState] = {
    "incoming": "ringing",
    "dialing": "dialing",
    "ringing": "ringing",
    "connected": "connected",
    "held": "held",
    "ended": "connected",
}
"""How a leg's state appears in the contract; an ended leg is no longer shown."""


def step(table: Mapping[S, Mapping[E, S]], state: S, signal: E) -> S:
    """The state after `signal`. Raises IllegalTransition, which names both."""
    try:
        return table[state][signal]
    except KeyError:
        raise IllegalTransition(f"{signal!r} does not fit the state {state!r}.", state=state) from None
