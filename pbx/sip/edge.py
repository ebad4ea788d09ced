"""The SIP edge: listeners, guard, registrar and record-routing proxy, composed."""

from collections.abc import Callable, Mapping

from pbx.bus import Bus
from pbx.errors import Overloaded
from pbx.events import Profile
from pbx.sip.directory import Directory
from pbx.sip.edge_settings import Address, EdgeSettings
from pbx.sip.reachability import Registered, TrunkRoute
from pbx.sip.registration_store import RegistrationStore


class Edge:
    """Everything SIP that strangers can reach, between the public sockets and pjsua2 on loopback.

    `media` says where pjsua2 listens, a loopback address a profile. `secret` (32 bytes, persistent) signs
    flow tokens and nonces. `admission` is asked before each new call from outside: an Overloaded it
    returns becomes 503 with its Retry-After. `on_forwarded` is called, once a reactor turn, after
    messages were handed to pjsua2, so that it can be polled at once.
    """

    def __init__(
        self,
        reactor: object,
        settings: EdgeSettings,
        *,
        directory: Directory,
        store: RegistrationStore,
        secret: bytes,
        media: Mapping[Profile, Address],
        bus: Bus | None = None,
        admission: Callable[[], Overloaded | None] = lambda: None,
        on_forwarded: Callable[[], None] = lambda: None,
    ) -> None:
        raise NotImplementedError

    @property
    def internal_address(self) -> Address:
        """Where pjsua2 reaches the edge: "127.0.0.1" and the port in use. Only after `start`."""
        raise NotImplementedError

    async def start(self) -> None:
        """Load the registrations, then listen. Raises CannotListenError."""

    async def stop(self) -> None:
        """Stop listening, close connections and write what registrations are unwritten."""

    def drain(self) -> None:
        """From now on refuse new calls with 503 and answer OPTIONS 503; dialogs go on."""

    def bindings(self, username: str) -> tuple[Registered, ...]:
        """Live contacts of a phone, highest q first; empty when it cannot be reached."""
        raise NotImplementedError

    def trunk_route(self, trunk: str, number: str) -> TrunkRoute:
        """How a request for `number` gets out through the trunk. Raises Unreachable for an unknown one."""
        raise NotImplementedError
