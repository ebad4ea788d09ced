"""Who may see what. Pure: the one place that decides which page an event or a contact's data goes to."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent_ui.realtime.live import Live
from pbx.contract.events import (
    AgentStateChanged,
    AgentStatusChanged,
    AnyEvent,
    CallbackChanged,
    CallbackRequested,
    ConfigurationReloaded,
    ContactAbandoned,
    ContactChanged,
    ContactDiverted,
    ContactQueued,
    ContactStarted,
    DigitsReceived,
    FlowNodeEntered,
    OfferCreated,
    OfferEnded,
    PlaybackFinished,
    PlaybackStarted,
    QueueChanged,
    VoicemailLeft,
)
from pbx.contract.resources import ContactView, OfferView

Agents = frozenset[str]
NOBODY: Agents = frozenset()

_WITH_VIEW = (ContactStarted, ContactChanged, ContactQueued)
_NOT_SHOWN = (PlaybackStarted, PlaybackFinished, DigitsReceived, FlowNodeEntered, ConfigurationReloaded)
_SUPERVISORS_ONLY = (CallbackRequested, CallbackChanged, ContactAbandoned, ContactDiverted, VoicemailLeft)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets an event as it is, and who needs more first.

    `newcomers` have just come to the contact named by the event without an offer (a consultation, a call they
    placed) or its customer or the customer's page has just been recognised: they get the contact with the
    customer's data.
    `leavers` have just left it: they hear that, and no more of it.
    """

    agents: Agents = NOBODY
    supervisors: bool = False
    offer: OfferView | None = None
    newcomers: Agents = NOBODY
    leavers: Agents = NOBODY


def audience_of(before: Live, event: AnyEvent, after: Live) -> Audience:
    """Who may see an event that turned `before` into `after`."""
    if isinstance(event, _NOT_SHOWN):
        return Audience()
    if isinstance(event, _SUPERVISORS_ONLY):
        return Audience(supervisors=True)
    if isinstance(event, OfferCreated):
        return Audience(supervisors=True, offer=event.offer)
    if isinstance(event, OfferEnded):
        return Audience(frozenset({event.agent}), supervisors=True)
    if isinstance(event, AgentStatusChanged | AgentStateChanged):
        return Audience(frozenset({event.agent.id}), supervisors=True)
    if isinstance(event, QueueChanged):
        return Audience(_members(after, event.queue.id), supervisors=True)
    if isinstance(event, _WITH_VIEW):
        return _of_view(before, event, after)
    contact = event.contact or ""
    return Audience(agents_of(before, contact) | agents_of(after, contact), supervisors=True)


def agents_of(live: Live, contact_id: str) -> Agents:
    """The agents a contact is with: those who speak, and those whose phone rings for it without an offer
    (they are consulted, or it is transferred to them). One to whom it is offered is still to choose."""
    contact = live.contacts.get(contact_id)
    if contact is None:
        return NOBODY
    on_legs = {leg.agent for leg in contact.participants if leg.agent is not None}
    called = {agent for agent in on_legs if not is_offered(live, agent, contact_id)}
    return frozenset(called) | _speakers(contact)


def may_act_on(live: Live, agent_id: str, contact_id: str) -> bool:
    """Whether an agent speaks in a contact, or is wrapping it up."""
    agent, contact = live.agents.get(agent_id), live.contacts.get(contact_id)
    wraps_up = agent is not None and agent.contact == contact_id and agent.state == "wrap_up"
    return wraps_up or (contact is not None and agent_id in _speakers(contact))


def may_see(live: Live, agent_id: str, contact_id: str) -> bool:
    """Whether an agent may see a contact and its customer."""
    concerned = agent_id in agents_of(live, contact_id) or is_offered(live, agent_id, contact_id)
    return concerned or may_act_on(live, agent_id, contact_id)


def seen_by(live: Live, contact_id: str) -> Agents:
    """The agents who may see a contact and its customer: those of `may_see`."""
    offered = {offer.agent for offer in live.offers.values() if offer.contact.id == contact_id}
    busy = {agent.id for agent in live.agents.values() if agent.contact == contact_id}
    return frozenset(
        agent for agent in agents_of(live, contact_id) | offered | busy if may_see(live, agent, contact_id)
    )


def is_offered(live: Live, agent_id: str, contact_id: str) -> bool:
    """Whether the contact is offered to this agent."""
    offers = live.offers.values()
    return any(offer.agent == agent_id and offer.contact.id == contact_id for offer in offers)


def offers_to(live: Live, agent_id: str) -> tuple[OfferView, ...]:
    """The offers pending for an agent, oldest first."""
    mine = (offer for offer in live.offers.values() if offer.agent == agent_id)
    return tuple(sorted(mine, key=lambda offer: offer.created_at))


def contact_of(live: Live, agent_id: str) -> str | None:
    """The id of the contact an agent is busy with, if any."""
    agent = live.agents.get(agent_id)
    busy_with = agent.contact if agent else None
    if busy_with is not None and busy_with in live.contacts and may_act_on(live, agent_id, busy_with):
        return busy_with
    return next((id_ for id_ in live.contacts if agent_id in agents_of(live, id_)), None)


def queues_of(live: Live, agent_id: str) -> tuple[str, ...]:
    """The queues an agent serves, as far as they exist."""
    agent = live.agents.get(agent_id)
    return tuple(id_ for id_ in agent.queues if id_ in live.queues) if agent else ()


def part_of(live: Live, agent_id: str) -> tuple[object, ...]:
    """What an agent's desk shows of the live data, to find out whether it changed."""
    contact_id = contact_of(live, agent_id)
    return (
        live.boot,
        live.agents.get(agent_id),
        offers_to(live, agent_id),
        live.contacts.get(contact_id or ""),
    )


def _of_view(before: Live, event: ContactStarted | ContactChanged | ContactQueued, after: Live) -> Audience:
    contact = event.view.id
    now, earlier = agents_of(after, contact), agents_of(before, contact)
    recognised = _whose(before.contacts, contact) != (event.view.customer_id, event.view.visitor)
    newcomers = now if recognised else now - earlier
    return Audience(now - newcomers, supervisors=True, newcomers=newcomers, leavers=earlier - now)


def _speakers(contact: ContactView) -> Agents:
    speaking = {leg.agent for leg in contact.participants if leg.state in ("connected", "held")}
    return frozenset(agent for agent in {contact.agent, *speaking} if agent is not None)


def _whose(contacts: Mapping[str, ContactView], contact_id: str) -> tuple[str | None, str | None]:
    contact = contacts.get(contact_id)
    return (contact.customer_id, contact.visitor) if contact else (None, None)


def _members(live: Live, queue_id: str) -> Agents:
    return frozenset(agent.id for agent in live.agents.values() if queue_id in agent.queues)
