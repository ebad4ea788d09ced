"""Where each answer to a node's request leads."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from ivr.actions import TakeCallback
from ivr.entering import ask, known_to_agent
from ivr.events import (
    CallbackRefused,
    CallbackTaken,
    CustomerFound,
    Digits,
    LookupFailed,
    LookupMissed,
    OrderFound,
    PlaybackFinished,
    QueueLeft,
    QueueOutcome,
    TransferDone,
    TransferFailed,
    VoicemailFailed,
    VoicemailRecorded,
    WebhookAnswered,
    WebhookFailed,
)
from ivr.facts import text_at, with_fact
from ivr.nodes import CallbackOfferNode, CollectNode, LookupOrderNode, MenuNode, Node, WebhookNode
from ivr.session import Awaited, Ended, KeyPress, Session
from ivr.turns import Onward, Turn, asking, ending, next_request

Answer: TypeAlias = (
    PlaybackFinished
    | Digits
    | CustomerFound
    | OrderFound
    | LookupMissed
    | LookupFailed
    | WebhookAnswered
    | WebhookFailed
    | QueueLeft
    | TransferDone
    | TransferFailed
    | VoicemailRecorded
    | VoicemailFailed
    | CallbackTaken
    | CallbackRefused
)

EXITS: Final[Mapping[tuple[Awaited, type[Answer]], str]] = MappingProxyType(
    {
        ("playback", PlaybackFinished): "next",
        ("customer", CustomerFound): "found",
        ("customer", LookupMissed): "not_found",
        ("customer", LookupFailed): "on_failure",
        ("order", OrderFound): "found",
        ("order", LookupMissed): "not_found",
        ("order", LookupFailed): "on_failure",
        ("webhook", WebhookAnswered): "next",
        ("webhook", WebhookFailed): "on_failure",
        ("transfer", TransferFailed): "on_failure",
        ("voicemail", VoicemailRecorded): "next",
        ("voicemail", VoicemailFailed): "on_failure",
        ("callback", CallbackTaken): "accepted",
        ("callback", CallbackRefused): "on_failure",
    }
)
"""The node's exit that an answer takes. Digits and QueueLeft depend on what they say; see below."""

QUEUE_EXITS: Final[Mapping[QueueOutcome, str]] = MappingProxyType(
    {"full": "on_full", "max_wait": "on_max_wait", "no_agents": "on_no_agents", "failed": "on_failure"}
)
QUEUE_ENDS: Final[Mapping[QueueOutcome, Ended]] = MappingProxyType(
    {"answered": "answered", "callback": "callback"}
)


def answer(session: Session, node: Node, event: Answer) -> Turn | None:
    """The node's turn on an answer to the open request; None when it is no answer to such a request."""
    match event:
        case Digits():
            return _digits(session, node, event) if session.awaited == "digits" else None
        case QueueLeft(outcome=outcome):
            return _queue_left(session, node, outcome) if session.awaited == "queue" else None
        case TransferDone():
            return ending(session, "transferred") if session.awaited == "transfer" else None
    name = EXITS.get((session.awaited, type(event))) if session.awaited else None
    return None if name is None else Onward(_learned(session, node, event), getattr(node, name, None))


def _learned(session: Session, node: Node, event: Answer) -> Session:
    match event:
        case CustomerFound(facts=facts):
            return replace(session, facts=with_fact(session.facts, "customer", facts))
        case OrderFound(facts=facts):
            return replace(session, facts=with_fact(session.facts, "order", facts))
        case WebhookAnswered(facts=facts) if isinstance(node, WebhookNode):
            return replace(session, facts=with_fact(session.facts, node.save_as, facts))
        case LookupMissed() if isinstance(node, LookupOrderNode) and node.check is not None:
            return replace(session, wrong_checks=session.wrong_checks + 1)
    return session


def _queue_left(session: Session, node: Node, outcome: QueueOutcome) -> Turn:
    if outcome in QUEUE_ENDS:
        return ending(session, QUEUE_ENDS[outcome])
    return Onward(session, getattr(node, QUEUE_EXITS.get(outcome, "on_failure"), None))


def _digits(session: Session, node: Node, event: Digits) -> Turn:
    match node:
        case MenuNode():
            target = next((to for key, to in node.choices.items() if key == event.keys), None)
            return (
                _again(session, node, event)
                if target is None
                else Onward(_pressed(session, event.keys), target)
            )
        case CollectNode():
            return _collected(session, node, event)
        case CallbackOfferNode():
            return _offer_answered(session, node, event)
    return Onward(session, None)


def _collected(session: Session, node: CollectNode, event: Digits) -> Turn:
    if not node.min_digits <= len(event.keys) <= node.max_digits:
        return _again(session, node, event)
    pressed = _pressed(session, "" if node.private else event.keys)
    return Onward(replace(pressed, facts=with_fact(session.facts, node.save_as, event.keys)), node.next)


def _again(session: Session, node: MenuNode | CollectNode, event: Digits) -> Turn:
    silent = not event.keys
    if session.attempts >= node.attempts:
        return Onward(session, node.on_no_input if silent else node.on_no_match)
    return ask(session, node, node.no_input_prompt if silent else node.no_match_prompt)


def _offer_answered(session: Session, node: CallbackOfferNode, event: Digits) -> Turn:
    number = text_at(session.facts, node.number)
    if event.keys != node.accept or number is None:
        return Onward(session, node.declined)
    taken = _pressed(session, event.keys)
    return asking(
        taken, "callback", TakeCallback(next_request(taken), node.queue, number, known_to_agent(taken))
    )


def _pressed(session: Session, keys: str) -> Session:
    return replace(session, path=(*session.path, KeyPress(session.node or "", keys)))
