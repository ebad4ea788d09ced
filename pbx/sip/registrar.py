"""What a REGISTER does to a phone's bindings: RFC 3261 section 10.3 and RFC 5626 section 6, decided purely."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.sip.addresses import NameAddr
from pbx.sip.edge_settings import RegistrarSettings
from pbx.sip.grammar import SipSyntaxError, parse_number
from pbx.sip.headers import LARGEST_SECONDS
from pbx.sip.message import Request
from pbx.sip.refusal import Refusal
from pbx.sip.registration_store import Change, Put, Registration, Remove
from pbx.sip.uri import Uri, equivalent, parse_uri

_Q = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_LONGEST_CONTACT = 1024
_LONGEST_TEXT = 255


@dataclass(frozen=True, slots=True)
class Arrival:
    """How the REGISTER came: the flow that its bindings will be reached over."""

    transport: str
    source_host: str
    source_port: int
    local: str
    connection: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """The bindings after the REGISTER, and what has to be stored to get there."""

    bindings: tuple[Registration, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Contact:
    """One Contact of the request: its URI, key by instance, lifetime in seconds and preference."""

    uri: str
    parsed: Uri
    instance: str
    seconds: int
    q: float

    def is_of(self, binding: Registration) -> bool:
        """Whether the binding is this contact's: by instance if both have one, else by URI."""
        if self.instance and binding.instance:
            return self.instance == binding.instance
        return self.uri == binding.contact_uri or equivalent(self.parsed, parse_uri(binding.contact_uri))


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def register(
    current: Sequence[Registration],
    username: str,
    request: Request,
    arrival: Arrival,
    limits: RegistrarSettings,
    now: datetime,
    new_ids: Sequence[str],
) -> Update | Refusal:
    """Apply an authenticated REGISTER to `username`'s bindings, all of it or nothing.

    `new_ids` has an id for each Contact that may be new. Expired bindings are dropped on the way.
    """
    try:
        live = tuple(one for one in current if one.expires_at > now)
        if request.contact_is_star:
            after = _after_star(live, request)
        else:
            after = _after_contacts(live, username, request, arrival, limits, now, new_ids)
    except _Refused as refused:
        return refused.refusal
    except SipSyntaxError as error:
        return Refusal(400, error.reason)
    return Update(after, _difference(current, after))


def _difference(before: Sequence[Registration], after: Sequence[Registration]) -> tuple[Change, ...]:
    kept, old = {one.id for one in after}, {one.id: one for one in before}
    removed = tuple(Remove(one.id) for one in before if one.id not in kept)
    return removed + tuple(Put(one) for one in after if old.get(one.id) != one)


def _after_star(live: tuple[Registration, ...], request: Request) -> tuple[Registration, ...]:
    """`Contact: *` is only for removing, and only what an older request has made (10.3, step 6)."""
    if request.expires != 0:
        raise _Refused(Refusal(400, "Contact * needs Expires 0"))
    for binding in live:
        _in_order(binding, request)
    return ()


def _after_contacts(
    live: tuple[Registration, ...],
    username: str,
    request: Request,
    arrival: Arrival,
    limits: RegistrarSettings,
    now: datetime,
    new_ids: Sequence[str],
) -> tuple[Registration, ...]:
    contacts = [_read_contact(one, request.expires, limits) for one in request.contacts]
    if len(contacts) > limits.max_contacts:
        raise _Refused(Refusal(403, "Too many contacts"))
    bindings = list(live)
    for contact, new_id in zip(contacts, new_ids, strict=False):
        known = [one for one in bindings if contact.is_of(one)]
        for binding in known:
            _in_order(binding, request)
        bindings = [one for one in bindings if one not in known]
        if contact.seconds:
            kept_id = known[0].id if known else new_id
            bindings.append(_bound(contact, kept_id, username, request, arrival, now))
    return _newest(bindings, limits.max_contacts)


def _newest(bindings: list[Registration], most: int) -> tuple[Registration, ...]:
    """A phone that restarts on new ports would lock itself out, so the oldest binding makes room."""
    by_age = sorted(bindings, key=lambda one: one.registered_at)
    return tuple(by_age[-most:])


