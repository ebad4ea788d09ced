"""The parts' own settings, from the sections of the configuration."""

from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from phonenumbers import country_code_for_region

from config.addresses import bracketed, reachable_hosts
from config.settings import AcdSettings, IvrSettings, Settings, SipSettings, WebrtcSettings
from pbx.center import Policy
from pbx.contract import browser_token
from pbx.sip.directory import EndpointAccount
from pbx.sip.edge_settings import (
    EdgeSettings,
    GuardSettings,
    Listen,
    RegistrarSettings,
    StreamSettings,
    TlsSettings,
    TransportName,
    WebSocketSettings,
)
from pbx.sip.logins import ReadToken
from pbx.sip.resolver import is_literal


def edge_settings(settings: Settings) -> EdgeSettings:
    """The SIP edge's settings: every address over every transport that is switched on."""
    sip = settings.sip
    return EdgeSettings(
        listen=tuple(
            Listen(transport, host, port) for host in sip.listen for transport, port in _listeners(sip)
        ),
        internal_host=sip.internal_address,
        internal_port=sip.internal_port,
        advertised_host=sip.advertised_address,
        algorithms=sip.digest_algorithms,
        nonce_lifetime=int(sip.nonce_lifetime),
        registrar=RegistrarSettings(
            min_expires=int(sip.registration_min),
            default_expires=int(sip.registration_default),
            max_expires=int(sip.registration_max),
            max_contacts=sip.max_contacts,
        ),
        guard=GuardSettings(
            source_rate=sip.rate,
            source_burst=sip.rate_burst,
            trusted_rate=sip.rate_trusted,
            new_rate=sip.overload_rate,
            ban_after=sip.ban_attempts,
            ban_address_after=3 * sip.ban_attempts,
            ban_window=sip.ban_window,
            ban_first=sip.ban_time,
            ban_longest=sip.ban_time_max,
            exempt=sip.ban_exempt,
        ),
        streams=StreamSettings(
            max_connections=sip.max_connections,
            max_per_address=sip.max_connections_per_address,
            header_timeout=sip.header_timeout,
            idle_timeout=sip.idle_timeout,
            ping=sip.ws_ping,
        ),
        websocket=_websocket_settings(settings),
        tls=TlsSettings(sip.tls_certificate, sip.tls_key) if needs_certificate(sip) else None,
    )


def needs_certificate(sip: SipSettings) -> bool:
    """Whether anything is served over TLS."""
    return sip.tls or sip.ws


def _listeners(sip: SipSettings) -> list[tuple[TransportName, int]]:
    found: list[tuple[TransportName, int]] = [("UDP", sip.port), ("TCP", sip.port)]
    if sip.tls:
        found.append(("TLS", sip.tls_port))
    if sip.ws:
        found += [("WS", sip.ws_port), ("WSS", sip.wss_port)]
    return found


def _websocket_settings(settings: Settings) -> WebSocketSettings:
    server = settings.web.public_url or _page(settings.web.listen, settings.web.port)
    if settings.sip.ws_hosts:
        named = frozenset(host.lower() for host in settings.sip.ws_hosts)
        return WebSocketSettings(named, literal_hosts=False, authorization_server=server)
    urls = (settings.web.public_url, settings.webrtc.ws_url)
    names = (settings.sip.advertised_address.lower(), *(urlsplit(url).hostname for url in urls))
    told = frozenset(filter(None, names))
    return WebSocketSettings(told | {"localhost"}, authorization_server=server)


def own_origins(settings: Settings) -> frozenset[str]:
    """The pages that may open a WebSocket to the edge, besides the sites': our own, the shop's, those set."""
    served = [(settings.web.listen, settings.web.port)]
    told = [settings.web.public_url, *settings.sip.ws_origins]
    if settings.shop.enabled:
        served.append((settings.shop.listen, settings.shop.port))
        told.append(settings.shop.public_url)
    local = (f"http://{host}:{port}" for listen, port in served for host in _hosts(listen))
    return frozenset(filter(None, (*local, *told)))


def _hosts(listen: str) -> tuple[str, ...]:
    """By what a browser reaches pages that listen there; on this machine, always by loopback."""
    return ("127.0.0.1", "localhost", *(reachable_hosts((listen,)) if is_literal(listen) else (listen,)))


def origins(own: frozenset[str], sites: Callable[[], Collection[str]]) -> Callable[[], Collection[str]]:
    """What the edge asks at each upgrade: our own origins and those of the sites of the moment."""
    return lambda: own | set(sites())


def _page(host: str, port: int) -> str:
    return f"http://{bracketed(host)}:{port}"


def token_reader(webrtc: WebrtcSettings) -> ReadToken:
    """Whom a browser's token speaks for."""
    return lambda token, now: browser_token.read(token, webrtc.token_secret, now)


def edge_secret(sip: SipSettings) -> bytes:
    """The 32 bytes that sign flow tokens and nonces."""
    return sha256(sip.flow_secret.encode()).digest()


def queue_defaults(acd: AcdSettings) -> dict[str, Any]:
    """What a queue has unless it says otherwise."""
    return {
        "offer_timeout": acd.offer_timeout,
        "wrap_up": acd.wrap_up,
        "service_level_threshold": acd.service_level_threshold,
        "short_abandon": acd.short_abandon,
    }


def policy(acd: AcdSettings, ivr: IvrSettings, webrtc: WebrtcSettings) -> Policy:
    """The center's policy."""
    return Policy(
        region=ivr.region,
        trusted_callers=frozenset(ivr.trusted_callers),
        queue_defaults=queue_defaults(acd),
        away_grace=webrtc.away_grace,
    )


def house_account(sip: SipSettings, region: str) -> EndpointAccount:
    """What the center itself may dial: callbacks and flows' transfers."""
    return EndpointAccount(
        username="",
        ha1={},
        may_dial_out=True,
        allowed_prefixes=sip.house_prefixes or (f"+{country_code_for_region(region)}",),
        max_calls=sip.max_dialled_calls,
        max_calls_per_hour=sip.max_dialled_calls_per_hour,
    )
