"""What a conversation does when somebody leaves it: a pure decision."""

from typing import Literal

from pbx.calls.call import Call, Participant
from pbx.events import LegEnded

Consequence = Literal["go_on", "hand_over", "end", "requeue", "complete_consult", "return_to_agent"]

ALONE = 2
"""Fewer than this many people are no conversation."""


def consequence(call: Call, gone: Participant, how: LegEnded) -> Consequence:
    """What follows from `gone` (already out of the call) leaving a call in conversation.

    A hang-up of the agent ends the customer's call, completes a consultation, hands over to a colleague who
    is there too, or, when the agent's phone vanished rather than hung up, gives the customer back to the queue.
    """
    if call.state not in ("talking", "held") or gone.role == "supervisor" or not gone.joined:
        return "go_on"
    if gone.role == "consulted":
        return _consulted_gone(call, gone)
    if call.transferring and outsiders(call):
        return "go_on"
    if gone.role == "agent":
        return _agent_gone(call, gone, how)
    return "go_on" if is_conversation(call) else "end"


def _consulted_gone(call: Call, gone: Participant) -> Consequence:
    """Whoever let the consulted party go has seen to the rest."""
    if gone.leaving:
        return "go_on"
    return "return_to_agent" if outsiders(call) else "end"


def _agent_gone(call: Call, gone: Participant, how: LegEnded) -> Consequence:
    if call.with_role("consulted") and outsiders(call):
        return "complete_consult"
    if is_conversation(call):
        return "hand_over" if gone.agent == call.agent and call.customer and colleagues(call) else "go_on"
    return "requeue" if call.customer and call.queue and _vanished(how) else "end"


def is_conversation(call: Call) -> bool:
    """Whether enough people are there; supervisors only listen."""
    present = [one for one in call.participants.values() if one.present and one.role != "supervisor"]
    return len(present) >= ALONE


def outsiders(call: Call) -> tuple[Participant, ...]:
    """Those on whose behalf agents talk: the customer, and third parties who have joined."""
    return tuple(one for one in call.with_role("customer", "third_party") if one.joined)


def colleagues(call: Call) -> tuple[Participant, ...]:
    """The agents in the conversation."""
    return tuple(one for one in call.with_role("agent") if one.agent and one.present)


def _vanished(how: LegEnded) -> bool:
    return how.by in ("rtp_timeout", "reaper")