def _in_order(binding: Registration, request: Request) -> None:
    """Requests of one Call-ID count upwards. An equal number is a retransmission and repeats itself."""
    if binding.call_id == request.call_id[:_LONGEST_TEXT] and request.cseq.number < binding.cseq:
        raise _Refused(Refusal(500, "CSeq out of order"))


def _read_contact(contact: NameAddr, expires: int | None, limits: RegistrarSettings) -> _Contact:
    text = str(contact.uri)
    if not contact.uri.is_sip or len(text) > _LONGEST_CONTACT:
        raise _Refused(Refusal(400, "Bad Contact"))
    return _Contact(
        uri=text,
        parsed=contact.uri,
        instance=_instance_key(contact),
        seconds=_lifetime(contact, expires, limits),
        q=_preference(contact),
    )


def _instance_key(contact: NameAddr) -> str:
    instance, reg_id = contact.params.get("+sip.instance"), contact.params.get("reg-id")
    key = _storable(f"{instance}|{reg_id or ''}")
    return key if instance and len(key) <= _LONGEST_TEXT else ""


def _lifetime(contact: NameAddr, expires: int | None, limits: RegistrarSettings) -> int:
    """Seconds granted; a malformed parameter counts as absent (RFC 3261 section 20.19 by analogy)."""
    asked = _expires_param(contact)
    asked = asked if asked is not None else expires
    if asked is None:
        return limits.default_expires
    if 0 < asked < limits.min_expires:
        raise _Refused(Refusal(423, "Interval Too Brief", (("Min-Expires", str(limits.min_expires)),)))
    return min(asked, limits.max_expires)


def _expires_param(contact: NameAddr) -> int | None:
    text = contact.params.get("expires")
    try:
        return None if text is None else parse_number(text, "Contact", LARGEST_SECONDS)
    except SipSyntaxError:
        return None


def _preference(contact: NameAddr) -> float:
    text = contact.params.get("q")
    if text is None:
        return 1.0
    if _Q.fullmatch(text) is None:
        raise _Refused(Refusal(400, "Bad q in Contact"))
    return float(text)


def _bound(
    contact: _Contact, id_: str, username: str, request: Request, arrival: Arrival, now: datetime
) -> Registration:
    return Registration(
        id=id_,
        username=username,
        contact_uri=contact.uri,
        call_id=request.call_id[:_LONGEST_TEXT],
        cseq=request.cseq.number,
        transport=arrival.transport,
        source_host=arrival.source_host,
        source_port=arrival.source_port,
        local=arrival.local,
        connection=arrival.connection,
        registered_at=now,
        expires_at=now + timedelta(seconds=contact.seconds),
        instance=contact.instance,
        q=contact.q,
        user_agent=_storable(request.first("user-agent") or "")[:_LONGEST_TEXT],
    )


def _storable(text: str) -> str:
    """Text that every database takes: no control characters, nothing that is not Unicode."""
    return "".join(character for character in text if character.isprintable())


def answer_headers(
    bindings: Sequence[Registration], request: Request, now: datetime
) -> tuple[tuple[str, str], ...]:
    """The headers of the 200: every live binding with its remaining time, and outbound if it was used."""
    live = [one for one in bindings if one.expires_at > now]
    contacts = tuple(("Contact", _shown(one, now)) for one in live)
    outbound = any(one.instance and not one.instance.endswith("|") for one in live)
    wanted = "outbound" in request.tokens("supported") and any(
        "reg-id" in contact.params for contact in request.contacts
    )
    return (*contacts, ("Require", "outbound")) if outbound and wanted else contacts


def _shown(binding: Registration, now: datetime) -> str:
    instance, _, reg_id = binding.instance.rpartition("|")
    outbound = f';+sip.instance="{instance}"' if instance else ""
    flow = f";reg-id={reg_id}" if reg_id else ""
    q = "" if binding.q == 1.0 else f";q={binding.q:g}"
    left = max(0, round((binding.expires_at - now).total_seconds()))
    return f"<{binding.contact_uri}>{outbound}{flow}{q};expires={left}"
