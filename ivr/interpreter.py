"""A flow is run by a pure function: the session and an event give the next session and the actions to do.

The call stands at one node. Entering a node either leads on at once (branch, opening hours, set variable,
language), asks for one thing and waits for its answer (play, collect, look up, enqueue, ...), or hangs up.
Whatever fails leads to the node's own exit for it, else to the flow's `on_failure`, else to HangUp; and a
flow that goes round in circles is stopped by counting, so that no call is kept for ever.
"""

from dataclasses import replace
from typing import Final

from ivr.actions import Action, Answer, NodeEntered, SetLanguage
from ivr.answering import answer
from ivr.entering import enter
from ivr.events import Event, HungUp, Started
from ivr.model import Flow
from ivr.session import Session
from ivr.turns import Onward, Turn, ending, hanging_up

MAX_STEPS: Final = 250
"""Nodes a call may enter before it is sent to the flow's `on_failure`."""

GRACE_STEPS: Final = 25
"""Nodes it may enter after that."""

MAX_FALLBACKS: Final = 3
"""How often a call may be sent to the flow's `on_failure`."""


def new_session(flow: Flow) -> Session:
    """The session of a call that has not started yet; its first event is Started."""
    return Session(language=flow.languages[0])


def advance(flow: Flow, session: Session, event: Event) -> tuple[Session, tuple[Action, ...]]:
    """Take one event. Never raises: a stale or unexpected event changes nothing and asks for nothing.

    Give the flow (and its version) that the session began with.
    """
    turn = _turn(flow, session, event)
    if turn is None:
        return session, ()
    actions = turn.actions
    while isinstance(turn, Onward):
        turn = _arrive(flow, turn)
        actions += turn.actions
    return turn.session, actions


def _turn(flow: Flow, session: Session, event: Event) -> Turn | None:
    if session.awaited is None:
        return None
    if isinstance(event, HungUp):
        return ending(session, "caller_gone")
    if isinstance(event, Started):
        return _start(flow, session, event) if session.awaited == "start" else None
    if event.request != session.request or session.node is None:
        return None
    node = flow.nodes.get(session.node)
    return Onward(session, None) if node is None else answer(session, node, event)


def _start(flow: Flow, session: Session, event: Started) -> Onward:
    call = {"caller": event.caller, "called": event.called, "channel": event.channel}
    page = {"customer": event.customer, "language": event.language}
    call |= {name: value for name, value in page.items() if value is not None}
    started = replace(
        session,
        facts={**event.facts, "call": call},
        calendars=event.calendars,
        started_at=event.at,
    )
    return Onward(started, flow.start, (Answer(), SetLanguage(session.language)))


def _arrive(flow: Flow, onward: Onward) -> Turn:
    session, target = onward.session, onward.to
    if session.steps == MAX_STEPS or target not in flow.nodes:
        session, target = replace(session, fallbacks=session.fallbacks + 1), flow.on_failure
    if session.steps >= MAX_STEPS + GRACE_STEPS:
        return hanging_up(session, "loop_guard")
    if target is None or target not in flow.nodes or session.fallbacks > MAX_FALLBACKS:
        return hanging_up(session, "flow_error")
    arrived = replace(session, node=target, steps=session.steps + 1, attempts=0)
    turn = enter(flow, arrived, flow.nodes[target])
    return replace(turn, actions=(NodeEntered(target), *turn.actions))
