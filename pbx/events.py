"""Events inside the softswitch: what the media side reports about legs, playbacks and recorders.

What the outside may know is in `pbx.contract.events`; both kinds travel on the same bus.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LegId = str
PlaybackId = str
RecordingId = str
Profile = Literal["plain", "secure", "webrtc"]
"""How a peer's audio travels: RTP, SDES-SRTP (phones over TLS), or DTLS-SRTP with ICE (browsers)."""
EndedBy = Literal["remote", "local", "rtp_timeout", "reaper"]


@dataclass(frozen=True, slots=True)
class LegEvent:
    """Something happened to the leg `leg`."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class LegIncoming(LegEvent):
    """An INVITE that the edge admitted. `headers` holds the X-Comptoir-* headers that the edge set, by
    lower-case name without the prefix: `account` (authenticated user), `trunk`, `source`; of a guest in a shop's
    page also `visitor`, `site`, `customer` (when the shop vouched for one) and `language`.
    `caller` and `called` are the user parts of From and of the request URI."""

    caller: str
    caller_name: str
    called: str
    profile: Profile = "plain"
    sip_call_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LegRinging(LegEvent):
    """An outgoing leg rings (180 or 183)."""

    status: int = 180


@dataclass(frozen=True, slots=True)
class LegAnswered(LegEvent):
    """The dialog is confirmed: ACK received or 2xx received."""


@dataclass(frozen=True, slots=True)
class LegMediaReady(LegEvent):
    """Audio flows (again): first negotiation, or after a re-INVITE."""


@dataclass(frozen=True, slots=True)
class LegHeld(LegEvent):
    """The peer put us on hold (sendonly or inactive)."""


@dataclass(frozen=True, slots=True)
class LegResumed(LegEvent):
    """The peer took us off hold."""


@dataclass(frozen=True, slots=True)
class LegDigit(LegEvent):
    """One key, 0-9 * # A-D."""

    digit: str
    method: Literal["rfc4733", "info"]


@dataclass(frozen=True, slots=True)
class LegTransferRequested(LegEvent):
    """The peer sent REFER. `replaces_leg` is our leg that Refer-To's Replaces names, if it is ours
    (attended transfer, RFC 3891). Answer with Media.transfer_progress."""

    target: str
    replaces_leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class LegAway(LegEvent):
    """The page at the other end has gone for the moment (pbx.calls.absences); never on the bus."""


@dataclass(frozen=True, slots=True)
class LegReturned(LegEvent):
    """The page is back, perhaps on another line; never on the bus."""


@dataclass(frozen=True, slots=True)
class LegEnded(LegEvent):
    """Exactly once a leg, whatever happened. `status` is the SIP status (200 for BYE)."""

    status: int
    reason: str
    by: EndedBy


@dataclass(frozen=True, slots=True)
class PlaybackEnded(LegEvent):
    """`completed` is False when it was stopped or could not be played."""

    playback: PlaybackId
    completed: bool


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """The recorder closed its files. `error` is empty when all was written."""

    recording: RecordingId
    seconds: float
    error: str = ""
