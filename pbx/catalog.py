"""What the administrator set up, in memory: read from the database as a whole, replaced as a whole.

Running calls look here and never in the database, so they do not need it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from twisted.logger import Logger

from ivr import codec
from ivr.decoding import Decoder
from ivr.errors import FlowFormatError
from ivr.hours import Schedule
from ivr.model import Flow
from ivr.shapes import record_of
from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.sites import SqlSites
from pbx import tables
from pbx.contract.base import Language
from pbx.contract.resources import Choice

_log = Logger()
_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AgentRow:
    """An agent; `memberships` maps a queue to the level at which the agent serves it."""

    id: str
    name: str
    phone: str
    skills: Mapping[str, int]
    memberships: Mapping[str, int]
    max_misses: int
    auto_answer: bool


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """A SIP account; `number_plan` lists the E.164 prefixes it may dial outside."""

    username: str
    display_name: str
    ha1_md5: str
    ha1_sha256: str
    may_dial_out: bool
    number_plan: tuple[str, ...]
    max_calls: int
    max_calls_per_hour: int


@dataclass(frozen=True, slots=True)
class TrunkRow:
    """A carrier: where it is, from which addresses it calls, and how we log in there, if at all."""

    id: str
    name: str
    host: str
    port: int
    transport: str
    addresses: tuple[str, ...]
    realm: str
    username: str
    password_file: str
    register: bool
    caller: str
    max_calls: int


@dataclass(frozen=True, slots=True)
class DidRow:
    """A number that can be called and the flow that answers; `public` ones may be called by anybody."""

    number: str
    label: str
    flow: str
    language: Language
    public: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue; `settings` are pbx.acd's, checked there."""

    id: str
    name: str
    settings: Mapping[str, Any]
    recording: bool
    music: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything at one moment, by id (endpoints by user name, DIDs by number, agents' phones by user name)."""

    agents: Mapping[str, AgentRow] = field(default_factory=lambda: _EMPTY)
    endpoints: Mapping[str, EndpointRow] = field(default_factory=lambda: _EMPTY)
    trunks: Mapping[str, TrunkRow] = field(default_factory=lambda: _EMPTY)
    dids: Mapping[str, DidRow] = field(default_factory=lambda: _EMPTY)
    queues: Mapping[str, QueueRow] = field(default_factory=lambda: _EMPTY)
    flows: Mapping[str, Flow] = field(default_factory=lambda: _EMPTY)
    calendars: Mapping[str, Schedule] = field(default_factory=lambda: _EMPTY)
    pause_reasons: tuple[Choice, ...] = ()
    dispositions: tuple[Choice, ...] = ()
    site_origins: frozenset[str] = frozenset()
    """Where shops' pages come from whose visitors may call: scheme, host and port, as browsers write them."""

    def agent_of_phone(self, username: str) -> AgentRow | None:
        """The agent whose desk phone this endpoint is, if it is one."""
        return next((one for one in self.agents.values() if one.phone == username), None)


def load_catalog(session: Session) -> Catalog:
    """Read everything. A flow or calendar that does not load is left out and logged."""
    return Catalog(
        agents=_agents(session),
        endpoints={row.username: _endpoint(row) for row in _enabled(session, tables.endpoint)},
        trunks={row.id: _trunk(row) for row in _enabled(session, tables.trunk)},
        dids={
            row.number: DidRow(row.number, row.label, row.flow_id, row.language, row.public)
            for row in session.execute(select(tables.did))
        },
        queues={
            row.id: QueueRow(row.id, row.name, row.settings, row.recording, row.music)
            for row in session.execute(select(tables.queue))
        },
        flows=_flows(session),
        calendars=_calendars(session),
        pause_reasons=_choices(session, tables.pause_reason),
        dispositions=_choices(session, tables.disposition),
        site_origins=frozenset(
            origin for site in SqlSites(execute_in(session)).all() for origin in site.origins
        ),
    )


def _enabled(session: Session, table: Any) -> Any:
    return session.execute(select(table).where(table.c.enabled))


def _agents(session: Session) -> Mapping[str, AgentRow]:
    levels: dict[str, dict[str, int]] = {}
    for row in session.execute(select(tables.membership)):
        levels.setdefault(row.agent_id, {})[row.queue_id] = row.level
    return {
        row.id: AgentRow(
            row.id, row.name, row.phone, row.skills, levels.get(row.id, {}), row.max_misses, row.auto_answer
        )
        for row in _enabled(session, tables.agent)
    }


def _endpoint(row: Any) -> EndpointRow:
    return EndpointRow(
        row.username, row.display_name, row.ha1_md5, row.ha1_sha256, row.may_dial_out,
        tuple(row.number_plan), row.max_calls, row.max_calls_per_hour,
    )  # fmt: skip


def _trunk(row: Any) -> TrunkRow:
    return TrunkRow(
        row.id, row.name, row.host, row.port, row.transport, tuple(row.addresses), row.realm, row.username,
        row.password_file, row.register, row.caller, row.max_calls,
    )  # fmt: skip


def _flows(session: Session) -> Mapping[str, Flow]:
    published = select(tables.flow_version).join(
        tables.flow,
        (tables.flow.c.id == tables.flow_version.c.flow_id)
        & (tables.flow.c.published_version == tables.flow_version.c.version),
    )
    found = {}
    for row in session.execute(published):
        try:
            found[row.flow_id] = codec.load(row.document)
        except FlowFormatError as error:
            _log.error("Flow {flow} is left out: {error}", flow=row.flow_id, error=error)
    return found


def _calendars(session: Session) -> Mapping[str, Schedule]:
    found = {}
    for row in session.execute(select(tables.calendar)):
        try:
            found[row.name] = read_schedule(row.document)
        except FlowFormatError as error:
            _log.error("Calendar {name} is left out: {error}", name=row.name, error=error)
    return found


def read_schedule(document: Any) -> Schedule:
    """Opening hours from their JSON document. Raises FlowFormatError."""
    decoder = Decoder()
    schedule = decoder.read(record_of(Schedule), document)
    if decoder.problems:
        raise FlowFormatError(tuple(decoder.problems))
    return cast(Schedule, schedule)


def _choices(session: Session, table: Any) -> tuple[Choice, ...]:
    rows = session.execute(select(table).order_by(table.c.position))
    return tuple(Choice(id=row.id, labels=row.labels) for row in rows)
