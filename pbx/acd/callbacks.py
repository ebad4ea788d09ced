"""Callbacks: who is to be called back, kept in the database, and the calls that are made for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.speech.parts import Text
from pbx.acd.actions import CallbackPostponed, ContactAnswered
from pbx.acd.contact import Contact
from pbx.background import start
from pbx.calls.call import Call, Participant
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.ports import HOUSE
from pbx.calls.speaking import Speech
from pbx.calls.switchboard import Switchboard, new_id
from pbx.contract.base import Language
from pbx.contract.commands import RequestCallback
from pbx.contract.events import CallbackChanged, CallbackRequested
from pbx.contract.resources import CallbackState, CallbackView
from pbx.errors import NotFound, PbxError
from pbx.events import LegEnded, LegEvent, PlaybackEnded
from pbx.journal import Journal

RING_SECONDS = 30.0
OVER: Mapping[str, CallbackState] = {
    "answered": "done",
    "callback_not_needed": "done",
    "callback_merged": "done",
    "callback_canceled": "canceled",
}
"""How a promise is over when the machine ends its contact like this: kept (perhaps by another), or not wanted any
more; in all other ways it has failed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: whom to call, where the place in the queue came from, how often it was tried, and whose
    page goes with it."""

    view: CallbackView
    language: Language
    priority: int
    contact: str
    waiting_since: datetime
    visitor: str | None = None
    site: str | None = None


class Callbacks:
    """The promises that are open. `id` is the ACD's contact."""

    def __init__(
        self, switchboard: Switchboard, dialing: Dialing, speech: Speech, journal: Journal, caller: str
    ) -> None:
        self._switchboard = switchboard
        self._dialing = dialing
        self._speech = speech
        self._journal = journal
        self._caller = caller
        self._open: dict[str, Promise] = {}
        self._calls: dict[str, Call] = {}
        self._stop = switchboard.on_forgotten(self._forget)

    def stop(self) -> None:
        """Hear no more of calls."""
        self._stop()

    def views(self) -> tuple[CallbackView, ...]:
        """All open promises, oldest first."""
        return tuple(sorted((one.view for one in self._open.values()), key=lambda view: view.requested_at))

    def view(self, id: str) -> CallbackView:
        """One open promise. Raises NotFound."""
        promise = self._open.get(id)
        if promise is None:
            raise NotFound("There is no such callback, or it is over.", callback=id)
        return promise.view

    def promised(self, number: str) -> bool:
        """Whether this number is to be called back already."""
        return any(one.view.number == number for one in self._open.values())

    def restore(self, promise: Promise) -> Contact:
        """Take up a promise from before a restart; returns the contact to queue."""
        self._open[promise.view.id] = promise
        return Contact(
            id=promise.view.id, queue=promise.view.queue, priority=float(promise.priority),
            customer=promise.view.customer_id, number=promise.view.number, callback=True,
        )  # fmt: skip

    def note(self, contact: Contact, call: Call, waiting_since: datetime) -> None:
        """A flow took the promise for a caller who is not in a queue now."""
        self._promise(_promise_to(call, self._view(contact, contact.customer), waiting_since))

    def note_request(self, contact: Contact, command: RequestCallback) -> None:
        """Somebody who is not on the line asked for it; the place is that of one who joins now."""
        view = self._view(contact, contact.customer)
        self._promise(
            Promise(view, command.language, 0, contact.id, view.requested_at, command.visitor, command.site)
        )

    def note_waiting(self, call: Call, queue: str, number: str) -> None:
        """A waiting caller asked for it; the place stays the same."""
        contact = Contact(id=call.id, queue=queue, number=number)
        view = self._view(contact, call.customer_id)
        self._promise(_promise_to(call, view, call.queued_at or self._switchboard.now()))

    def call_for(self, contact: str) -> Call:
        """The call in which an agent is rung for this promise; made when it is first needed."""
        call = self._calls.get(contact)
        if call is None or call.over:
            promise = self._open[contact]
            call = self._calls[contact] = self._new_call(promise)
            self._switchboard.start(call)
        self._change(contact, state="offered")
        return call

    def dial(
        self,
        call: Call,
        contact: str,
        number: str,
        reached: Callable[[Participant], None],
        not_reached: Callable[[int, str], None],
    ) -> None:
        """Call the customer, while the agent listens to the ringing line's silence. Exactly one of `reached`
        and `not_reached` is called, the second perhaps before this returns."""
        self._change(contact, state="dialing", attempts=self._open[contact].view.attempts + 1)
        hunt = Hunt(self._switchboard, call, "customer", number, answered=reached, failed=not_reached)
        try:
            hunt.start(self._dialing.number(number, call, self._caller, RING_SECONDS, HOUSE))
        except PbxError as error:
            not_reached(480, error.id)

    def not_reached(self, contact: str) -> None:
        """The customer did not answer: the agent is told, then let go."""
        call = self._calls.pop(contact, None)
        if call is None:
            return
        agent = next(iter(call.with_role("agent")), None)
        if agent is None:
            self._switchboard.end(call, "failed", "callback not answered")
            return
        self._say(
            call, agent, "callback.not_reached",
            lambda: self._switchboard.end(call, "failed", "callback not answered"),
        )  # fmt: skip

    def say_goodbye(self, call: Call, then: Callable[[], None]) -> None:
        """Promise the callback in words, then go on."""

        def over() -> None:
            then()
            self._switchboard.end(call, "callback", "callback requested")

        if call.customer is None:
            over()
        else:
            self._say(call, call.customer, "queue.callback_placed", over)

    def waits(self, contact: str) -> None:
        """The promise is in the line again: an agent did not take it."""
        self._change(contact, state="waiting")

    def postponed(self, action: CallbackPostponed) -> None:
        """To be tried again later."""
        self.waits(action.contact)

    def answered(self, action: ContactAnswered) -> None:
        """The customer was reached: the promise is kept."""
        self._close(action.contact, "done")

    def ended(self, contact: str, outcome: str) -> None:
        """The ACD is done with it. A call in which nobody but agents' phones ever rang ends with it."""
        self._close(contact, OVER.get(outcome, "failed"))
        call = self._calls.get(contact)
        if call is not None and call.state == "ringing":
            self._switchboard.end(call, "failed", outcome)

    def call_id(self, contact: str) -> str:
        """The call that is made for a promise; the contact itself when it is none."""
        call = self._calls.get(contact)
        return call.id if call else contact

    def _forget(self, call: Call) -> None:
        """Until here agents may be wrapping it up, under the call's id."""
        self._calls = {contact: one for contact, one in self._calls.items() if one is not call}

    def _close(self, contact: str, state: CallbackState) -> None:
        if contact in self._open:
            self._change(contact, state=state)
            del self._open[contact]

    def _new_call(self, promise: Promise) -> Call:
        view = promise.view
        return Call(
            id=new_id(), direction="outbound", caller=view.number, called=self._caller, queue=view.queue,
            language=promise.language, started_at=self._switchboard.now(), callback=True,
            customer_id=view.customer_id, callback_to=view.number, priority=promise.priority,
            queued_at=promise.waiting_since, visitor=promise.visitor, site=promise.site,
        )  # fmt: skip

    def _view(self, contact: Contact, customer_id: str | None) -> CallbackView:
        return CallbackView(
            id=contact.id, queue=contact.queue, number=contact.number or "", customer_id=customer_id,
            requested_at=self._switchboard.now(), state="waiting",
        )  # fmt: skip

    def _promise(self, promise: Promise) -> None:
        self._open[promise.view.id] = promise
        self._store(promise.view.id)
        self._switchboard.bus.publish(
            CallbackRequested(at=self._switchboard.now(), contact=promise.contact, callback=promise.view)
        )

    def _change(self, id: str, **changes: object) -> None:
        promise = self._open.get(id)
        if promise is None:
            return
        self._open[id] = replace(promise, view=promise.view.model_copy(update=changes))
        self._store(id)
        self._switchboard.bus.publish(
            CallbackChanged(at=self._switchboard.now(), contact=promise.contact, callback=self._open[id].view)
        )

    def _store(self, id: str) -> None:
        promise = self._open[id]
        view = promise.view
        self._journal.write(
            "callback",
            {
                "id": id, "contact_id": promise.contact, "queue_id": view.queue, "number": view.number,
                "customer_id": view.customer_id, "language": promise.language, "priority": promise.priority,
                "requested_at": view.requested_at, "queued_at": promise.waiting_since,
                "attempts": view.attempts, "state": view.state, "visitor": promise.visitor,
                "site": promise.site,
            },
        )  # fmt: skip

    def _say(self, call: Call, to: Participant, message: str, then: Callable[[], None]) -> None:
        start(self._speak(call, to, message, then), "callback prompt")

    async def _speak(self, call: Call, to: Participant, message: str, then: Callable[[], None]) -> None:
        utterance = await self._speech.prepare((Text(message),), call.language)
        if not utterance.files or to.leg not in call.participants or to.leaving:
            then()
            return
        playback = self._speech.play(call, to.leg, utterance)

        def on_leg(event: LegEvent) -> None:
            ended = isinstance(event, PlaybackEnded) and event.playback == playback
            if ended or isinstance(event, LegEnded):
                stop()
                heard = isinstance(event, PlaybackEnded) and event.completed
                self._speech.tell_finished(call, to.leg, heard)
                then()

        stop = self._switchboard.watch(to.leg, on_leg)


def _promise_to(call: Call, view: CallbackView, waiting_since: datetime) -> Promise:
    """The promise to the caller of this call."""
    return Promise(view, call.language, call.priority, call.id, waiting_since, call.visitor, call.site)
