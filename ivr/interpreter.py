"""A flow is run by a pure function: the session and an event give the next session and the actions to do."""

from ivr.actions import Action
from ivr.events import Event
from ivr.model import Flow
from ivr.session import Session


def new_session(flow: Flow) -> Session:
    """The session of a call that has not started yet; its first event is Started."""
    return Session(language=flow.languages[0])


def advance(flow: Flow, session: Session, event: Event) -> tuple[Session, tuple[Action, ...]]:
    """Take one event. Never raises: a stale or unexpected event changes nothing and asks for nothing.

    Whatever fails in the flow itself leads to the node's failure exit, then to the flow's, then to HangUp.
    """
    raise NotImplementedError
