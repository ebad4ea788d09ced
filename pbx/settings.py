"""The parts' own settings, from the sections of the configuration."""

from hashlib import sha256
from typing import Any

from phonenumbers import country_code_for_region

from config.settings import AcdSettings, IvrSettings, SipSettings
from pbx.center import Policy
from pbx.sip.directory import EndpointAccount
from pbx.sip.edge_settings import EdgeSettings, GuardSettings, Listen, RegistrarSettings, StreamSettings


def edge_settings(sip: SipSettings) -> EdgeSettings:
    """The SIP edge's settings: every address over UDP and TCP."""
    return EdgeSettings(
        listen=tuple(
            Listen(transport, host, sip.port) for host in sip.listen for transport in ("UDP", "TCP")
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
        ),
    )


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


def policy(acd: AcdSettings, ivr: IvrSettings) -> Policy:
    """The center's policy."""
    return Policy(
        region=ivr.region,
        trusted_callers=frozenset(ivr.trusted_callers),
        queue_defaults=queue_defaults(acd),
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
