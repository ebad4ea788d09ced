"""What the edge hands to whoever places a call: a request URI and the Route set that leads there."""

from dataclasses import dataclass

from pbx.events import Profile


@dataclass(frozen=True, slots=True)
class Registered:
    """One live contact of a phone. `route` goes into the INVITE as it is (name-addr form, our signed
    flow token in the user part); `q` orders the contacts, highest first."""

    uri: str
    route: tuple[str, ...]
    profile: Profile
    q: float


@dataclass(frozen=True, slots=True)
class TrunkRoute:
    """The way out through a trunk: request URI for the number and Route set."""

    uri: str
    route: tuple[str, ...]
