"""Whether a request proves whose it is: digest or a browser's token, nonces and bans together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pbx.contract.browser_token import BrowserIdentity, TokenExpired, TokenRefused
from pbx.sip.bans import Ban, Bans
from pbx.sip.digest import ALGORITHMS, challenges, proves, read_credentials
from pbx.sip.directory import Directory, EndpointAccount, Guest
from pbx.sip.edge_settings import Algorithm
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.headers import challenge, parse_auth
from pbx.sip.message import Request
from pbx.sip.nonces import Nonces
from pbx.sip.refusal import Refusal

ReadToken = Callable[[str, float], BrowserIdentity]
"""Whom a token speaks for at a moment (reactor seconds). Raises TokenRefused or TokenExpired."""

GUEST_CALLS = 12
"""Calls of a guest at once: one, and those that take its place while its pages change. A page that is left before
it has confirmed the answer leaves a call behind that ends by itself after 32 s (RFC 3261 section 13.3.1.4)."""
GUEST_CALLS_PER_HOUR = 300


def refuse_tokens(token: str, now: float) -> BrowserIdentity:
    """Where there are no browsers, no token is good."""
    raise TokenRefused("there are no browser logins here")


@dataclass(frozen=True, slots=True)
class Failed:
    """The refusal that is owed, and the bans that this failure caused."""

    refusal: Refusal
    bans: tuple[Ban, ...] = ()


class Logins:
    """Checks credentials. Known and unknown users go the same way and get the same answer."""

    def __init__(
        self,
        directory: Directory,
        nonces: Nonces,
        bans: Bans,
        realm: str,
        algorithms: Sequence[Algorithm] = ALGORITHMS,
        read_token: ReadToken = refuse_tokens,
        authorization_server: str = "",
    ) -> None:
        self._directory = directory
        self._nonces = nonces
        self._bans = bans
        self._realm = realm
        self._algorithms = algorithms
        self._read_token = read_token
        self._authorization_server = authorization_server

    def check(self, request: Request, host: str, now: float, counts: bool = True) -> EndpointAccount | Failed:
        """The account that the request proves to come from. Without `counts` failures lead to no ban."""
        return self._check_digest(request, host, now, counts)

    def check_browser(
        self, request: Request, host: str, now: float, counts: bool = True
    ) -> EndpointAccount | Failed:
        """The same for a request that came over a WebSocket, where a token counts too."""
        token = bearer_of(request)
        if token is not None:
            return self._check_token(token, host, now, counts)
        found = self._check_digest(request, host, now, counts)
        if isinstance(found, EndpointAccount):
            return replace(found, browser=True)
        return self._offering_tokens(found) if found.refusal.status == 401 else found

    def browser(self, request: Request, now: float) -> EndpointAccount | None:
        """The account whose token a request carries, though nobody asked for it; failures count for nothing."""
        token = bearer_of(request)
        try:
            return None if token is None else self._account_of(self._read_token(token, now))
        except TokenRefused:
            return None

    # -- tokens

    def _check_token(self, token: str, host: str, now: float, counts: bool) -> EndpointAccount | Failed:
        """A token that was ours and has expired is nobody's attempt at guessing, and leads to no ban."""
        try:
            account = self._account_of(self._read_token(token, now))
        except TokenExpired:
            return self._offering_tokens(self._challenge(now), "invalid_token")
        except TokenRefused:
            account = None
        if account is None:
            bans = self._bans.failed(host, "", now) if counts else ()
            return self._offering_tokens(self._challenge(now, bans=bans), "invalid_token")
        return account

    def _account_of(self, identity: BrowserIdentity) -> EndpointAccount | None:
        if identity.kind == "guest":
            guest = Guest(identity.subject, identity.site, identity.customer, identity.language)
            return EndpointAccount(
                username=f"guest-{identity.subject}", ha1={}, max_calls=GUEST_CALLS,
                max_calls_per_hour=GUEST_CALLS_PER_HOUR, browser=True, guest=guest,
            )  # fmt: skip
        found = self._directory.endpoint(identity.subject)
        return None if found is None else replace(found, browser=True)

    def _offering_tokens(self, failed: Failed, error: str = "") -> Failed:
        """The challenge of RFC 8898 after those of digest, which older stacks look for first."""
        params = [("realm", self._realm), ("scope", '"sip"')]
        if self._authorization_server:
            params.append(("authz_server", f'"{self._authorization_server}"'))
        if error:
            params.append(("error", f'"{error}"'))
        offered = ("WWW-Authenticate", str(challenge("Bearer", params)))
        return Failed(replace(failed.refusal, headers=(*failed.refusal.headers, offered)), failed.bans)

    # -- digest

    def _check_digest(
        self, request: Request, host: str, now: float, counts: bool
    ) -> EndpointAccount | Failed:
        try:
            credentials = read_credentials(request, self._realm, self._algorithms)
        except SipSyntaxError as error:
            return Failed(Refusal(400, error.reason))
        if credentials is None:
            return self._challenge(now)
        if counts and self._bans.is_banned(host, now, credentials.username):
            return Failed(Refusal(403, "Too many failed logins"))
        account = self._directory.endpoint(credentials.username)
        if not proves(credentials, account.ha1 if account else None, request) or account is None:
            bans = self._bans.failed(host, credentials.username, now) if counts else ()
            return self._challenge(now, bans=bans)
        transmission = f"{request.via.branch} {request.cseq}"
        fresh = self._nonces.standing(credentials.nonce, now) == "fresh"
        if not fresh or not self._nonces.use(credentials.nonce, credentials.nonce_count, transmission):
            return self._challenge(now, stale=True)
        self._bans.succeeded(host, credentials.username)
        return account

    def _challenge(self, now: float, stale: bool = False, bans: tuple[Ban, ...] = ()) -> Failed:
        values = challenges(self._realm, self._nonces.issue(now), stale, self._algorithms)
        return Failed(
            Refusal(401, "Unauthorized", tuple(("WWW-Authenticate", value) for value in values)), bans
        )


def bearer_of(request: Request) -> str | None:
    """The token in Authorization (RFC 8898 section 2.1), if there is one."""
    for line in request.lines("authorization"):
        try:
            auth = parse_auth(line)
        except SipSyntaxError:
            continue
        if auth.scheme.lower() == "bearer":
            return auth.token68
    return None
