"""Every state the ACD knows, and the only ways from one to the next.

Two rules. Everything that may change a state is in these tables; a change that is not in its table is refused
with a named error and leaves everything as it was. The tables know nothing of time, queues or strategies.

An agent has two of them on purpose: the *status* is what the person chose, the *state* is what the calls make
of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Status = Literal["offline", "available", "on_break"]
AgentState = Literal["idle", "reserved", "ringing", "talking", "holding", "wrap_up"]
OfferState = Literal["pending", "accepted", "rejected", "timed_out", "rescinded", "canceled"]
EntryState = Literal["waiting", "offered", "connecting", "connected", "resting", "ended"]

StatusTrigger = Literal["choose_offline", "choose_available", "choose_on_break", "miss_too_many"]
StateTrigger = Literal["reserve", "ring", "release", "accept", "take", "hold", "resume", "end", "finish"]
OfferTrigger = Literal["accept", "reject", "time_out", "rescind", "cancel"]
EntryTrigger = Literal["offer", "return", "accept", "connect", "rest", "wake", "end"]

STATUS: Mapping[Status, Mapping[StatusTrigger, Status]] = {
    "offline": {
        "choose_offline": "offline",
        "choose_available": "available",
        "choose_on_break": "on_break",
    },
    "available": {
        "choose_offline": "offline",
        "choose_available": "available",
        "choose_on_break": "on_break",
        "miss_too_many": "on_break",
    },
    "on_break": {
        "choose_offline": "offline",
        "choose_available": "available",
        "choose_on_break": "on_break",
    },
}

AGENT: Mapping[AgentState, Mapping[StateTrigger, AgentState]] = {
    "idle": {"reserve": "reserved", "take": "talking"},
    "reserved": {"ring": "ringing", "accept": "talking", "release": "idle"},
    "ringing": {"accept": "talking", "release": "idle"},
    "talking": {"hold": "holding", "end": "wrap_up", "release": "idle"},
    "holding": {"resume": "talking", "end": "wrap_up", "release": "idle"},
    "wrap_up": {"finish": "idle"},
}

OFFER: Mapping[OfferState, Mapping[OfferTrigger, OfferState]] = {
    "pending": {
        "accept": "accepted",
        "reject": "rejected",
        "time_out": "timed_out",
        "rescind": "rescinded",
        "cancel": "canceled",
    },
    "accepted": {},
    "rejected": {},
    "timed_out": {},
    "rescinded": {},
    "canceled": {},
}

ENTRY: Mapping[EntryState, Mapping[EntryTrigger, EntryState]] = {
    "waiting": {"offer": "offered", "end": "ended"},
    "offered": {"accept": "connecting", "return": "waiting", "end": "ended"},
    "connecting": {"connect": "connected", "return": "waiting", "rest": "resting", "end": "ended"},
    "connected": {"end": "ended"},
    "resting": {"wake": "waiting", "end": "ended"},
    "ended": {},
}
