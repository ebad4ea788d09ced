"""The center's inside, composed from ports: calls, flows, queues and agents, without sockets or media of its own.

The application gives it the real ports, tests give it fakes; both run the same composition.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from twisted.logger import Logger

from ivr.speech.catalogue import Catalogue
from orders.ports import NumberParser
from pbx.acd import events as acd_events
from pbx.acd.callbacks import Callbacks, Promise
from pbx.acd.dispatch import Dispatch
from pbx.acd.errors import BadSetting
from pbx.acd.machine import Acd
from pbx.acd.roster import Roster
from pbx.acd.settings import AgentConfig, QueueConfig, RelaxStep
from pbx.acd.waiting_room import WaitingRoom
from pbx.bus import Bus
from pbx.calls.absences import Absences
from pbx.calls.control import CallControl
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing
from pbx.calls.inbound import Inbound
from pbx.calls.ivr_session import IvrServices
from pbx.calls.ports import Media, Phones, Prompts, Trunks
from pbx.calls.refer import Referrals
from pbx.calls.services import Lookups, Voicemails, Webhooks
from pbx.calls.speaking import Speech
from pbx.calls.switchboard import Switchboard
from pbx.calls.transfers import Transfers
from pbx.catalog import AgentRow, Catalog, QueueRow
from pbx.clock import Clock
from pbx.contract.resources import AgentStatus
from pbx.journal import Journal

_log = Logger()


@dataclass(frozen=True, slots=True)
class Ports:
    """What the center stands on. `admit` raises Overloaded; `music` names a queue's WAV file (None: the house's).

    `voicemails` is made from the switchboard, as it plays and records on its legs.
    """

    clock: Clock
    bus: Bus
    media: Media
    prompts: Prompts
    lookups: Lookups
    webhooks: Webhooks
    voicemails: Callable[[Switchboard], Voicemails]
    phones: Phones
    trunks: Trunks
    journal: Journal
    numbers: NumberParser
    utc_now: Callable[[], datetime]
    music: Callable[[str | None], Path]
    admit: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Policy:
    """What settings decide. `queue_defaults` are fields of QueueConfig that a queue may override; `away_grace` is
    how many seconds a page may be gone from its call."""

    region: str = "FR"
    trusted_callers: frozenset[str] = frozenset({"trunks", "endpoints", "private"})
    queue_defaults: Mapping[str, Any] = field(default_factory=dict)
    outbound_caller: str = "shop"
    away_grace: float = 20.0


class Center:
    """Everything between the legs and the API."""

    def __init__(
        self,
        ports: Ports,
        policy: Policy,
        speech_catalogue: Catalogue,
        rng: random.Random,
        boot: str,
    ) -> None:
        self._ports = ports
        self._policy = policy
        self._catalog = Catalog()
        clock, bus = ports.clock, ports.bus
        self.switchboard = Switchboard(clock, bus, ports.media, ports.utc_now, ports.music)
        self.dialing = Dialing(ports.phones, ports.trunks, self.catalog)
        self.speech = Speech(self.switchboard, ports.prompts, speech_catalogue)
        self.conversations = Conversations(self.switchboard, lambda: self.dispatch)
        self.transfers = Transfers(
            clock, self.switchboard, self.conversations, self.dialing, lambda: self.dispatch, self.catalog
        )
        self.absences = Absences(clock, self.switchboard, policy.away_grace)
        self.referrals = Referrals(self.switchboard, self.transfers, self.catalog)
        self.control = CallControl(self.switchboard, self.conversations, self.transfers)
        self.acd = Acd(rng, offer_prefix=f"{boot[:8]}-")
        self.roster = Roster(
            clock, ports.utc_now, bus, self.switchboard, lambda contact: self.callbacks.call_id(contact)
        )
        self.callbacks = Callbacks(
            self.switchboard, self.dialing, self.speech, ports.journal, policy.outbound_caller
        )
        self.room = WaitingRoom(self.switchboard, self.speech)
        self.dispatch = Dispatch(
            clock, self.acd, self.switchboard, self.conversations, self.dialing, self.roster, self.room,
            self.callbacks, self.catalog, lambda raw: ports.numbers.e164(raw, policy.region),
        )  # fmt: skip
        self.voicemails = ports.voicemails(self.switchboard)
        services = IvrServices(
            self.speech, speech_catalogue, ports.lookups, self.dispatch, ports.webhooks, self.voicemails,
            self.transfers,
        )  # fmt: skip
        self.inbound = Inbound(
            clock, self.switchboard, self.conversations, services, self.dialing, self.catalog, ports.numbers,
            policy.region, policy.trusted_callers, ports.admit, self.absences,
        )  # fmt: skip

    def catalog(self) -> Catalog:
        """What is set up at this moment."""
        return self._catalog

    def set_up(self, catalog: Catalog) -> None:
        """Take a catalog: at the start and whenever an administrator changed something. No call is lost."""
        before, self._catalog = self._catalog, catalog
        removed = before.agents.keys() - catalog.agents.keys()
        for gone in removed:
            self.dispatch.tell(acd_events.AgentRemoved(gone))
        self.roster.set_up(catalog.agents.values())
        for gone in removed:
            self.dispatch.agent_removed(gone)
        for queue in catalog.queues.values():
            self._set_up_queue(queue)
        for gone in before.queues.keys() - catalog.queues.keys():
            self.dispatch.tell(acd_events.QueueRemoved(gone))
        for agent in catalog.agents.values():
            self._set_up_agent(agent, before.agents.get(agent.id))

    def restore(
        self, promises: list[Promise], statuses: Mapping[str, tuple[AgentStatus, str | None]]
    ) -> None:
        """Take up what an earlier process knew: promised callbacks and the agents' chosen statuses."""
        for promise in promises:
            self.dispatch.queue_again(self.callbacks.restore(promise), promise.waiting_since)
        for agent, (status, reason) in statuses.items():
            if agent in self._catalog.agents and status != "offline":
                self.dispatch.restore_status(agent, status, reason or "")

    def stop(self) -> None:
        """Hear no more of the bus."""
        parts = (
            self.inbound, self.referrals, self.absences, self.dispatch, self.callbacks, self.voicemails,
            self.conversations, self.switchboard,
        )  # fmt: skip
        for part in parts:
            part.stop()

    def _set_up_queue(self, queue: QueueRow) -> None:
        """One queue's wrong setting must not keep the others out; it stays as it was, if it was."""
        try:
            self.dispatch.tell(acd_events.QueueChanged(queue_config(queue, self._policy.queue_defaults)))
        except (BadSetting, TypeError) as error:
            _log.error("Queue {queue} keeps its old settings: {error}", queue=queue.id, error=error)

    def _set_up_agent(self, agent: AgentRow, before: AgentRow | None) -> None:
        try:
            self.dispatch.tell(acd_events.AgentChanged(agent_config(agent)))
        except BadSetting as error:
            _log.error("Agent {agent} keeps the old settings: {error}", agent=agent.id, error=error)
            return
        if before is None:
            self.dispatch.agent_added(agent.id)
        if before is None or before.phone != agent.phone:
            self.dispatch.phone_reachable(agent.phone, bool(self._ports.phones.bindings(agent.phone)))


def agent_config(row: AgentRow) -> AgentConfig:
    """The machine's settings of an agent. Raises pbx.acd.errors.BadSetting."""
    return AgentConfig(
        id=row.id, name=row.name, skills=row.skills, memberships=row.memberships,
        max_misses=row.max_misses, auto_answer=row.auto_answer,
    )  # fmt: skip


def queue_config(row: QueueRow, defaults: Mapping[str, Any]) -> QueueConfig:
    """The machine's settings of a queue. Raises pbx.acd.errors.BadSetting, or TypeError for an unknown one."""
    settings = {**defaults, **row.settings}
    relax = tuple(RelaxStep(**step) for step in settings.pop("relax", ()))
    return QueueConfig(
        id=row.id, name=row.name, music=row.music or None, recording=row.recording, relax=relax, **settings
    )
