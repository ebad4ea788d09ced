"""The ICE servers that a browser is told, with TURN credentials made for it.

The credentials follow coturn's `use-auth-secret` (draft-uberti-behave-turn-rest): the user name is the moment they
end, in Unix seconds, and whom they are for; the password is an HMAC of it. The TURN server needs nothing but the
shared secret to check both.
"""

import base64
import hashlib
import hmac

from pydantic import Field

from config.settings import WebrtcSettings
from pbx.contract.base import Schema


class IceServer(Schema):
    """As RTCPeerConnection takes it; `username` and `credential` are empty for STUN."""

    urls: tuple[str, ...]
    username: str = Field(default="", repr=False)
    credential: str = Field(default="", repr=False)


def ice_servers(webrtc: WebrtcSettings, subject: str, now: float) -> tuple[IceServer, ...]:
    """What the settings name. `subject` stands in the TURN server's log: an agent's phone or a visitor's id.

    TURN servers are left out while there is no secret to make credentials with. `now` is in Unix seconds.
    """
    found = [IceServer(urls=webrtc.stun_urls)] if webrtc.stun_urls else []
    if webrtc.turn_urls and webrtc.turn_secret:
        username = f"{int(now + webrtc.turn_ttl)}:{subject}"
        credential = _turn_credential(username, webrtc.turn_secret)
        found.append(IceServer(urls=webrtc.turn_urls, username=username, credential=credential))
    return tuple(found)


def _turn_credential(username: str, secret: str) -> str:
    # SHA-1 is what the draft and coturn say; in an HMAC nothing is known against it.
    return base64.b64encode(hmac.digest(secret.encode(), username.encode(), hashlib.sha1)).decode()
