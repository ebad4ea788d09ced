"""Who may speak to the control API: the bearer token, and a Host that no other site can have chosen."""

import hmac
import ipaddress

from pbx.api.errors import Unauthorized, WrongHost


def check_host(host: str | None) -> None:
    """An address or localhost, with any port. Raises WrongHost.

    A page of another site can make a browser send requests to a loopback address only under the site's own
    name (DNS rebinding), so names are refused. A client that sends no Host at all is no browser.
    """
    if host is None:
        return
    name = _without_port(host)
    if name.lower() == "localhost" or _is_address(name):
        return
    raise WrongHost("Address the control API by its IP address or as localhost.", where="Host")


def check_token(authorization: str | None, token: str) -> None:
    """`Bearer` and the token, compared in constant time. Raises Unauthorized."""
    scheme, _, given = (authorization or "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right or not token:
        raise Unauthorized(
            "Send the header `Authorization: Bearer TOKEN`; the token is the setting api.token.",
            where="Authorization",
        )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
