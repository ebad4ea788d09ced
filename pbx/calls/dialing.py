"""Calling out: who is called becomes dial targets, and the first phone that answers wins."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pbx.bus import Stop
from pbx.calls.call import Call, Participant, Room
from pbx.calls.ports import Binding, DialTarget, Phones, Trunks
from pbx.calls.switchboard import Switchboard, new_id
from pbx.catalog import Catalog
from pbx.contract.commands import Device
from pbx.contract.resources import ParticipantRole
from pbx.errors import Unreachable
from pbx.events import LegAnswered, LegEnded, LegEvent, LegIncoming, LegRinging

AUTO_ANSWER = (
    ("Call-Info", "<sip:comptoir.invalid>;answer-after=0"),
    ("Alert-Info", "<http://comptoir.invalid>;info=alert-autoanswer;delay=0"),
)
"""What desk phones and softphones understand as "pick up by yourself"."""

GLOBAL_FAILURE = 600
"""From here on a refusal is meant for all of somebody's phones (RFC 3261, section 21.6)."""


class Dialing:
    """Finds the ways to a person, a phone or a number."""

    def __init__(self, phones: Phones, trunks: Trunks, catalog: Callable[[], Catalog]) -> None:
        self._phones = phones
        self._trunks = trunks
        self._catalog = catalog

    def endpoint(
        self,
        username: str,
        call: Call,
        ring_timeout: float,
        auto_answer: bool = False,
        offer: str = "",
        device: Device | None = None,
    ) -> tuple[DialTarget, ...]:
        """Every contact at which the phone is registered; with a `device` only those of its kind, if there are any.
        `offer` is told to what rings. Raises Unreachable."""
        bindings = self._phones.bindings(username)
        if not bindings:
            raise Unreachable("This phone is not registered.", phone=username)
        bindings = tuple(one for one in bindings if device_of(one) == device) or bindings
        headers = (
            ("X-Comptoir-Contact", call.id),
            *((("X-Comptoir-Offer", offer),) if offer else ()),
            *(AUTO_ANSWER if auto_answer else ()),
        )
        return tuple(
            DialTarget(
                uri=one.uri, route=one.route, caller=call.caller or "anonymous", caller_name=call.caller_name,
                headers=headers, profile=one.profile, ring_timeout=ring_timeout, account=username,
            )
            for one in bindings
        )  # fmt: skip

    def number(
        self, number: str, call: Call, caller: str, ring_timeout: float, on_behalf: str | None
    ) -> tuple[DialTarget, ...]:
        """A phone of ours by its user name, else a number outside. Raises Unreachable and NotAllowed."""
        if number in self._catalog().endpoints:
            return self.endpoint(number, call, ring_timeout)
        target = self._trunks.dial_target(number, caller, on_behalf)
        return (replace(target, ring_timeout=ring_timeout),)

    def has_phones(self, username: str) -> bool:
        """Whether it is registered anywhere else than in pages."""
        return any(device_of(one) == "phone" for one in self._phones.bindings(username))

    def can_call_back(self, number: str) -> bool:
        """Whether a callback to this number could be made: a phone of ours, or a number the house may dial."""
        return bool(number) and (number in self._catalog().endpoints or self._trunks.allows(number))


def device_of(place: Binding | DialTarget | LegIncoming) -> Device:
    """What is at the other end: browsers speak WebRTC."""
    return "page" if place.profile == "webrtc" else "phone"


class Hunt:
    """Rings all targets at once as participants of a call. The first that answers stays, the others stop.

    Exactly one of `answered(participant)` and `failed(status, reason)` is called, unless it is canceled.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        call: Call,
        role: ParticipantRole,
        label: str,
        agent: str | None = None,
        room: Room = "main",
        answered: Callable[[Participant], None] = lambda participant: None,
        failed: Callable[[int, str], None] = lambda status, reason: None,
        ringing: Callable[[Participant], None] = lambda participant: None,
    ) -> None:
        self._switchboard = switchboard
        self._call = call
        self._role: ParticipantRole = role
        self._label = label
        self._agent = agent
        self._room: Room = room
        self._answered, self._failed, self._ringing = answered, failed, ringing
        self._open: dict[str, Stop] = {}
        self._done = False

    @property
    def live(self) -> bool:
        """Whether phones still ring."""
        return not self._done

    def start(self, targets: Sequence[DialTarget]) -> None:
        """Ring them."""
        for target in targets:
            leg = target.leg or new_id()
            participant = Participant(
                leg, self._role, self._label, "dialing", target.account, device_of(target) == "page",
                room=self._room, agent=self._agent,
            )  # fmt: skip
            self._switchboard.seat(self._call, participant)
            self._open[leg] = self._switchboard.watch(leg, self._on_event)
            self._switchboard.media.dial(leg, target)

    def cancel(self, reason: str = "", then: Callable[[], None] | None = None) -> None:
        """Stop ringing and say nothing more; `then` is called once no phone rings any longer."""
        self._done = True
        ringing = set(self._open)
        for leg in tuple(ringing) if then else ():
            self._switchboard.watch(leg, lambda event: self._on_stopped(event, ringing, then))
        self._drop_all(reason)
        if then is not None and not ringing:
            then()

    def _on_stopped(self, event: LegEvent, ringing: set[str], then: Callable[[], None] | None) -> None:
        if isinstance(event, LegEnded):
            ringing.discard(event.leg)
            if not ringing and then is not None:
                then()

    def _on_event(self, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            self._on_ended(event)
        elif self._done or self._call.participants[event.leg].leaving:
            return
        elif isinstance(event, LegAnswered):
            self._on_answered(event)
        elif isinstance(event, LegRinging):
            self._ringing(self._call.participants[event.leg])

    def _on_answered(self, event: LegAnswered) -> None:
        self._done = True
        self._open.pop(event.leg)()
        self._drop_all("Call completed elsewhere")
        self._answered(self._call.participants[event.leg])

    def _on_ended(self, event: LegEnded) -> None:
        self._open.pop(event.leg, lambda: None)()
        if event.status >= GLOBAL_FAILURE:
            self._drop_all(event.reason)
        if not self._done and not self._open:
            self._done = True
            self._failed(event.status, event.reason)

    def _drop_all(self, reason: str) -> None:
        """Hang up what still rings."""
        ringing, self._open = self._open, {}
        for leg, stop in ringing.items():
            stop()
            self._switchboard.hang_up([self._call.participants[leg]], reason)
