"""What the edge's two sides share, put together once by `Edge`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pbx.errors import Overloaded
from pbx.events import Profile
from pbx.sip.answers import Answers
from pbx.sip.bans import Bans
from pbx.sip.browsers import Browsers
from pbx.sip.clock import Clock
from pbx.sip.dialling import DialLedger, Usage
from pbx.sip.directory import Directory
from pbx.sip.edge_settings import Address, EdgeSettings
from pbx.sip.flow_token import FlowTokens
from pbx.sip.forwarding import PublicContacts
from pbx.sip.guard import Load
from pbx.sip.logins import Logins
from pbx.sip.networks import Networks
from pbx.sip.pending import PendingInvites
from pbx.sip.public_address import PublicAddresses
from pbx.sip.registrations import Registrations
from pbx.sip.sources import Sources
from pbx.sip.transports import Transports
from pbx.sip.trunks import Trunks
from pbx.sip.validation import Policy


@dataclass
class EdgeParts:
    """The edge's state and neighbours. Only the last two change by assignment."""

    clock: Clock
    settings: EdgeSettings
    directory: Directory
    media: Mapping[Profile, Address]
    key: bytes
    tokens: FlowTokens
    policy: Policy
    transports: Transports
    registrations: Registrations
    trunks: Trunks
    pending: PendingInvites
    dialled: DialLedger
    bans: Bans
    sources: Sources
    load: Load
    logins: Logins
    browsers: Browsers
    answers: Answers
    contacts: PublicContacts
    addresses: PublicAddresses
    exempt: Networks
    admission: Callable[[], Overloaded | None]
    forwarded: Callable[[], None]
    publish: Callable[[object], None]
    own_sockets: frozenset[Address] = frozenset()
    draining: bool = False

    def usage(self, username: str) -> Usage:
        """The account's outside calls."""
        return self.dialled.usage(username, self.clock.seconds())
