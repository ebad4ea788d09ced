"""All legs: they are kept here from the first INVITE to the last word of the library, and told of on the bus.

Each leg gets exactly one LegEnded: when the library disconnects it, or, if the peer does not answer our BYE,
a little after we hung up, or when the watch finds it silent or lost.
"""

from collections.abc import Callable
from uuid import uuid4

import pjsua2 as pj
from twisted.logger import Logger

from pbx import events
from pbx.bus import Bus
from pbx.calls.ports import DialTarget
from pbx.clock import Clock
from pbx.events import EndedBy, LegId
from pbx.media import message, notes, requests
from pbx.media.bridges import Bridges, Port
from pbx.media.callbacks import Call, Line, call_on
from pbx.media.leg import Leg
from pbx.media.library import audible, audio_of, audio_status, packets_received

_log = Logger()
END_GRACE = 2.0
"""Seconds that a peer has to answer our BYE or CANCEL before the leg counts as ended."""
FIRST_PACKET, FIRST_PACKET_STEP = 3.0, 0.02
"""Seconds that a browser's first packet is waited for, and how often it is looked for."""


class Legs:
    """The registry. `line_for` chooses the account of an outgoing call and raises KeyError for an unknown
    trunk; `domain` is the host of our From; `on_ended` hears of each leg just before it is forgotten."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        queue: notes.Notes,
        bridges: Bridges,
        *,
        line_for: Callable[[DialTarget], Line],
        domain: str,
        on_audio: Callable[[LegId], None],
        on_ended: Callable[[LegId], None],
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._notes = queue
        self._bridges = bridges
        self._line_for = line_for
        self._domain = domain
        self._on_audio = on_audio
        self._on_ended = on_ended
        self._legs: dict[LegId, Leg] = {}
        self._lingering: dict[LegId, Call] = {}
        queue.read_by(
            {
                notes.Invited: self._invited,
                notes.Rang: self._rang,
                notes.Confirmed: self._confirmed,
                notes.Disconnected: self._disconnected,
                notes.MediaChanged: self._media_changed,
                notes.KeyPressed: self._key_pressed,
                notes.Referred: self._was_referred,
            }
        )

    def __len__(self) -> int:
        return len(self._legs)

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._legs

    def all(self) -> tuple[Leg, ...]:
        """The legs that have not ended."""
        return tuple(self._legs.values())

    def remaining(self) -> int:
        """Calls that the library still works on, ended for us or not."""
        return len(self._legs) + len(self._lingering)

    def keep(self, line: Line, identifier: int) -> LegId:
        """Keep a new incoming call; called inside the library."""
        leg = uuid4().hex
        self._legs[leg] = Leg(leg, call_on(line, leg, self._notes, identifier), outgoing=False)
        return leg

    # What we do.

    def ring(self, leg: LegId) -> None:
        """Answer 180."""
        self._operate(leg, lambda one: one.call.answer(requests.operation(180)))

    def answer(self, leg: LegId) -> None:
        """Answer 200."""
        self._operate(leg, lambda one: one.call.answer(requests.operation(200)))

    def reject(self, leg: LegId, status: int, reason: str, retry_after: int | None) -> None:
        """Refuse with a final status; the leg ends as one that we ended."""
        wanted = self._legs.get(leg)
        if wanted is not None and self._end_locally(
            wanted, "local", (status, reason or message.phrase(status))
        ):
            request = requests.refusal(status, reason, retry_after)
            self._operate(leg, lambda one: one.call.answer(request))

    def hang_up(self, leg: LegId, status: int, reason: str, by: EndedBy = "local") -> None:
        """End a leg in whatever phase it is; `by` is told with its end."""
        wanted = self._legs.get(leg)
        if wanted is None:
            return
        fallback = status or (200 if wanted.phase == "talking" else 480 if not wanted.outgoing else 487)
        if self._end_locally(wanted, by, (fallback, reason or message.phrase(fallback))):
            code = 0 if wanted.phase == "talking" or wanted.outgoing else fallback
            self._operate(leg, lambda one: one.call.hangup(requests.end(code, status, reason)))

    def _end_locally(self, leg: Leg, by: EndedBy, final: tuple[int, str]) -> bool:
        talking = leg.phase == "talking"
        if not leg.happened("hung_up"):
            return False
        leg.by, leg.final = by, final
        self._bridges.forget_leg(leg.id)
        leg.set_timer(self._clock.callLater(END_GRACE, self._end, leg))
        if by == "rtp_timeout" and talking:
            self._clock.callLater(0, self._end, leg)
        return True

    def dial(self, leg: LegId, target: DialTarget) -> None:
        """Make an outgoing leg; one that cannot even be placed ends at once with 500."""
        try:
            self._dial(leg, target)
        except (pj.Error, KeyError) as error:
            _log.warn("A call could not be placed: {why}", why=requests.why(error))
            self._legs.pop(leg, None)
            self._bus.publish(events.LegEnded(leg, 500, "The call could not be placed", "local"))

    def _dial(self, leg: LegId, target: DialTarget) -> None:
        call = call_on(self._line_for(target), leg, self._notes)
        made = self._legs[leg] = Leg(leg, call, outgoing=True)
        call.makeCall(target.uri, requests.invitation(target, self._domain))
        made.sip_call_id = call.getInfo().callIdString
        made.set_timer(self._clock.callLater(target.ring_timeout, self._no_answer, leg))

    def _no_answer(self, leg: LegId) -> None:
        self.hang_up(leg, 408, "No answer")

    def silent_for(self, leg: LegId) -> float:
        """Seconds without a packet from the peer; 0.0 unless it is talking with us."""
        found = self._legs.get(leg)
        return found.silent_for(self._clock.seconds()) if found and found.phase == "talking" else 0.0

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Send keys to the peer."""
        self._operate(leg, lambda one: requests.send_digits(one.call, digits))

    def transfer_progress(self, leg: LegId, status: int) -> None:
        """Tell the peer that sent REFER; nothing is sent after a final status."""
        wanted = self._legs.get(leg)
        if wanted is not None and wanted.referred:
            wanted.referred = status < 200
            self._operate(leg, lambda one: one.call.sendRequest(requests.transfer_news(status)))

    def _operate(self, leg: LegId, operation: Callable[[Leg], object]) -> None:
        wanted = self._legs.get(leg)
        if wanted is None:
            return
        try:
            operation(wanted)
        except pj.Error as error:
            _log.warn("The media stack refused an operation on a leg: {why}", why=requests.why(error))

    # What happens to us.

    def _invited(self, note: notes.Invited) -> None:
        leg = self._legs[note.leg]
        invitation = message.invitation(note.message)
        leg.sip_call_id, leg.remote_tag = invitation.call_id, invitation.caller_tag
        self._bus.publish(
            events.LegIncoming(
                leg.id,
                invitation.caller,
                invitation.caller_name,
                invitation.called,
                note.profile,
                invitation.call_id,
                invitation.own,
            )
        )

    def _rang(self, note: notes.Rang) -> None:
        leg = self._legs.get(note.leg)
        if leg is not None and leg.happened("rang") and leg.rang_with != note.status:
            leg.rang_with = note.status
            self._bus.publish(events.LegRinging(leg.id, note.status))

    def _confirmed(self, note: notes.Confirmed) -> None:
        leg = self._legs.get(note.leg)
        if leg is None or not leg.happened("confirmed"):
            return
        leg.set_timer(None)
        leg.heard = self._clock.seconds()
        self._bus.publish(events.LegAnswered(leg.id))
        if leg.audio:
            self._bus.publish(events.LegMediaReady(leg.id))

    def _media_changed(self, note: notes.MediaChanged) -> None:
        leg = self._legs.get(note.leg)
        if leg is None or leg.phase == "ending" or not leg.call.isActive():
            return
        status, media = audio_status(leg.call), audio_of(leg.call)
        if media is not None and audible(status):
            self._bridges.attach(Port("leg", leg.id), media)
            self._expect_audio(leg, FIRST_PACKET)
        else:
            leg.audio = False
            self._bridges.detach(Port("leg", leg.id))
        self._note_hold(leg, status)
        if status == pj.PJSUA_CALL_MEDIA_ERROR and leg.call.profile == "webrtc" and leg.phase == "talking":
            self.hang_up(leg.id, 0, "No way for the audio", "rtp_timeout")

    def _expect_audio(self, leg: Leg, patience: float) -> None:
        """What we say is heard from now on; by a browser not before it has found its way here and shaken hands,
        which its first packet tells. One that never sends any is believed to listen after a while."""
        deaf = leg.call.profile == "webrtc" and not leg.audio and packets_received(leg.call) <= 0
        if deaf and patience > 0:
            self._clock.callLater(FIRST_PACKET_STEP, self._look_for_audio, leg, patience - FIRST_PACKET_STEP)
        else:
            leg.audio = True
            self._on_audio(leg.id)

    def _look_for_audio(self, leg: Leg, patience: float) -> None:
        if leg.id not in self._legs or leg.phase == "ending" or leg.audio:
            return
        self._expect_audio(leg, patience)
        if leg.audio and leg.phase == "talking":
            self._bus.publish(events.LegMediaReady(leg.id))

    def _note_hold(self, leg: Leg, status: int) -> None:
        if leg.phase != "talking":
            return
        held = status not in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_ERROR)
        leg.heard = self._clock.seconds()
        if held != leg.held:
            leg.held = held
            self._bus.publish(events.LegHeld(leg.id) if held else events.LegResumed(leg.id))
        if leg.audio:
            self._bus.publish(events.LegMediaReady(leg.id))

    def _key_pressed(self, note: notes.KeyPressed) -> None:
        if note.leg in self._legs:
            self._bus.publish(events.LegDigit(note.leg, note.digit, note.method))

    def _was_referred(self, note: notes.Referred) -> None:
        leg, referral = self._legs.get(note.leg), message.referral(note.refer_to)
        if leg is not None and referral is not None:
            leg.referred = True
            self.transfer_progress(leg.id, 100)
            replaced = self._replaced(referral.replaces) if referral.replaces else None
            self._bus.publish(events.LegTransferRequested(leg.id, referral.target, replaced))

    def _replaced(self, dialog: message.Dialog) -> LegId | None:
        """The leg of this dialog. Its Replaces names our tag as to-tag and the peer's as from-tag."""
        for leg in self._legs.values():
            if leg.sip_call_id == dialog.call_id and leg.remote_tag in ("", dialog.from_tag):
                return leg.id
        return None

    def _disconnected(self, note: notes.Disconnected) -> None:
        self._lingering.pop(note.leg, None)
        leg = self._legs.get(note.leg)
        if leg is not None:
            self._bridges.detach(Port("leg", leg.id))  # the library took its port away
            self._forget(leg, *(leg.final or (note.status, note.reason)))

    def _end(self, leg: Leg) -> None:
        """The library has not disconnected it yet: keep its call, but the leg has ended."""
        if leg.id in self._legs:
            self._lingering[leg.id] = leg.call
            self._forget(leg, *(leg.final or (200, "")))

    def lose(self, leg: Leg) -> None:
        """The library no longer knows the call."""
        leg.by = "reaper"
        self._forget(leg, 500, "The call was lost")

    def _forget(self, leg: Leg, status: int, reason: str) -> None:
        self._on_ended(leg.id)
        del self._legs[leg.id]
        leg.set_timer(None)
        self._bridges.forget_leg(leg.id)
        self._bus.publish(events.LegEnded(leg.id, status, reason, leg.by))

    def drop_lost(self, lost: Callable[[Call], bool]) -> None:
        """Let go of ended calls that the library has forgotten."""
        for leg, call in tuple(self._lingering.items()):
            if lost(call):
                del self._lingering[leg]

    def close(self) -> None:
        """Let go of every call."""
        self._legs.clear()
        self._lingering.clear()
