"""What an agent's page needs to be a telephone: short-lived credentials for the agent's own SIP endpoint."""

from typing import ClassVar

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from pydantic import Field

from agent_ui.edge_address import edge_domain, edge_url
from agent_ui.ice import IceServer, ice_servers
from agent_ui.latest import Latest
from agent_ui.windows import Windows
from config.settings import Settings
from pbx.contract.base import Id, Schema
from pbx.contract.browser_token import BrowserIdentity, issue
from pbx.contract.resources import AgentView

RENEWALS = RateLimitItemPerMinute(30, 1)
"""Of one session: a page renews its credentials every few minutes, and each reload asks again."""

SESSIONS = 5_000
"""Sessions that are known to use a softphone; one that is forgotten is noted again."""


class SoftphoneError(Exception):
    """Root of these; `id` names the message in the catalogues, `params` its values."""

    id: ClassVar[str] = "softphone.error"
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **params: str) -> None:
        super().__init__(detail)
        self.params = params


class NoPhone(SoftphoneError):
    """The agent has no SIP endpoint, or the telephone system does not know the agent."""

    id = "softphone.no_phone"


class AskedTooOften(SoftphoneError):
    """A page asks for credentials again and again."""

    id = "softphone.too_often"
    status = 429


class PhoneTicket(Schema):
    """Lets a page speak SIP for `expires_in` seconds."""

    ws_url: str
    domain: str
    user: str
    token: str = Field(repr=False)
    expires_in: float
    ice_servers: tuple[IceServer, ...]


class Away(Schema):
    """A page is left in the middle of this contact."""

    contact: Id


class Softphones:
    """Which sessions use a softphone, and how often they ask."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._windows = Windows(storage)
        self._known: Latest[None] = Latest(SESSIONS)

    def asks(self, session_id: str) -> bool:
        """Count a request; gives whether it is the session's first.

        Raises:
            AskedTooOften: it was one too many.
        """
        if wait := self._windows.count(RENEWALS, session_id):
            raise AskedTooOften("credentials are asked for too often", seconds=str(wait))
        first = session_id not in self._known
        self._known.put(session_id, None)
        return first


def ticket_for(agent: AgentView | None, settings: Settings, page: str, now: float) -> PhoneTicket:
    """A ticket for this agent's endpoint. `page` is the address that the page was reached by.

    Raises:
        NoPhone.
    """
    if agent is None or not agent.phone:
        raise NoPhone("this agent has no phone")
    webrtc, url = settings.webrtc, edge_url(settings, page)
    identity = BrowserIdentity("agent", agent.phone, expires_at=int(now + webrtc.credential_ttl))
    return PhoneTicket(
        ws_url=url,
        domain=edge_domain(url),
        user=agent.phone,
        token=issue(identity, webrtc.token_secret),
        expires_in=webrtc.credential_ttl,
        ice_servers=ice_servers(webrtc, agent.phone, now),
    )
