"""What can be wrong with an event given to the ACD.

Whoever gets one of these knows that nothing has changed.
"""

from __future__ import annotations


class AcdError(Exception):
    """Something the ACD refused; `id` is stable and safe to show, the text holds no personal data."""

    id = "acd_error"


class BadSetting(AcdError):
    """A setting of a queue, an agent or a contact that cannot be honoured."""

    id = "bad_setting"

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{setting} {problem}")
        self.setting = setting
        self.problem = problem


class UnknownQueue(AcdError):
    """No queue has this id."""

    id = "unknown_queue"


class UnknownAgent(AcdError):
    """No agent has this id."""

    id = "unknown_agent"


class UnknownContact(AcdError):
    """No contact with this id is in a queue or with an agent; it may have ended already."""

    id = "unknown_contact"


class UnknownOffer(AcdError):
    """No pending offer has this id: it is over (answered elsewhere, timed out, taken back) or never was."""

    id = "unknown_offer"


class NotOffered(AcdError):
    """The offer is pending, but not, or no longer, for this agent."""

    id = "not_offered"


class ContactAlreadyQueued(AcdError):
    """A contact is in one queue at a time, once."""

    id = "contact_already_queued"


class IllegalStatus(AcdError):
    """The agent's status does not allow this change."""

    id = "illegal_status"


class IllegalAgentEvent(AcdError):
    """The agent's state does not allow this."""

    id = "illegal_agent_event"


class IllegalOfferEvent(AcdError):
    """The offer's state does not allow this."""

    id = "illegal_offer_event"


class IllegalContactEvent(AcdError):
    """Where the contact is, this cannot happen to it."""

    id = "illegal_contact_event"


class ClockWentBack(AcdError):
    """Time was given that is before the last one; the clock must be monotonic."""

    id = "clock_went_back"
