"""Whether a request proves whose it is: digest, nonces and bans together."""

from collections.abc import Sequence
from dataclasses import dataclass

from pbx.sip.bans import Ban, Bans
from pbx.sip.digest import ALGORITHMS, challenges, proves, read_credentials
from pbx.sip.directory import Directory, EndpointAccount
from pbx.sip.edge_settings import Algorithm
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Request
from pbx.sip.nonces import Nonces
from pbx.sip.refusal import Refusal


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
    ) -> None:
        self._directory = directory
        self._nonces = nonces
        self._bans = bans
        self._realm = realm
        self._algorithms = algorithms

    def check(self, request: Request, host: str, now: float, counts: bool = True) -> EndpointAccount | Failed:
        """The account that the request proves to come from. Without `counts` failures lead to no ban."""
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
