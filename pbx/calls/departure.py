"""What a conversation does when somebody leaves it: a pure decision."""

from typing import Literal

from pbx.calls.call import Call, Participant
from pbx.events import LegEnded

Consequence = Literal["go_on", "end", "requeue", "complete_consult", "return_to_agent"]

ALONE = 2
"""Fewer than this many people are no conversation."""


def consequence(call: Call, gone: Participant, how: LegEnded) -> Consequence:
    """What follows from `gone` (already out of the call) leaving a call in conversation.

    A hang-up of the agent ends the customer's call, completes a consultation, or, when the agent's phone
    vanished rather than hung up, gives the customer back to the queue.
    """
    if call.state not in ("talking", "held") or gone.role == "supervisor":
        return "go_on"
    if not gone.joined:
        return "go_on"
    if gone.role == "consulted":
        return "return_to_agent"
    if gone.role == "agent":
        return _agent_gone(call, how)
    return "go_on" if len(_talking(call)) >= ALONE else "end"


def _agent_gone(call: Call, how: LegEnded) -> Consequence:
    if call.transferring:
        return "go_on"
    if call.with_role("consulted") and call.customer:
        return "complete_consult"
    if len(_talking(call)) >= ALONE:
        return "go_on"
    return "requeue" if call.customer and call.queue and _vanished(how) else "end"


def _talking(call: Call) -> tuple[Participant, ...]:
    return tuple(one for one in call.participants.values() if one.role != "supervisor" and one.speaking)


def _vanished(how: LegEnded) -> bool:
    return how.by in ("rtp_timeout", "reaper")
