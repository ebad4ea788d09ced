"""pjsua2 on the reactor: started, polled, its accounts, and stopped in the right order.

The library has no thread of its own for SIP. It is polled every few milliseconds, and at once when the edge
has handed it a message. The way out to the network is always the edge.
"""

from collections.abc import Callable

import pjsua2 as pj
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from config.settings import MediaSettings
from pbx.calls.ports import DialTarget
from pbx.clock import Clock
from pbx.events import LegId, Profile
from pbx.media import library, profiles, trunks
from pbx.media.callbacks import Line
from pbx.media.notes import Notes
from pbx.media.trunks import Registration, TrunkAccount

_log = Logger()
LOOPBACK = "127.0.0.1"
ROUNDS = 500
"""Polls in a row before other work of the reactor gets its turn."""


class Endpoint:
    """The library, its loopback transports and its accounts.

    A profile is a kind of peer with media settings of its own, which in pjsua2 belong to an account (see
    `pbx.media.profiles`). Each has a loopback transport of its own, and a call belongs to the account of the
    transport that it came in by. Trunks are plain.
    """

    def __init__(
        self,
        clock: Clock,
        settings: MediaSettings,
        notes: Notes,
        *,
        session_expires: int = 1800,
        min_se: int = 90,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._notes = notes
        self._session = session_expires, min_se
        self._library: pj.Endpoint | None = None
        self._transports: dict[Profile, tuple[int, int]] = {}
        self._lines: dict[str, Line] = {}
        self._registrations: dict[str, Registration] = {}
        self._loop: LoopingCall | None = None
        self._polling = False

    def start(self, keep: Callable[[Line, int], LegId]) -> None:
        """Create the library and begin to poll; `keep` takes each incoming call. Raises pjsua2's Error."""
        self._keep = keep
        settings = self._settings
        opened = self._library = library.open_library(
            library.LibraryOptions(
                settings.max_calls, settings.clock_rate, settings.conference_threads, settings.log_level
            )
        )
        self._silence = opened.audDevManager().getCaptureDevMedia()
        for profile, port in profiles.ports(settings).items():
            self._open_profile(profile, library.udp_transport(opened, LOOPBACK, port))
        self._loop = LoopingCall(self.poll_now)
        self._loop.clock = self._clock
        self._loop.start(settings.poll_interval, now=False)

    def _open_profile(self, profile: Profile, transport: tuple[int, int]) -> None:
        self._transports[profile] = transport
        configuration = self._configuration(profile)
        configuration.idUri = f"sip:comptoir@{LOOPBACK}"
        line = self._lines[profile] = self._line(profile)
        line.create(configuration, profile == "plain")

    def _line(
        self, profile: Profile, registered: Callable[[int, str], None] = lambda status, reason: None
    ) -> Line:
        return Line(profile, self._notes, self._keep, registered)

    def _configuration(self, profile: Profile) -> pj.AccountConfig:
        settings, result = self._settings, pj.AccountConfig()
        result.sipConfig.transportId = self._transports[profile][0]
        result.sipConfig.autoRespondSipMessage = False
        result.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
        result.callConfig.timerSessExpiresSec, result.callConfig.timerMinSESec = self._session
        result.natConfig.sipOutboundUse = result.natConfig.contactRewriteUse = 0
        result.natConfig.viaRewriteUse = result.natConfig.udpKaIntervalSec = 0
        result.natConfig.sdpNatRewriteUse = 0
        result.mediaConfig.transportConfig = library.rtp_transport(
            library.RtpOptions(
                settings.rtp_start, settings.rtp_end, settings.rtp_address, settings.rtp_advertised_address
            )
        )
        profiles.apply(profile, result, settings)
        return result

    @property
    def ports(self) -> dict[Profile, int]:
        """The real loopback port of each profile."""
        return {profile: port for profile, (_, port) in self._transports.items()}

    def silence(self) -> pj.AudioMedia:
        """The null device: a port on the bridge that always speaks zeros."""
        return self._silence

    def line_for(self, target: DialTarget) -> Line:
        """The account for an outgoing call. Raises KeyError for an unknown trunk or profile."""
        return self._lines[f"trunk:{target.trunk}" if target.trunk else target.profile]

    def add_trunk(self, trunk: TrunkAccount, changed: Callable[[bool], None]) -> None:
        """Add, or replace, a trunk's accounts; `changed` hears whether it is registered."""
        self.remove_trunk(trunk.name)
        line = self._lines[f"trunk:{trunk.name}"] = self._line(trunk.profile)
        line.create(trunks.dialling(trunk, self._configuration(trunk.profile)), False)
        if trunk.register:
            registration = Registration(
                self._clock,
                trunk,
                lambda answered: self._line(trunk.profile, answered),
                lambda: self._configuration(trunk.profile),
                changed,
            )
            self._registrations[trunk.name] = registration
            registration.start()

    def remove_trunk(self, name: str) -> None:
        """Forget a trunk; its calls go on."""
        registration = self._registrations.pop(name, None)
        if registration is not None:
            registration.stop()
        line = self._lines.pop(f"trunk:{name}", None)
        if line is not None:
            line.shutdown()

    def poll_now(self) -> None:
        """Let the library do what there is to do, then read what its callbacks left."""
        if self._library is None or self._polling:
            return
        self._polling = True
        try:
            self._handle_events(self._library)
        except Exception:
            _log.failure("The media stack failed while it was polled")  # the next poll tries again
        finally:
            self._polling = False
        self._notes.deliver()

    def _handle_events(self, opened: pj.Endpoint) -> None:
        for _ in range(ROUNDS):
            if opened.libHandleEvents(0) <= 0:
                return
        self._clock.callLater(0, self.poll_now)

    def close_accounts(self) -> None:
        """Take registrations back and refuse what still comes."""
        for name in [*self._registrations]:
            self.remove_trunk(name)
        for line in self._lines.values():
            line.shutdown()
        self._lines.clear()

    def destroy(self) -> None:
        """Free the library. Nothing of it may be used afterwards; it can be started again."""
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        if self._library is not None:
            ending, self._library = self._library, None
            del self._silence
            ending.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
