"""The accounts of trunks: one that dials out with the trunk's credentials, one that registers.

The library chooses the account of an incoming call by the To header, which a stranger writes, and answers
later challenges with that account's password. So no account that an incoming call can reach has one: the
dialling account has a random address, and the registering account is given its password only for the moment
in which the library copies it into the registration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

import pjsua2 as pj
from twisted.logger import Logger

from pbx.clock import Clock, Timer
from pbx.events import Profile
from pbx.media.callbacks import Line
from pbx.media.requests import why

_log = Logger()
_RETRY_FIRST, _RETRY_LONGEST = 15.0, 300.0
_REGISTRATION_SECONDS = 300


@dataclass(frozen=True, slots=True)
class TrunkAccount:
    """How we are known to a carrier. `uri` is the carrier, an address literal (`sip:192.0.2.1:5060`), `route` the
    way there (the edge first), `contact` the address at the edge to which the carrier shall send its calls.
    `realm` is the only one for which the password is used; `profile` is how its audio travels."""

    name: str
    uri: str
    username: str = ""
    password: str = ""
    realm: str = ""
    register: bool = False
    route: tuple[str, ...] = ()
    contact: str = ""
    profile: Profile = "plain"


class Registration:
    """Keeps one trunk registered. `configure` makes a plain account configuration; `changed` hears whether the
    trunk is registered."""

    def __init__(
        self,
        clock: Clock,
        trunk: TrunkAccount,
        make_line: Callable[[Callable[[int, str], None]], Line],
        configure: Callable[[], pj.AccountConfig],
        changed: Callable[[bool], None],
    ) -> None:
        self._clock = clock
        self._trunk = trunk
        self._configure = configure
        self._changed = changed
        self._delay = _RETRY_FIRST
        self._retry: Timer | None = None
        self._make_line = make_line
        self._line: Line | None = None

    def start(self) -> None:
        """Register now."""
        self._line = line = self._make_line(self._answered)
        line.create(self._configuration(armed=True), False)
        line.modify(self._configuration(armed=False))

    def stop(self) -> None:
        """Take the registration back."""
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
        if self._line is not None:
            self._line.shutdown()
            self._line = None

    def _answered(self, status: int, reason: str) -> None:
        good = 200 <= status < 300
        self._changed(good)
        if good:
            self._delay = _RETRY_FIRST
            return
        _log.warn("A trunk did not accept our registration: {status}", status=status)
        self._retry = self._clock.callLater(self._delay, self._again)
        self._delay = min(2 * self._delay, _RETRY_LONGEST)

    def _again(self) -> None:
        if self._line is not None:
            try:
                self._line.modify(
                    self._configuration(armed=True)
                )  # registers, since the password is new to it
                self._line.modify(self._configuration(armed=False))
            except pj.Error as error:
                _log.warn("A trunk's registration could not be sent: {why}", why=why(error))

    def _configuration(self, armed: bool) -> pj.AccountConfig:
        trunk, result = self._trunk, self._configure()
        result.idUri = f"sip:{trunk.username}@{trunk.uri.partition(':')[2]}"
        for hop in trunk.route:
            result.sipConfig.proxies.append(hop if hop.startswith("<") else f"<{hop}>")
        if trunk.contact:
            result.sipConfig.contactForced = f"<{trunk.contact}>"
        result.regConfig.registrarUri = trunk.uri
        result.regConfig.timeoutSec = _REGISTRATION_SECONDS
        result.regConfig.retryIntervalSec = 0
        if armed:
            add_password(result, trunk)
        return result


def dialling(trunk: TrunkAccount, configuration: pj.AccountConfig) -> pj.AccountConfig:
    """The account for calls to the carrier. Session timers are always used there (RFC 4028)."""
    configuration.idUri = f"sip:{token_hex(12)}@trunk.invalid"
    configuration.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
    if trunk.password:
        add_password(configuration, trunk)
    return configuration


def add_password(configuration: pj.AccountConfig, trunk: TrunkAccount) -> None:
    """Give the account the trunk's digest credentials, for its own realm only."""
    credentials = pj.AuthCredInfo("digest", trunk.realm, trunk.username, 0, trunk.password)
    configuration.sipConfig.authCreds.append(credentials)
