"""What calls need from the outside: media, prompts, phones. Implementations live in pbx.media and pbx.app."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr.speech.parts import Segment
from pbx.events import LegId, PlaybackId, Profile, RecordingId

Edge = tuple[LegId, LegId]
"""(speaker, listener): what the first says is heard by the second."""


@dataclass(frozen=True, slots=True)
class DialTarget:
    """Whom to call and how.

    `uri` is the request URI (a registered Contact, or a number at a trunk); `route` the Route set, the
    edge with its signed flow token first. `caller` and `caller_name` go into From. `headers` are added
    as they are (Call-Info for auto-answer, X-Comptoir-Contact). `trunk` names the pjsua2 account whose
    credentials may be used; `account` is the endpoint that is called, if it is one of ours. `leg` is the id
    that the leg must have, when it is counted under one. After `ring_timeout` seconds without an answer the
    leg ends with 408.
    """

    uri: str
    route: tuple[str, ...] = ()
    caller: str = "anonymous"
    caller_name: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    profile: Profile = "plain"
    trunk: str | None = None
    leg: LegId = ""
    ring_timeout: float = 60.0
    account: str = ""


class Media(Protocol):
    """The legs' side of the media stack. All methods are called on the reactor thread, return at once
    and report on the bus (pbx.events). Naming a leg that has ended does nothing: its LegEnded is on
    its way. A second `play` on a leg replaces the first (which ends with completed=False)."""

    def ring(self, leg: LegId) -> None:
        """Answer an incoming leg 180."""

    def answer(self, leg: LegId) -> None:
        """Answer an incoming leg 200; LegAnswered follows the ACK, LegMediaReady the audio."""

    def reject(self, leg: LegId, status: int, reason: str = "", retry_after: int | None = None) -> None:
        """Refuse an unanswered incoming leg with a final status."""

    def dial(self, leg: LegId, target: DialTarget) -> None:
        """Make an outgoing leg under the given new id; LegRinging, LegAnswered, LegEnded follow."""

    def hang_up(self, leg: LegId, status: int = 0, reason: str = "") -> None:
        """End a leg: BYE, CANCEL or a final status, whichever fits. `reason` becomes a Reason header."""

    def play(self, leg: LegId, playback: PlaybackId, files: Sequence[Path], loop: bool = False) -> None:
        """Play WAV files to one leg, in order; PlaybackEnded follows. An unreadable file is skipped."""

    def stop_playback(self, leg: LegId) -> None:
        """Stop what plays to the leg, if anything does."""

    def mix(self, group: str, edges: frozenset[Edge]) -> None:
        """Make exactly these connections hold among the legs of `group`, now and after every media
        change, until the next call; an empty set takes the group apart. A leg is in one group at most."""

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Send keys to the peer as RFC 4733 events."""

    def transfer_progress(self, leg: LegId, status: int) -> None:
        """Tell the peer that sent REFER how the transfer goes (RFC 3515: 100, 180, then a final one)."""

    def record(self, recording: RecordingId, left: LegId, right: LegId | None, path: Path) -> None:
        """Record what `left` says into `path`'s left and what `right` says into its right channel;
        without a `right` (a voicemail) the file is mono."""

    def record_with(self, recording: RecordingId, right: LegId) -> None:
        """Another leg speaks on the right channel from now on (after a transfer)."""

    def record_left(self, recording: RecordingId, left: LegId) -> None:
        """The customer speaks on another leg from now on (after a page was loaded anew)."""

    def pause_recording(self, recording: RecordingId) -> None:
        """Write silence in place of both sides until resumed, so that times still match."""

    def resume_recording(self, recording: RecordingId) -> None:
        """Go on after a pause."""

    def stop_recording(self, recording: RecordingId) -> None:
        """Close the files; RecordingStopped follows. Ended legs do not end a recording by themselves."""

    def silent_for(self, leg: LegId) -> float:
        """Seconds since the last RTP packet came from a talking leg, as far as was looked: ask repeatedly, and it
        is exact from the second time on, before that too small. 0.0 when the leg is not talking or unknown."""

    def live_legs(self) -> int:
        """How many legs exist, for admission."""


class Prompts(Protocol):
    """Turns segments of speech into WAV files that the media side can play."""

    async def files(self, segments: Sequence[Segment], language: str) -> tuple[Path, ...]:
        """WAV paths in order. What cannot be rendered is left out and logged: a missing prompt never
        ends a call."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One reachable contact of a registered phone: request URI and the route to its flow."""

    uri: str
    route: tuple[str, ...]
    profile: Profile = "plain"
    q: float = 1.0


class Phones(Protocol):
    """Where registered endpoints can be reached."""

    def bindings(self, username: str) -> tuple[Binding, ...]:
        """Live contacts, highest q first; empty when the phone is not registered."""


HOUSE = ""
"""Who dials when no phone's account does: flows' transfers and callbacks, under the house's own number plan."""


class Trunks(Protocol):
    """The way to numbers outside. No number is dialed past a number plan and its caps.

    `on_behalf` is the account whose permission is asked for, HOUSE for the center's own, or None when the
    edge has admitted the account's INVITE for this very number already.
    """

    def dial_target(self, number: str, caller: str, on_behalf: str | None) -> DialTarget:
        """How to reach an outside number; its leg id is given, so that the call can be counted until it ends.
        Raises Unreachable when no trunk is usable, NotAllowed when the number may not be dialed."""

    def allows(self, number: str) -> bool:
        """Whether the house may dial this number at all."""
