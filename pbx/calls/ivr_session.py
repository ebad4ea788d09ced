"""Runs a flow on a call: feeds the interpreter what happens, performs what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from twisted.logger import Logger

from ivr import actions, events
from ivr.hours import Schedule
from ivr.interpreter import advance, new_session
from ivr.model import Flow
from ivr.speech.catalogue import Catalogue
from ivr.speech.parts import Part
from pbx.background import start
from pbx.bus import Stop
from pbx.calls.call import Call
from pbx.calls.collecting import Collecting, CollectOutcome
from pbx.calls.questions import Question, answer
from pbx.calls.services import Lookups, Outside, QueueOutcome, Queues, Voicemails, Webhooks
from pbx.calls.speaking import Speech
from pbx.calls.switchboard import Switchboard
from pbx.clock import Clock, Timer
from pbx.contract.events import DigitsReceived, FlowNodeEntered
from pbx.contract.resources import Outcome, PressedKey
from pbx.errors import PbxError
from pbx.events import LegAway, LegDigit, LegEnded, LegEvent, LegReturned, PlaybackEnded

_log = Logger()


ELSEWHERE = frozenset({"queue", "transfer", "voicemail"})
"""While one of these is awaited, keys are for somebody else and not typed ahead for the next menu."""


@dataclass(frozen=True, slots=True)
class IvrServices:
    """What flows can use."""

    speech: Speech
    catalogue: Catalogue
    lookups: Lookups
    queues: Queues
    webhooks: Webhooks
    voicemails: Voicemails
    outside: Outside


@dataclass(slots=True)
class _Heard:
    """What is being said, or about to be; `playback` is empty until the files are there."""

    request: int
    barge_in: bool
    playback: str = ""
    playing: bool = True


class IvrSession:
    """One flow on one call, from Started to the end of the flow or of the call."""

    def __init__(
        self,
        reactor: Clock,
        switchboard: Switchboard,
        services: IvrServices,
        call: Call,
        leg: str,
        flow: Flow,
        calendars: dict[str, Schedule],
    ) -> None:
        self._reactor = reactor
        self._switchboard = switchboard
        self._services = services
        self._call = call
        self._leg = leg
        self._flow = flow
        self._calendars = calendars
        self._catalogue = services.catalogue.with_own(flow.texts)
        language = call.language if call.language in flow.languages else flow.languages[0]
        self._session = replace(new_session(flow), language=language)
        self._heard: _Heard | None = None
        self._collect: actions.Collect | None = None
        self._collecting: Collecting | None = None
        self._typed_ahead = ""
        self._timer: Timer | None = None
        self._stops: list[Stop] = []
        self._unspoken: Outcome = "self_served"
        self._over = False

    def start(self) -> None:
        """Begin the flow."""
        self._stops = [self._switchboard.watch(self._leg, self._on_leg)]
        call = self._call
        caller = call.caller if call.trusted_caller else None
        language = self._session.language if call.visitor else None
        self._take(
            events.Started(
                caller=caller, called=call.called, at=self._switchboard.now(), calendars=self._calendars,
                customer=call.customer_id, language=language,
            )
        )  # fmt: skip

    def _take(self, event: events.Event) -> None:
        if self._over or self._call.over:
            return
        before = self._session.path
        self._session, todo = advance(self._flow, self._session, event)
        self._note_path(len(before))
        try:
            for action in todo:
                self._perform(action)
        except Exception:
            _log.failure("A flow could not go on")
            self._release()
            self._switchboard.end(self._call, "failed", "flow error")
        if self._session.ended and not isinstance(event, events.QueueLeft):
            self._finish_if_released()

    def _note_path(self, known: int) -> None:
        """Show the agent what was pressed; keys that a node keeps private come as an empty string."""
        path = tuple(PressedKey(node=one.node, keys=one.keys) for one in self._session.path)
        if len(path) == known:
            return
        self._call.path = path
        for one in path[known:]:
            self._publish(DigitsReceived(at=self._now(), contact=self._call.id, node=one.node, keys=one.keys))
        self._switchboard.changed(self._call)

    def _perform(self, action: actions.Action) -> None:
        perform: dict[type, Callable[[Any], None]] = {
            actions.Answer: self._answer,
            actions.Play: self._play,
            actions.Collect: self._gather,
            actions.LookupCustomer: self._ask,
            actions.LookupOrder: self._ask,
            actions.CallWebhook: self._ask,
            actions.Enqueue: self._enqueue,
            actions.Transfer: self._transfer,
            actions.RecordVoicemail: self._voicemail,
            actions.TakeCallback: self._callback,
            actions.SetLanguage: self._set_language,
            actions.NodeEntered: self._node_entered,
            actions.HangUp: self._hang_up,
        }
        perform[type(action)](action)

    # --- the line -------------------------------------------------------------------------------------------

    def _answer(self, action: actions.Answer) -> None:
        self._call.answered_at = self._now()
        self._call.take("menu")
        self._switchboard.answer(self._call.participants[self._leg])
        self._switchboard.changed(self._call)

    def _hang_up(self, action: actions.HangUp) -> None:
        self._release()
        self._switchboard.end(self._call, self._unspoken, action.reason)

    def _on_leg(self, event: LegEvent) -> None:
        if isinstance(event, LegDigit):
            self._on_key(event.digit)
        elif isinstance(event, PlaybackEnded):
            self._on_playback_ended(event)
        elif isinstance(event, LegAway):
            self._stop_timer()
        elif isinstance(event, LegReturned):
            self._on_returned()
        elif isinstance(event, LegEnded):
            self._on_gone()

    def _on_returned(self) -> None:
        """A question that waits is asked again: nobody has heard it, or it was long ago."""
        waits = self._heard is not None and not self._heard.playing
        if waits and self._collect is not None and self._collecting is not None:
            if self._collecting.keys:
                self._wait_for_key(self._collect.inter_digit_timeout)
            else:
                self._speak(self._collect.request, self._collect.prompt, self._collect.barge_in)

    def _on_gone(self) -> None:
        waiting = self._call.state in ("queued", "offered")  # then the queue says how the call has ended
        self._take(events.HungUp())
        self._release()
        if not waiting:
            self._switchboard.end(self._call, self._unspoken, "caller hung up")

    # --- speaking and listening -----------------------------------------------------------------------------

    def _play(self, action: actions.Play) -> None:
        self._speak(action.request, action.prompt, action.barge_in)

    def _gather(self, action: actions.Collect) -> None:
        self._collect = action
        self._collecting = Collecting(action.max_digits, action.terminator)
        while action.barge_in and self._typed_ahead and self._collect is action:
            key, self._typed_ahead = self._typed_ahead[0], self._typed_ahead[1:]
            self._press(key)
        if self._collect is action and not self._collecting.keys:
            self._speak(action.request, action.prompt, action.barge_in)

    def _speak(self, request: int, prompt: tuple[Part, ...], barge_in: bool) -> None:
        heard = self._heard = _Heard(request, barge_in)
        if barge_in and self._typed_ahead and self._collect is None:
            self._skip(events.PlaybackFinished(request), heard)
            return
        start(self._say(heard, prompt), "ivr prompt")

    def _skip(self, event: events.Event, heard: _Heard) -> None:
        """Whoever has pressed keys already does not want to hear this: go on to where they are wanted."""
        heard.playing = False
        self._heard = None
        self._reactor.callLater(0, self._take, event)

    async def _say(self, heard: _Heard, prompt: tuple[Part, ...]) -> None:
        speech = self._services.speech
        utterance = await speech.prepare(prompt, self._session.language, self._catalogue)
        if self._over or self._heard is not heard or not heard.playing:
            return
        if utterance.files:
            heard.playback = speech.play(self._call, self._leg, utterance)
        else:
            self._playback_over(heard, completed=False)

    def _on_playback_ended(self, event: PlaybackEnded) -> None:
        heard = self._heard
        if heard is not None and heard.playback == event.playback and heard.playing:
            self._playback_over(heard, event.completed)

    def _playback_over(self, heard: _Heard, completed: bool) -> None:
        heard.playing = False
        self._services.speech.tell_finished(self._call, self._leg, completed)
        if self._collect is not None and self._collect.request == heard.request:
            self._wait_for_key(self._collect.first_digit_timeout)
        else:
            self._heard = None
            self._take(events.PlaybackFinished(heard.request))

    def _on_key(self, key: str) -> None:
        if self._session.awaited in ELSEWHERE:
            return
        heard = self._heard
        if heard is not None and heard.playing and not heard.barge_in:
            return
        if heard is not None and heard.playing:
            self._interrupt(heard)
        if self._collecting is not None:
            self._press(key)
        else:
            self._typed_ahead = (self._typed_ahead + key)[-32:]

    def _interrupt(self, heard: _Heard) -> None:
        heard.playing = False
        self._switchboard.media.stop_playback(self._leg)
        self._services.speech.tell_finished(self._call, self._leg, completed=False)
        if self._collect is None:
            self._heard = None
            request = heard.request
            self._reactor.callLater(0, lambda: self._take(events.PlaybackFinished(request)))

    def _press(self, key: str) -> None:
        if self._collecting is None or self._collect is None:
            return
        self._collecting, outcome = self._collecting.press(key)
        if outcome is None:
            self._wait_for_key(self._collect.inter_digit_timeout)
        else:
            self._collected(outcome)

    def _wait_for_key(self, seconds: float) -> None:
        self._stop_timer()
        if not self._call.participants[self._leg].away:
            self._timer = self._reactor.callLater(seconds, self._no_more_keys)

    def _no_more_keys(self) -> None:
        if self._collecting is not None:
            self._collected(self._collecting.run_out())

    def _collected(self, outcome: CollectOutcome) -> None:
        self._stop_timer()
        collect, collecting = self._collect, self._collecting
        self._collect = self._collecting = self._heard = None
        if collect is not None and collecting is not None:
            self._take(events.Digits(collect.request, collecting.keys, outcome))

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    # --- the shop and the web -------------------------------------------------------------------------------

    def _ask(self, question: Question) -> None:
        start(self._answered(question), "question of a flow")

    async def _answered(self, question: Question) -> None:
        event = await answer(question, self._services.lookups, self._services.webhooks)
        if not self._over:
            self._remember(event)
            self._take(event)

    def _remember(self, event: events.Event) -> None:
        """What the flow found out is what the agent sees."""
        if isinstance(event, events.CustomerFound):
            self._call.customer_id = str(event.facts.get("id") or "") or None
        elif isinstance(event, events.OrderFound):
            self._call.order_number = str(event.facts.get("number") or "") or None
        else:
            return
        self._switchboard.changed(self._call)

    # --- leaving the flow -----------------------------------------------------------------------------------

    def _enqueue(self, action: actions.Enqueue) -> None:
        self._call.queue = action.queue
        self._call.priority = action.priority
        self._call.skills = action.skills
        request = action.request
        try:
            self._services.queues.enqueue(self._call, lambda outcome: self._left_queue(request, outcome))
        except PbxError as error:
            _log.error("The flow cannot queue a caller: {why}", why=error.detail)
            self._reactor.callLater(0, self._take, events.QueueLeft(request, "failed"))

    def _left_queue(self, request: int, outcome: QueueOutcome) -> None:
        if outcome in ("answered", "callback"):
            self._take(events.QueueLeft(request, outcome))
            self._release()
            return
        self._unspoken = "overflowed"
        if not self._over:
            self._call.take("menu")
            self._switchboard.changed(self._call)
            self._take(events.QueueLeft(request, outcome))

    def _transfer(self, action: actions.Transfer) -> None:
        request = action.request

        def done(connected: bool) -> None:
            self._take(events.TransferDone(request) if connected else events.TransferFailed(request))
            if connected:
                self._release()

        self._services.outside.transfer_from_flow(self._call, action.target, done)

    def _voicemail(self, action: actions.RecordVoicemail) -> None:
        request = action.request

        def done(kept: bool) -> None:
            if kept:
                self._call.outcome = "voicemail"
            self._take(events.VoicemailRecorded(request) if kept else events.VoicemailFailed(request))

        self._services.voicemails.record(self._call, action.mailbox, action.max_seconds, done)

    def _callback(self, action: actions.TakeCallback) -> None:
        placed = self._services.queues.place_callback(self._call, action.queue, action.number)
        if placed:
            self._call.outcome = "callback"
        request = action.request
        answer = events.CallbackTaken(request) if placed else events.CallbackRefused(request)
        self._reactor.callLater(0, lambda: self._take(answer))

    # --- the small ones -------------------------------------------------------------------------------------

    def _set_language(self, action: actions.SetLanguage) -> None:
        self._call.language = action.language
        self._switchboard.changed(self._call)

    def _node_entered(self, action: actions.NodeEntered) -> None:
        self._publish(
            FlowNodeEntered(at=self._now(), contact=self._call.id, flow=self._flow.id, node=action.node)
        )

    def _finish_if_released(self) -> None:
        if self._session.ended in ("answered", "callback", "transferred"):
            self._release()

    def _release(self) -> None:
        """Touch the call no more."""
        self._over = True
        self._stop_timer()
        self._collect = self._collecting = self._heard = None
        for stop in self._stops:
            stop()
        self._stops = []

    def _publish(self, event: object) -> None:
        self._switchboard.bus.publish(event)

    def _now(self) -> Any:
        return self._switchboard.now()
