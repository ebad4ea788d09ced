"""What one node makes of a call: it leads on, it waits for an answer, or it ends the flow's part."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from ivr.actions import Action, HangUp, HangUpReason, SetLanguage
from ivr.session import Awaited, Ended, Session
from ivr.speech.parts import Language


@dataclass(frozen=True, slots=True)
class Onward:
    """Go to a node; None means that the exit is missing and the flow's `on_failure` is next."""

    session: Session
    to: str | None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Rest:
    """Do the actions and take the next event."""

    session: Session
    actions: tuple[Action, ...] = ()


Turn: TypeAlias = Onward | Rest


def asking(session: Session, awaited: Awaited, action: Action) -> Rest:
    """Wait for the answer to an action that was given the number `next_request(session)`."""
    return Rest(replace(session, request=next_request(session), awaited=awaited), (action,))


def next_request(session: Session) -> int:
    """The number of the next request of this call."""
    return session.request + 1


def ending(session: Session, how: Ended, *actions: Action) -> Rest:
    """The flow's part in the call is over."""
    return Rest(replace(session, awaited=None, ended=how), actions)


def hanging_up(session: Session, reason: HangUpReason) -> Rest:
    """End the call."""
    return ending(session, "hung_up", HangUp(reason))


def speaking(session: Session, language: Language, to: str | None) -> Onward:
    """Go on in a language; the telephony is told only when it changes."""
    if language == session.language:
        return Onward(session, to)
    return Onward(replace(session, language=language), to, (SetLanguage(language),))
