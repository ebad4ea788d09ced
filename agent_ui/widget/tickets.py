"""What lets a page call: a guest's credential for the SIP edge, where that is, and ICE servers."""

from agent_ui.edge_address import edge_domain, edge_url
from agent_ui.ice import ice_servers
from agent_ui.widget.messages import CallTicket
from agent_ui.widget.tokens import VisitorClaims
from config.settings import Settings
from pbx.contract.browser_token import BrowserIdentity, issue
from pbx.contract.guest import guest_account


def ticket_for(claims: VisitorClaims, number: str, settings: Settings, page: str, now: float) -> CallTicket:
    """A ticket for this visitor. `page` is the address that the page reached this server by."""
    webrtc = settings.webrtc
    identity = BrowserIdentity(
        kind="guest",
        subject=claims.visitor,
        expires_at=int(now + webrtc.credential_ttl),
        site=claims.site,
        customer=claims.customer or "",
        language=claims.language,
    )
    ws_url = edge_url(settings, page)
    return CallTicket(
        ws_url=ws_url,
        domain=edge_domain(ws_url),
        user=guest_account(claims.visitor),
        token=issue(identity, webrtc.token_secret),
        expires_in=webrtc.credential_ttl,
        ice_servers=ice_servers(webrtc, guest_account(claims.visitor), now),
        number=number,
    )
