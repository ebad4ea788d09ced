"""What a customer's page may say in a session, and what follows."""

import json
import re
from collections.abc import Callable, Mapping

from agent_ui.cobrowse import consent as agreed
from agent_ui.cobrowse.commands import read_command
from agent_ui.cobrowse.consent import Phase, Step, Tier, Turn
from agent_ui.cobrowse.errors import CommandRefused, NotAllowed, OutOfOrder, StreamRefused
from agent_ui.cobrowse.events import is_id, is_number
from agent_ui.cobrowse.parties import CUSTOMER, SYSTEM, Message, Page
from agent_ui.cobrowse.standing import Standing, tier_of
from agent_ui.cobrowse.stream import Batch, batch_of

_REASON = re.compile(r"[a-z_]{1,40}")
MARKS = ("point", "highlight", "draw", "clear")
"""With what a customer shows something to the agents."""

Said = Callable[[Standing, Page, Message, int, float], None]
"""Does what follows from a message of a given size at a time."""


def page_said(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    """One message of a page. What it must not say ends the session."""
    said = SAYS.get(str(message.get("type")))
    try:
        if said is None:
            raise StreamRefused("schema")
        said(session, page, message, size, now)
    except OutOfOrder:
        page.tell({"type": "again", "have": page.inbound.seq})
    except NotAllowed as refusal:
        page.tell({"type": "refused", "reason": refusal.id})
    except StreamRefused as refusal:
        session.end(refusal.reason, SYSTEM)


def _batch(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    seq = message.get("seq")
    if not is_id(seq) or page.epoch != message.get("epoch"):
        raise StreamRefused("schema")
    if not session.consent.on(Tier.VIEW) or session.consent.phase is not Phase.RUNNING:
        page.inbound.seq = max(page.inbound.seq, int(seq or 0))
    elif page.inbound.take(int(seq or 0)):
        batch = _looked_through(session, page, message, size)
        if session.consent.may(Tier.VIEW):
            _keep(session, page, batch)
    page.tell({"type": "ack", "seq": page.inbound.seq})


def _looked_through(session: Standing, page: Page, message: Message, size: int) -> Batch:
    """Nobody acts on a page while what it has become is still being looked through."""

    def work() -> Batch:
        passed = page.inspection.look_through(message.get("events"))
        return batch_of(page.epoch, page.inbound.seq, passed, size, message.get("reset") is True)

    page.busy = True
    try:
        return session.ports.beside(size, work)
    finally:
        page.busy = False


def _keep(session: Standing, page: Page, batch: Batch) -> None:
    session.ports.passed(session.about, batch, page.tab)
    session.showing.keep(page, batch)


def _cursor(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    """Where the customer's pointer is: told to those who keep up, and never kept."""
    place = {name: message.get(name) for name in ("node", "fx", "fy")}
    if not (is_id(place["node"]) and is_number(place["fx"]) and is_number(place["fy"])):
        raise StreamRefused("schema")
    if page is session.showing.active and session.consent.may(Tier.VIEW):
        told = json.dumps({"type": "cursor", "epoch": page.epoch, **place})
        for viewer in session.showing.viewers:
            if viewer.window.drained or not viewer.window.lagging:
                viewer.out(told)


def _answer(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    question = session.consent.question
    number = message.get("question")
    granted = message.get("granted") is True
    session.agree(agreed.answer(session.consent, number if isinstance(number, int) else 0, granted, now))
    if question is not None:
        session.record(Step.GRANTED if granted else Step.REFUSED, CUSTOMER, question.tier)


def _offer(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    session.agree(agreed.offer(session.consent, Tier.VIEW))
    session.record(Step.OFFERED, CUSTOMER, Tier.VIEW)


def _revoke(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    session.revoke(tier_of(message), CUSTOMER)


def _turn(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    event = {"pause": Turn.PAUSED, "resume": Turn.RESUMED}[str(message["type"])]
    session.agree(agreed.turn(session.consent, event))
    session.record(event, CUSTOMER)
    if event is Turn.PAUSED:
        session.showing.purge()


def _stop(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    session.end("stopped", CUSTOMER)


def _own_input(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    session.consent = agreed.own_input(session.consent, now)


def _paying(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    page.paying = message.get("on") is True
    if session.look_who_pays():
        session.tell_state()


def _seen(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    page.visible = message.get("on") is True
    if page.visible and page is not session.showing.active:
        session.showing.activate(page)
        session.tell_state()


def _mark(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    """The customer shows something to the agents."""
    if page is not session.showing.active or not session.consent.may(Tier.VIEW):
        raise NotAllowed("the page is not shared")
    try:
        mark = read_command(message)
    except CommandRefused:
        raise StreamRefused("schema") from None
    if mark.action not in MARKS:
        raise StreamRefused("schema")
    session.showing.tell_viewers({**mark.document(), "value": "", "type": "mark", "by": CUSTOMER})


def _done(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    waiting = session.answered(message.get("ref"))
    if waiting is not None:
        viewer, number = waiting
        reason = str(message.get("reason") or "")
        reason = reason if _REASON.fullmatch(reason) else ""
        viewer.tell({"type": "done", "id": number, "ok": message.get("ok") is True, "reason": reason})


def _ping(session: Standing, page: Page, message: Message, size: int, now: float) -> None:
    page.tell({"type": "pong"})


SAYS: Mapping[str, Said] = {
    "batch": _batch,
    "cursor": _cursor,
    "answer": _answer,
    "offer": _offer,
    "revoke": _revoke,
    "pause": _turn,
    "resume": _turn,
    "stop": _stop,
    "own_input": _own_input,
    "paying": _paying,
    "seen": _seen,
    "mark": _mark,
    "done": _done,
    "ping": _ping,
}
