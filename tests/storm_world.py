"""A center on fakes with every part that a random story needs: three agents, two queues, a carrier, a menu."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from center_world import World, a_catalog, an_endpoint
from twisted.internet.defer import Deferred, maybeDeferred

from config.settings import RecordingSettings
from ivr import codec
from ivr.speech.catalogue import Catalogue
from pbx.bus import Bus
from pbx.calls.click_to_dial import ClickToDial
from pbx.calls.fake_media import FakeMedia
from pbx.calls.ports import HOUSE, DialTarget
from pbx.catalog import AgentRow, Catalog, DidRow, QueueRow, TrunkRow
from pbx.cdr import CallRecords
from pbx.recorded_contacts import RecordedContacts
from pbx.recording import RecordingEnd, RecordingRow, Recordings
from pbx.voicemail import VoicemailBox

AGENTS = ("alice", "benoit", "carla")
OUTSIDE = "+33142000000"
PROMPT_SECONDS = 3.0

MENU = {
    "id": "menu", "version": 1, "name": "Every way out", "languages": ["en"], "start": "main", "on_failure": "bye",
    "nodes": {
        "main": {
            "kind": "menu", "prompt": [{"kind": "text", "id": "shop.menu"}], "attempts": 2,
            "choices": {
                "0": "shop", "1": "returns", "2": "nowhere", "3": "an_agent", "4": "a_number", "5": "callback",
                "6": "voicemail", "7": "a_queue", "8": "order",
            },
            "on_no_input": "shop", "on_no_match": "bye",
        },
        "shop": {
            "kind": "enqueue", "queue": "shop", "skills": ["french"], "on_full": "callback",
            "on_max_wait": "voicemail", "on_no_agents": "returns", "on_failure": "main",
        },
        "returns": {"kind": "enqueue", "queue": "returns", "on_failure": "voicemail"},
        "nowhere": {"kind": "enqueue", "queue": "nowhere", "on_failure": "main"},
        "an_agent": {"kind": "transfer", "target": "alice", "on_failure": "main"},
        "a_number": {"kind": "transfer", "target": OUTSIDE, "on_failure": "main"},
        "a_queue": {"kind": "transfer", "target": "shop", "on_failure": "bye"},
        "order": {
            "kind": "lookup_order", "which": "latest", "found": "main", "not_found": "main", "on_failure": "bye",
        },
        "callback": {
            "kind": "callback_offer", "queue": "shop", "prompt": [{"kind": "text", "id": "shop.offer_callback"}],
            "accepted": "bye", "declined": "shop", "on_failure": "bye",
        },
        "voicemail": {
            "kind": "voicemail", "mailbox": "shop", "max_seconds": 30, "next": "bye", "on_failure": "bye",
        },
        "bye": {"kind": "play", "prompt": [{"kind": "text", "id": "shop.goodbye"}], "next": "end"},
        "end": {"kind": "hang_up"},
    },
}  # fmt: skip


class StormMedia(FakeMedia):
    """Prompts end and phones stop ringing by themselves, in their time."""

    def __init__(self, bus: Bus, clock: Any) -> None:
        super().__init__(bus)
        self._clock = clock

    def dial(self, leg: str, target: DialTarget) -> None:
        super().dial(leg, target)
        self._clock.callLater(target.ring_timeout, self._no_answer, leg)

    def play(self, leg: str, playback: str, files: Sequence[Path], loop: bool = False) -> None:
        super().play(leg, playback, files, loop)
        if not loop:
            self._clock.callLater(PROMPT_SECONDS, self._played, leg, playback)

    def _no_answer(self, leg: str) -> None:
        if not self.legs[leg].answered:
            self.hang_up(leg, 408, "No answer")

    def _played(self, leg: str, playback: str) -> None:
        if self.legs[leg].playing == playback:
            self.finish_playback(leg)


class Shelf:
    """`pbx.recording.RecordingStore` in memory."""

    def __init__(self) -> None:
        self.open: set[str] = set()

    async def opened(self, row: RecordingRow) -> None:
        self.open.add(row.id)

    async def closed(self, recording: str, end: RecordingEnd) -> None:
        self.open.discard(recording)


class StormWorld(World):
    """A world with every part that a story needs."""

    def __init__(self, catalogue: Catalogue, directory: Path) -> None:
        self.directory = directory
        super().__init__(catalogue)
        self.records = CallRecords(self.bus, self.journal, "boot1234")
        self.shelf = Shelf()
        self.recordings = self.make_recordings()
        self.recorded = RecordedContacts(self.center.switchboard, self.recordings, self.center.catalog)
        self.center.set_up(a_stormy_catalog())
        center = self.center
        self.dialer = ClickToDial(
            center.switchboard, center.conversations, center.dialing, center.dispatch, center.catalog
        )
        self.phones.twice.add("carla")
        self.phones.pages.add("alice")
        self.trunks.plans = {"alice": "+33", HOUSE: "+33", None: ""}
        self.turn()

    def bus_is_busy(self) -> bool:
        """Whether something is still to be delivered: then nothing need fit together yet."""
        return self.bus._scheduled or bool(self.center.switchboard._dirty)

    def make_media(self) -> FakeMedia:
        return StormMedia(self.bus, self.clock)

    def make_recordings(self) -> Recordings:
        settings = RecordingSettings(directory=self.directory, check_interval=1e9)
        made = Recordings(
            self.clock, self.bus, self.center.switchboard.media, self.shelf, settings,
            in_thread=maybeDeferred, now=self.now, free=lambda directory: 10**12,
        )  # fmt: skip
        Deferred.fromCoroutine(made.open())
        return made

    def make_voicemails(self, switchboard: Any) -> Any:
        return VoicemailBox(
            self.clock, switchboard, self.journal, self.directory, lambda: Path("/beep.wav"), lambda: True
        )


def a_stormy_catalog(
    agents: Sequence[str] = AGENTS,
    queues: Sequence[str] = ("shop", "returns"),
    strategy: str = "longest_idle",
) -> Catalog:
    rows = {
        "shop": QueueRow("shop", "Shop", {
            "wrap_up": 10.0, "capacity": 3, "max_wait": 120.0, "strategy": strategy, "announce_every": 15.0,
            "callback_retry_after": 60.0,
        }, True, ""),
        "returns": QueueRow("returns", "Returns", {
            "wrap_up": 0.0, "when_empty": "leave", "sticky": 20.0,
        }, False, ""),
    }  # fmt: skip
    members = {
        "alice": {"shop": 1, "returns": 1}, "benoit": {"shop": 1}, "carla": {"shop": 2, "returns": 1},
    }  # fmt: skip
    trunk = TrunkRow("carrier", "Carrier", "192.0.2.9", 5060, "UDP", (), "", "", "", False, "", 10)
    plain = a_catalog()
    return a_catalog(
        agents={
            one: AgentRow(one, one.title(), one, {"french": 5}, members[one], 3, one == "benoit") for one in agents
        },
        queues={one: rows[one] for one in queues},
        endpoints={**plain.endpoints, "alice": an_endpoint("alice", may_dial_out=True, number_plan=("+33",))},
        trunks={"carrier": trunk},
        dids={**plain.dids, "5000": DidRow("5000", "Menu", "menu", "en", True)},
        flows={**plain.flows, "menu": codec.load(MENU)},
    )  # fmt: skip
