"""Addresses that a person can use to reach what listens on this machine."""

import ipaddress
import socket

# Documentation addresses (RFC 5737, RFC 3849): a UDP "connect" sends nothing, it only asks for the route.
_PROBES = ((socket.AF_INET, "192.0.2.1", "127.0.0.1"), (socket.AF_INET6, "2001:db8::1", "::1"))


def reachable_hosts(listen: tuple[str, ...]) -> list[str]:
    """Replace the unspecified addresses in `listen` by this machine's own; IPv6 in brackets."""
    hosts: list[str] = []
    for text in listen:
        address = ipaddress.ip_address(text)
        own = _own_address(address.version) if address.is_unspecified else text
        if own and (host := bracketed(own)) not in hosts:
            hosts.append(host)
    return hosts


def bracketed(address: str) -> str:
    """Write an address the way it stands in a URI."""
    return f"[{address}]" if ":" in address else address


def _own_address(version: int) -> str:
    family, probe, loopback = _PROBES[0 if version == 4 else 1]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((probe, 9))
            return str(sock.getsockname()[0])
    except OSError:
        return loopback if _has(family, loopback) else ""


def _has(family: int, loopback: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.bind((loopback, 0))
    except OSError:
        return False
    return True
