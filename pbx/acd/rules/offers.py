"""Offers: one contact, one agent, or a group of agents of whom the first to accept wins.

The invariant: a contact has at most one pending offer, an agent is part of at most one, and an agent is
reserved or ringing exactly as long as their part of it is pending.
"""

from __future__ import annotations

from pbx.acd.actions import CloseOffer, ConnectContact, DialCallback, MakeOffer
from pbx.acd.errors import IllegalOfferEvent, NotOffered
from pbx.acd.events import OfferAccepted, OfferFailed, OfferRejected, OfferRinging
from pbx.acd.lifecycles import OFFER, OfferState, OfferTrigger
from pbx.acd.rules.pools import take_out
from pbx.acd.rules.presence import change_state, change_status, set_unreachable, state_after
from pbx.acd.rules.queueing import entry_after, leave_line, put_back, release_held
from pbx.acd.rules.state import Agent, Engagement, Entry, Offer
from pbx.acd.rules.turn import Turn
from pbx.acd.settings import QueueConfig

MISSED_OFFERS = "missed_offers"
NEVER_RANG = "never_rang"


def make_offer(turn: Turn, entry: Entry, agents: tuple[str, ...], config: QueueConfig) -> None:
    """Offer the contact to these idle agents."""
    state = turn.state
    state.offers_made += 1
    offer = Offer(f"{turn.offer_prefix}{state.offers_made}", entry.id, entry.queue, {})
    state.offers[offer.id] = offer
    entry.state, entry.offer = entry_after(entry, "offer"), offer.id
    take_out(state, entry)
    for name in agents:
        offer.parts[name] = "pending"
        _reserve(turn, state.agents[name], offer)
    state.timers.set("offer", offer.id, turn.now + config.offer_timeout)
    turn.emit(_offer_action(turn, entry, offer, config))


def ringing(turn: Turn, event: OfferRinging) -> None:
    """The agent's phone rings."""
    agent = _pending(turn, event.offer, event.agent)[1]
    change_state(turn, agent, "ring")


def accepted(turn: Turn, event: OfferAccepted) -> None:
    """The agent has the contact; nobody else need ring."""
    offer, agent = _pending(turn, event.offer, event.agent)
    state_after(agent, "accept")
    entry = turn.state.entries[offer.contact]
    offer.parts[agent.id] = part_after(offer, agent.id, "accept")
    agent.offer, agent.misses = None, 0
    engage(turn, agent, entry)
    change_state(turn, agent, "accept")
    _close_all(turn, offer, "rescind", "answered_elsewhere")
    entry.state, entry.agent = entry_after(entry, "accept"), agent.id
    entry.answered_at = turn.now
    _forget(turn, offer)
    leave_line(turn, entry)
    turn.emit(_connection(entry, agent, offer))


def rejected(turn: Turn, event: OfferRejected) -> None:
    """The agent does not want the contact now."""
    offer, agent = _pending(turn, event.offer, event.agent)
    agent.tally.declined += 1
    close_part(turn, offer, agent, "reject", "declined")
    _return_if_over(turn, offer, "rejected")


def failed(turn: Turn, event: OfferFailed) -> None:
    """The agent's phone cannot be reached; that is no miss, but no offers for a while."""
    offer, agent = _pending(turn, event.offer, event.agent)
    _close_unreachable(turn, offer, agent, event.reason)
    _return_if_over(turn, offer, "unreachable")


def timed_out(turn: Turn, offer_id: str) -> None:
    """Nobody answered. Whose phone rang has missed it; whose phone never rang cannot be reached."""
    offer = turn.state.offer(offer_id)
    for name in offer.pending():
        agent = turn.state.agents[name]
        if agent.state == "ringing":
            close_part(turn, offer, agent, "time_out", "no_answer")
            _count_miss(turn, agent)
        else:
            _close_unreachable(turn, offer, agent, NEVER_RANG)
    _return_if_over(turn, offer, "timed_out")


def withdraw(turn: Turn, entry: Entry, trigger: OfferTrigger, reason: str) -> None:
    """Close a contact's pending offer for everyone.

    The contact stays `offered`: put it back or end it next.
    """
    if entry.offer is None:
        return
    offer = turn.state.offer(entry.offer)
    _close_all(turn, offer, trigger, reason)
    _forget(turn, offer)


def rescind_from(turn: Turn, agent: Agent, reason: str) -> None:
    """Take the offer that the agent has, if any, from this agent.

    Without anyone else, the contact waits again.
    """
    if agent.offer is None:
        return
    offer = turn.state.offer(agent.offer)
    close_part(turn, offer, agent, "rescind", reason)
    _return_if_over(turn, offer, reason)


