"""What each kind of node does when a call enters it."""

from dataclasses import replace
from typing import Final

from ivr.actions import (
    CallWebhook,
    Collect,
    Enqueue,
    LookupCustomer,
    LookupOrder,
    Play,
    RecordVoicemail,
    Transfer,
)
from ivr.events import Facts
from ivr.facts import fact_at, holds, text_at, with_fact
from ivr.hours import TimeZoneError, is_open
from ivr.model import Flow
from ivr.nodes import (
    BranchNode,
    CallbackOfferNode,
    CollectNode,
    EnqueueNode,
    HangUpNode,
    LanguageNode,
    LookupCustomerNode,
    LookupOrderNode,
    MenuNode,
    Node,
    OpeningHoursNode,
    PlayNode,
    SetVariableNode,
    TransferNode,
    VoicemailNode,
    WebhookNode,
)
from ivr.prompt import PromptTemplate
from ivr.resolving import resolve
from ivr.session import Session
from ivr.speech.parts import Language
from ivr.turns import Onward, Rest, Turn, asking, hanging_up, next_request, speaking

HIGHEST_PRIORITY: Final = 100


def enter(flow: Flow, session: Session, node: Node) -> Turn:
    """The node's turn as the call arrives at it; the session already says that it is there."""
    match node:
        case PlayNode():
            prompt = resolve(node.prompt, session.facts)
            return asking(session, "playback", Play(next_request(session), prompt, node.barge_in))
        case MenuNode() | CollectNode() | CallbackOfferNode():
            return _enter_input(session, node)
        case LookupCustomerNode() | LookupOrderNode() | WebhookNode():
            return _enter_request(session, node)
        case BranchNode():
            return Onward(session, _branch(node, session.facts))
        case OpeningHoursNode():
            return Onward(session, _hours_exit(flow, session, node))
        case SetVariableNode():
            value = node.value if node.fact is None else fact_at(session.facts, node.fact)
            return Onward(replace(session, facts=with_fact(session.facts, node.name, value)), node.next)
        case LanguageNode():
            return speaking(session, _language(flow, session, node), node.next)
        case HangUpNode():
            return hanging_up(session, node.reason)
    return _enter_handover(session, node)


def ask(
    session: Session, node: MenuNode | CollectNode | CallbackOfferNode, before: PromptTemplate = ()
) -> Rest:
    """Play the node's prompt, after another one when it is asked again, and wait for keys."""
    prompt = resolve((*before, *node.prompt), session.facts)
    if isinstance(node, CollectNode):
        action = Collect(
            next_request(session),
            prompt,
            node.min_digits,
            node.max_digits,
            node.terminator,
            node.first_digit_timeout,
            node.inter_digit_timeout,
            node.barge_in,
        )
    else:
        barge_in = not isinstance(node, MenuNode) or node.barge_in
        action = Collect(next_request(session), prompt, 1, 1, "", node.timeout, barge_in=barge_in)
    return asking(replace(session, attempts=session.attempts + 1), "digits", action)


def known_to_agent(session: Session) -> Facts:
    """What goes with a contact into a queue: customer, order, language, and the keys pressed on the way."""
    known = {name: session.facts[name] for name in ("customer", "order") if name in session.facts}
    path = tuple({"node": press.node, "keys": press.keys} for press in session.path)
    return {**known, "language": session.language, "path": path}


def _enter_input(session: Session, node: MenuNode | CollectNode | CallbackOfferNode) -> Turn:
    if isinstance(node, CallbackOfferNode) and text_at(session.facts, node.number) is None:
        return Onward(session, node.declined)
    return ask(session, node)


def _enter_request(session: Session, node: LookupCustomerNode | LookupOrderNode | WebhookNode) -> Turn:
    request, facts = next_request(session), session.facts
    match node:
        case LookupCustomerNode():
            number, vouched = text_at(facts, node.number), text_at(facts, "call.customer")
            if number is None and vouched is None:
                return Onward(session, node.not_found)
            return asking(session, "customer", LookupCustomer(request, number or "", vouched))
        case LookupOrderNode():
            return _enter_order(session, node)
        case WebhookNode():
            body = {name: fact_at(facts, path) for name, path in node.body.items()}
            return asking(session, "webhook", CallWebhook(request, node.url, node.method, body, node.timeout))


def _enter_order(session: Session, node: LookupOrderNode) -> Turn:
    facts = session.facts
    if node.check is not None and session.wrong_checks >= node.max_checks:
        return Onward(session, node.on_too_many)
    found = LookupOrder(
        next_request(session),
        node.which,
        text_at(facts, "customer.id"),
        text_at(facts, node.number) if node.number else None,
        text_at(facts, node.check) if node.check else None,
        text_at(facts, "call.caller"),
    )
    if not _can_be_found(found):
        return Onward(session, node.not_found)
    return asking(session, "order", found)


def _can_be_found(lookup: LookupOrder) -> bool:
    if lookup.which == "latest":
        return lookup.customer_id is not None
    return lookup.number is not None and (lookup.check or lookup.caller) is not None


def _enter_handover(session: Session, node: EnqueueNode | TransferNode | VoicemailNode) -> Turn:
    request = next_request(session)
    match node:
        case EnqueueNode():
            priority, skills = _priority(session, node), _skills(session, node)
            action = Enqueue(request, node.queue, priority, skills, known_to_agent(session))
            return asking(session, "queue", action)
        case TransferNode():
            return asking(session, "transfer", Transfer(request, node.target))
        case VoicemailNode():
            return asking(session, "voicemail", RecordVoicemail(request, node.mailbox, node.max_seconds))


def _priority(session: Session, node: EnqueueNode) -> int:
    fact = fact_at(session.facts, node.priority_fact) if node.priority_fact else None
    wanted = fact if isinstance(fact, int) and not isinstance(fact, bool) else node.priority
    return min(max(wanted, 0), HIGHEST_PRIORITY)


def _skills(session: Session, node: EnqueueNode) -> tuple[str, ...]:
    return (*node.skills, f"language-{session.language}") if node.language_skill else node.skills


def _branch(node: BranchNode, facts: Facts) -> str | None:
    for case in node.cases:
        if all(holds(condition, facts) for condition in case.when):
            return case.next
    return node.otherwise


def _hours_exit(flow: Flow, session: Session, node: OpeningHoursNode) -> str | None:
    calendar = session.calendars.get(node.calendar) or flow.calendars.get(node.calendar)
    if calendar is None or session.started_at is None:
        return node.on_failure
    try:
        return node.open if is_open(calendar, session.started_at) else node.closed
    except (TimeZoneError, OverflowError):
        return node.on_failure


def _language(flow: Flow, session: Session, node: LanguageNode) -> Language:
    """The node's choice if the flow speaks it; a fact may be a tag such as pt-BR (RFC 5646)."""
    wanted = node.to or (text_at(session.facts, node.fact) if node.fact else None) or ""
    for language in flow.languages:
        if language == wanted[:2].lower():
            return language
    return session.language
