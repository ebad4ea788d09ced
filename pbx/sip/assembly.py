"""Puts the edge's parts together: the one place where they learn of each other."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, get_args

from twisted.internet.threads import deferToThreadPool

from pbx.errors import Overloaded
from pbx.events import Profile
from pbx.sip.addresses import Via
from pbx.sip.answers import Answers
from pbx.sip.bans import Bans
from pbx.sip.browsers import Browsers
from pbx.sip.dialling import DialLedger
from pbx.sip.directory import Directory
from pbx.sip.edge_parts import EdgeParts
from pbx.sip.edge_settings import Address, EdgeSettings
from pbx.sip.flow_token import FlowTokens, ForeignToken
from pbx.sip.forwarding import VIA_PARAM, PublicContacts
from pbx.sip.guard import Load
from pbx.sip.logins import Logins, ReadToken, refuse_tokens
from pbx.sip.networks import Networks
from pbx.sip.nonces import Nonces
from pbx.sip.pending import PendingInvites
from pbx.sip.public_address import PublicAddresses
from pbx.sip.registration_store import RegistrationStore
from pbx.sip.registrations import Registrations
from pbx.sip.resolver import LookUp, Resolver, look_up_blocking
from pbx.sip.sources import Sources
from pbx.sip.transports import Transports
from pbx.sip.trunks import Trunks
from pbx.sip.validation import Policy
from pbx.sip.websocket_gate import Origins


def assemble(
    reactor: Any,
    settings: EdgeSettings,
    *,
    directory: Directory,
    store: RegistrationStore,
    secret: bytes,
    media: Mapping[Profile, Address],
    publish: Callable[[object], None],
    admission: Callable[[], Overloaded | None],
    forwarded: Callable[[], None],
    look_up: LookUp | None,
    read_token: ReadToken = refuse_tokens,
    origins: Origins = tuple,
) -> EdgeParts:
    """Build everything; nothing is opened, looked up or scheduled yet."""
    now = reactor.seconds()
    key = hashlib.blake2b(b"edge", key=secret, digest_size=32).digest()
    tokens = FlowTokens(secret)
    transports = Transports(reactor, settings, media, origins)
    resolver = Resolver(look_up or _in_thread(reactor), reactor.seconds)
    sources, bans = Sources(settings.guard.source_burst), Bans(settings.guard)
    nonces = Nonces(secret, settings.realm, settings.nonce_lifetime, born=now)
    logins = Logins(
        directory, nonces, bans, settings.realm, settings.algorithms, read_token,
        settings.websocket.authorization_server,
    )  # fmt: skip
    return EdgeParts(
        clock=reactor,
        settings=settings,
        directory=directory,
        media=_with_fallbacks(media),
        key=key,
        tokens=tokens,
        policy=Policy(is_own_via=_recognise(tokens)),
        transports=transports,
        registrations=Registrations(
            reactor, store, settings.registrar, _lives(transports), publish, transports.connections.moved
        ),
        trunks=Trunks(directory.trunks, resolver, transports),
        pending=PendingInvites(),
        dialled=DialLedger(),
        bans=bans,
        sources=sources,
        load=Load(settings.guard, now),
        logins=logins,
        browsers=Browsers(publish, transports.connections.supersede),
        answers=Answers(sources, key),
        contacts=PublicContacts(media.values()),
        addresses=PublicAddresses(settings.advertised_host),
        exempt=Networks(settings.guard.exempt),
        admission=admission,
        forwarded=forwarded,
        publish=publish,
    )


def _with_fallbacks(media: Mapping[Profile, Address]) -> Mapping[Profile, Address]:
    """Where pjsua2 listens for each profile; for one that it does not have, where plain audio goes."""
    return {profile: media.get(profile, media["plain"]) for profile in get_args(Profile)}


def _recognise(tokens: FlowTokens) -> Callable[[Via], bool]:
    """A Via is ours when the token in it is."""

    def is_own(via: Via) -> bool:
        token = via.params.get(VIA_PARAM)
        if token is None:
            return False
        try:
            tokens.open(token)
        except ForeignToken:
            return False
        return True

    return is_own


def _lives(transports: Transports) -> Callable[[int], bool]:
    return lambda number: transports.connections.get(number) is not None


def _in_thread(reactor: Any) -> LookUp:
    async def look_up(host: str) -> tuple[str, ...]:
        return await deferToThreadPool(reactor, reactor.getThreadPool(), look_up_blocking, host)

    return look_up
