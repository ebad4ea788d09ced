"""The address that a peer reaches us by: the advertised one across NAT, the local one within."""

import ipaddress
from functools import lru_cache

from pbx.sip.edge_settings import Address
from pbx.sip.flows import Flow


@lru_cache(maxsize=8192)
def _is_outside(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_global


class PublicAddresses:
    """Chooses between the local and the advertised address; `advertised` is empty when there is no NAT."""

    def __init__(self, advertised: str) -> None:
        self._advertised = advertised

    def of(self, flow: Flow) -> Address:
        """Our address for Via, Record-Route and Contact towards the flow's peer."""
        local = flow.local
        if self._advertised and _is_outside(flow.peer[0]):
            return (self._advertised, local[1])
        return local
