"""What an agent's viewer may say in a session, and what follows."""

import logging
from collections.abc import Callable, Mapping

from agent_ui.cobrowse import consent as agreed
from agent_ui.cobrowse.commands import NEEDS, Command, check, read_command
from agent_ui.cobrowse.consent import Step
from agent_ui.cobrowse.errors import CobrowseError, CommandRefused
from agent_ui.cobrowse.parties import Message, Page, Viewer, text_of
from agent_ui.cobrowse.standing import Standing, tier_of

SEEN_BY_ALL = ("highlight", "draw", "clear", "please_click")
"""What other viewers show, too, when an agent does it."""

Said = Callable[[Standing, Viewer, Message, float], None]
"""Does what follows from a message at a time."""

_log = logging.getLogger(__name__)


def viewer_said(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    """One message of a viewer; what cannot be done is told to it and changes nothing."""
    said = SAYS.get(str(message.get("type")))
    try:
        if said is None:
            raise CommandRefused("malformed")
        said(session, viewer, message, now)
    except CobrowseError as refusal:
        reason = getattr(refusal, "reason", refusal.id)
        _log.info("co-browsing %s: refused %s: %s", session.about.id, _word(message), reason)
        viewer.tell({"type": "refused", "id": message.get("id"), "reason": reason})


def _ask(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    tier, agent = tier_of(message), viewer.watcher.agent
    session.agree(agreed.ask(session.consent, tier, agent, now))
    session.record(Step.ASKED, agent, tier)


def _withdraw(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    question = session.consent.question
    session.agree(agreed.withdraw(session.consent))
    if question is not None:
        session.record(Step.WITHDRAWN, viewer.watcher.agent, question.tier)


def _give_back(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    """An agent gives back what the customer had agreed to."""
    session.revoke(tier_of(message), viewer.watcher.agent)


def _command(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    command = read_command(message)
    if not viewer.rate.take(now):
        raise CommandRefused("too_fast")
    page = session.showing.active
    there = page is not None and page.out is not None and not page.busy
    shown = page.inspection.shadow if page is not None and there else None
    needed = NEEDS[command.action]
    if session.consent.may(needed) and not session.consent.holds(needed, viewer.watcher.agent):
        raise CommandRefused("no_consent")
    check(command, session.consent, shown, page.epoch if page else "", now)
    if page is not None:
        _forward(session, viewer, page, command)


def _forward(session: Standing, viewer: Viewer, page: Page, command: Command) -> None:
    ref, by = session.forwarded(viewer, command.id), viewer.watcher
    page.tell({**command.document(), "type": "command", "ref": ref, "by": by.name})
    if command.action in SEEN_BY_ALL:
        told = text_of({**command.document(), "type": "mark", "by": by.agent})
        for other in session.showing.viewers:
            if other is not viewer:
                other.out(told)


def _acknowledge(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    seq = message.get("seq")
    if isinstance(seq, int):
        viewer.window.acknowledged(str(message.get("epoch")), seq)
    if viewer.window.lagging and viewer.window.drained:
        viewer.window.lagging = False
        session.showing.catch_up(viewer, "", 0)


def _want_snapshot(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    viewer.waiting = True
    session.showing.request_snapshot()


def _stop(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    session.end("stopped", viewer.watcher.agent)


def _ping(session: Standing, viewer: Viewer, message: Message, now: float) -> None:
    viewer.tell({"type": "pong"})


def _word(message: Message) -> str:
    """What kind of message it was: one of the known words, never what the sender wrote."""
    kind, action = str(message.get("type")), str(message.get("action"))
    known = kind if kind in SAYS else "unknown"
    return f"{known} {action}" if known == "command" and action.isalpha() and len(action) < 16 else known


SAYS: Mapping[str, Said] = {
    "ask": _ask,
    "withdraw": _withdraw,
    "give_back": _give_back,
    "command": _command,
    "ack": _acknowledge,
    "snapshot": _want_snapshot,
    "stop": _stop,
    "ping": _ping,
}
