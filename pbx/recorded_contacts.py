"""Which contacts are recorded: those of queues that say so, from the first word with an agent to the last."""

from collections.abc import Callable, Mapping

from pbx.calls.call import Call, Participant
from pbx.calls.switchboard import Switchboard
from pbx.catalog import Catalog
from pbx.contract.events import (
    CallBridged,
    CallTransferred,
    ContactChanged,
    ContactEnded,
    ContactQueued,
    RecordingChanged,
)
from pbx.contract.resources import RecordingState
from pbx.errors import WrongState
from pbx.recording import Recordings

SHOWN: Mapping[str, RecordingState] = {
    "recording.started": "recording",
    "recording.paused": "paused",
    "recording.resumed": "recording",
    "recording.finished": "off",
    "recording.failed": "failed",
}


class RecordedContacts:
    """Starts and stops recordings as contacts come together and part; who may pause is the API's business."""

    def __init__(
        self, switchboard: Switchboard, recordings: Recordings, catalog: Callable[[], Catalog]
    ) -> None:
        self._switchboard = switchboard
        self._recordings = recordings
        self._catalog = catalog
        self._latest: dict[str, str] = {}
        self._speaker: dict[str, str] = {}
        bus = switchboard.bus
        self._stops = [
            switchboard.on_forgotten(self._forget),
            bus.subscribe(CallBridged, self._on_bridged),
            bus.subscribe(CallTransferred, self._on_transferred),
            bus.subscribe(ContactChanged, self._follow),
            bus.subscribe(ContactQueued, self._on_queued),
            bus.subscribe(ContactEnded, self._on_ended),
            bus.subscribe(RecordingChanged, self._on_changed),
        ]

    def stop(self) -> None:
        """Hear no more of the bus."""
        for stop in self._stops:
            stop()

    def pause(self, contact: str) -> None:
        """Silence in the recording until resumed. Raises WrongState."""
        if not self._recordings.pause(contact):
            raise WrongState("Nothing is being recorded now.", contact=contact)

    def resume(self, contact: str) -> None:
        """Go on recording. Raises WrongState."""
        if not self._recordings.resume(contact):
            raise WrongState("The recording is not paused.", contact=contact)

    def _on_bridged(self, event: CallBridged) -> None:
        self._record(event.contact, event.agent)

    def _on_transferred(self, event: CallTransferred) -> None:
        """Somebody else speaks with the customer, without having been brought in just now."""
        if event.kind == "attended":
            self._record(event.contact, event.to_agent)

    def _record(self, contact: str | None, agent: str | None) -> None:
        """From here on the customer and this agent, or whoever came last."""
        call = self._switchboard.calls.get(contact or "")
        if call is None or call.customer is None or call.over:
            return
        queue = self._catalog().queues.get(call.queue or "")
        others = _others(call)
        if queue is not None and queue.recording and others:
            joined = next((one for one in others if one.agent == agent), others[-1])
            self._speaker[call.id] = joined.leg
            self._recordings.start(call.id, call.queue, call.customer.leg, joined.leg)

    def _follow(self, event: ContactChanged) -> None:
        """Agents among themselves are not recorded; who stays with the customer is."""
        call = self._switchboard.calls.get(event.view.id)
        speaker = self._speaker.get(event.view.id)
        if call is None or speaker is None:
            return
        if call.customer is None:
            self._recordings.stop(call.id)
        elif speaker not in {one.leg for one in _others(call)}:
            self._record(call.id, call.agent)

    def _on_queued(self, event: ContactQueued) -> None:
        """Nobody speaks with the customer any more; a next conversation is a recording of its own."""
        self._recordings.stop(event.contact or "")

    def _on_ended(self, event: ContactEnded) -> None:
        self._recordings.stop(event.contact or "")

    def _on_changed(self, event: RecordingChanged) -> None:
        """The end of an earlier recording says nothing about the one that runs since."""
        call = self._switchboard.calls.get(event.contact or "")
        if call is None:
            return
        if event.type == "recording.started":
            self._latest[call.id] = event.recording
        if event.recording == self._latest.get(call.id, event.recording):
            call.recording = SHOWN[event.type]
            self._switchboard.changed(call)

    def _forget(self, call: Call) -> None:
        self._latest.pop(call.id, None)
        self._speaker.pop(call.id, None)


def _others(call: Call) -> list[Participant]:
    return [one for one in call.with_role("agent", "third_party") if one.present]