def close_part(turn: Turn, offer: Offer, agent: Agent, trigger: OfferTrigger, reason: str) -> None:
    """End the offer for one agent, who is idle again.

    Who declined or missed it goes to the end of the line of idle agents, and keeps away from this contact for
    a while. From whom it was taken keeps their place.
    """
    after = offer.parts[agent.id] = part_after(offer, agent.id, trigger)
    agent.offer = agent.contact = None
    turn.emit(CloseOffer(offer.id, offer.contact, agent.id, after, reason))
    if trigger in ("reject", "time_out"):
        agent.idle_since = turn.now
        keep_away(turn, turn.state.entries[offer.contact], agent)
    change_state(turn, agent, "release")


def keep_away(turn: Turn, entry: Entry, agent: Agent) -> None:
    """Do not offer the contact to this agent for a while."""
    queue = turn.state.queues.get(entry.queue)
    if queue:
        entry.tried[agent.id] = turn.now + queue.config.retry_after


def engage(turn: Turn, agent: Agent, entry: Entry) -> None:
    """Start the agent's part in the contact."""
    queue = turn.state.queues.get(entry.queue)
    wrap_up = queue.config.wrap_up if queue else 0.0
    agent.contact = entry.id
    agent.engagement = Engagement(entry.queue, turn.now, wrap_up)


def part_after(offer: Offer, agent: str, trigger: OfferTrigger) -> OfferState:
    """The agent's part of the offer after `trigger`.

    Raises `IllegalOfferEvent` if the table does not have it.
    """
    after = OFFER[offer.parts[agent]].get(trigger)
    if after is None:
        raise IllegalOfferEvent(f"offer {offer.id} is {offer.parts[agent]}: {trigger} is impossible")
    return after


def _pending(turn: Turn, offer_id: str, agent_id: str) -> tuple[Offer, Agent]:
    offer = turn.state.offer(offer_id)
    agent = turn.state.agent(agent_id)
    if offer.parts.get(agent_id) != "pending":
        raise NotOffered(f"offer {offer_id} is not pending for agent {agent_id}")
    return offer, agent


def _reserve(turn: Turn, agent: Agent, offer: Offer) -> None:
    turn.state.queues[offer.queue].turns[agent.id] = turn.state.offers_made
    agent.offer, agent.contact = offer.id, offer.contact
    change_state(turn, agent, "reserve")


def _offer_action(turn: Turn, entry: Entry, offer: Offer, config: QueueConfig) -> MakeOffer:
    agents = tuple(offer.parts)
    alone = agents if len(agents) == 1 else ()
    auto = tuple(name for name in alone if turn.state.agents[name].config.auto_answer)
    return MakeOffer(offer.id, entry.id, entry.queue, agents, config.offer_timeout, auto, entry.callback)


def _connection(entry: Entry, agent: Agent, offer: Offer) -> ConnectContact | DialCallback:
    if not entry.callback:
        return ConnectContact(entry.id, entry.queue, agent.id, offer.id)
    number, attempt = entry.contact.number or "", entry.attempts + 1
    return DialCallback(entry.id, entry.queue, agent.id, offer.id, number, attempt)


def _close_unreachable(turn: Turn, offer: Offer, agent: Agent, reason: str) -> None:
    keep_away(turn, turn.state.entries[offer.contact], agent)
    set_unreachable(turn, agent, reason, turn.now + agent.config.unreachable_for)
    release_held(turn, agent)
    close_part(turn, offer, agent, "rescind", reason)


def _count_miss(turn: Turn, agent: Agent) -> None:
    agent.misses += 1
    agent.tally.missed += 1
    limit = agent.config.max_misses
    if limit and agent.misses >= limit and agent.status == "available":
        change_status(turn, agent, "miss_too_many", MISSED_OFFERS, "system")
        release_held(turn, agent)


def _close_all(turn: Turn, offer: Offer, trigger: OfferTrigger, reason: str) -> None:
    for name in offer.pending():
        close_part(turn, offer, turn.state.agents[name], trigger, reason)


def _return_if_over(turn: Turn, offer: Offer, reason: str) -> None:
    if offer.pending():
        return
    _forget(turn, offer)
    put_back(turn, turn.state.entries[offer.contact], reason)


def _forget(turn: Turn, offer: Offer) -> None:
    turn.state.timers.cancel("offer", offer.id)
    turn.state.offers.pop(offer.id, None)
    turn.state.entries[offer.contact].offer = None
