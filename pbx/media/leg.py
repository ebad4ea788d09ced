"""One leg and the phases of its life at the media side, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pbx.clock import Timer
from pbx.events import EndedBy, LegId
from pbx.media.callbacks import Call
from pbx.media.library import packets_received

Phase = Literal["setup", "ringing", "talking", "ending"]
Happening = Literal["rang", "confirmed", "hung_up"]

NEXT: Mapping[tuple[Phase, Happening], Phase] = {
    ("setup", "rang"): "ringing",
    ("ringing", "rang"): "ringing",
    ("setup", "confirmed"): "talking",
    ("ringing", "confirmed"): "talking",
    ("setup", "hung_up"): "ending",
    ("ringing", "hung_up"): "ending",
    ("talking", "hung_up"): "ending",
}
"""What is not here is late news (an answer that crossed our CANCEL) and changes nothing."""


@dataclass(slots=True, eq=False)
class Leg:
    """A leg. `final` is the status and reason that its end will be told with, when we ended it; `heard` is
    when the count of received RTP `packets` last changed."""

    id: LegId
    call: Call
    outgoing: bool
    sip_call_id: str = ""
    remote_tag: str = ""
    phase: Phase = "setup"
    rang_with: int = 0
    held: bool = False
    audio: bool = False
    referred: bool = False
    by: EndedBy = "remote"
    final: tuple[int, str] | None = None
    timer: Timer | None = None
    packets: int = 0
    heard: float = 0.0

    def happened(self, what: Happening) -> bool:
        """Go to the next phase; False when the table has none."""
        after = NEXT.get((self.phase, what))
        if after is None:
            return False
        self.phase = after
        return True

    def silent_for(self, now: float) -> float:
        """Seconds since the count of received packets was last found changed. It is looked at now: who asks
        rarely is told less than the truth, never more."""
        packets = packets_received(self.call)
        if packets != self.packets:
            self.packets, self.heard = packets, now
        return now - self.heard

    def set_timer(self, timer: Timer | None) -> None:
        """Have one timer at most: ringing, or waiting for the end."""
        if self.timer is not None and self.timer.active():
            self.timer.cancel()
        self.timer = timer
