"""A contact's way through queues: joining, its place, coming back, leaving.

The place. Waiting earns `ageing` priority points a minute, so the effective priority of a contact at time t
is priority + ageing x (t - enqueued_at) / 60. All contacts of a queue gain at the same speed, so whoever is
ahead stays ahead, and the order is that of one number which never changes:

    rank = enqueued_at - priority x 60 / ageing        (the lowest first)

It reads as "when somebody of priority 0 would have had to join to be here". Nobody starves: whoever joins
later than a contact's rank plus the highest priority in seconds comes after it.
"""

from __future__ import annotations

from pbx.acd.actions import (
    CallbackPlaced,
    ContactEnded,
    ContactJoined,
    ContactMoved,
    ContactReturned,
    LeaveOutcome,
    LeaveQueue,
    Outcome,
)
from pbx.acd.errors import IllegalContactEvent
from pbx.acd.lifecycles import ENTRY, EntryState, EntryTrigger
from pbx.acd.rules.estimate import expected_wait, spoken_minutes
from pbx.acd.rules.pools import has_skills, needs, next_relaxation, put_in, take_out
from pbx.acd.rules.state import Agent, Entry, Queue
from pbx.acd.rules.timers import TimerKind
from pbx.acd.rules.turn import Turn
from pbx.acd.settings import QueueConfig

_WAITING_TIMERS: tuple[TimerKind, ...] = ("max_wait", "announce", "relax", "retry", "expire", "callback")


def rank(priority: float, enqueued_at: float, config: QueueConfig) -> float:
    """The contact's place in the order of its queue, in seconds; see the head of this file."""
    return enqueued_at - priority * 60 / config.ageing


def entry_after(entry: Entry, trigger: EntryTrigger) -> EntryState:
    """The contact's state after `trigger`. Raises `IllegalContactEvent` if the table does not have it."""
    after = ENTRY[entry.state].get(trigger)
    if after is None:
        raise IllegalContactEvent(f"contact {entry.id} is {entry.state}: {trigger} is impossible")
    return after


def join(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Let the contact wait in `queue`, at the place that its time and priority give it."""
    entry.queue, entry.entered_at = queue.config.id, turn.now
    entry.visited = (*entry.visited, queue.config.id)
    turn.state.entries[entry.id] = entry
    if entry.callback and not _claim_number(turn, entry, queue):
        return
    enter_line(turn, entry, queue)
    if entry.callback:
        turn.emit(
            CallbackPlaced(entry.id, queue.config.id, entry.contact.number or "", position(entry, queue))
        )
    else:
        queue.counters.queued += 1
        announce_joining(turn, entry, queue)
    place(turn, entry, queue)


def enter_line(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Give the contact its place, and set what will be due for it."""
    entry.rank = rank(entry.contact.priority, entry.enqueued_at, queue.config)
    queue.line.add(entry.id, (entry.rank, entry.sequence))
    if not entry.callback:
        queue.arrivals.add(entry.id, (entry.enqueued_at, entry.sequence))
    set_timers(turn, entry, queue.config)


def enter_again(turn: Turn, entry: Entry, queue: Queue) -> bool:
    """Give the contact its old place in a line that it was out of.

    False if it ended instead: a callback to the same number has taken its place meanwhile.
    """
    if entry.callback and not _claim_number(turn, entry, queue):
        return False
    enter_line(turn, entry, queue)
    return True


def set_timers(turn: Turn, entry: Entry, config: QueueConfig) -> None:
    """Set what will be due for a waiting contact, by the queue's settings of now."""
    timers = turn.state.timers
    for kind in _WAITING_TIMERS[:3]:
        timers.cancel(kind, entry.id)
    if entry.callback:
        timers.set("expire", entry.id, max(turn.now, entry.enqueued_at + config.callback_expires))
    else:
        if config.max_wait is not None:
            timers.set("max_wait", entry.id, max(turn.now, entry.entered_at + config.max_wait))
        if config.announce_every is not None:
            timers.set("announce", entry.id, turn.now + config.announce_every)
    set_relax_timer(turn, entry, config)


def set_relax_timer(turn: Turn, entry: Entry, config: QueueConfig) -> None:
    """Wake up when the contact's requirements relax next."""
    when = next_relaxation(config, entry.enqueued_at, turn.now)
    if when is not None and entry.contact.skills:
        turn.state.timers.set("relax", entry.id, when)


def place(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Let agents find the contact: all who have the skills, or for a while only its customer's last agent."""
    favourite = sticky_agent(turn, entry, queue)
    if favourite is None or favourite.listed or turn.now >= entry.entered_at + queue.config.sticky:
        make_findable(turn, entry)
        return
    take_out(turn.state, entry)
    entry.held_for = favourite.id
    favourite.held.add(entry.id, (entry.rank, entry.sequence))
    turn.state.timers.set("hold", entry.id, entry.entered_at + queue.config.sticky)


def make_findable(turn: Turn, entry: Entry) -> None:
    """Let every agent with the skills find the contact."""
    put_in(turn.state, entry, turn.now)
    turn.returned.append(entry.id)
    set_retry_timer(turn, entry)


def set_retry_timer(turn: Turn, entry: Entry) -> None:
    """Wake up when the first of those who keep away from the contact may have it again."""
    ends = [until for until in entry.tried.values() if until > turn.now]
    if ends:
        turn.state.timers.set("retry", entry.id, min(ends))


def release_held(turn: Turn, agent: Agent) -> None:
    """Let others have the contacts that were kept for this agent."""
    for name in tuple(agent.held):
        make_findable(turn, turn.state.entries[name])


def sticky_agent(turn: Turn, entry: Entry, queue: Queue) -> Agent | None:
    """The customer's last agent, if the contact may have them.

    A member, skilled, available, not tried yet.
    """
    if queue.config.sticky <= 0 or entry.tried:
        return None
    name = entry.contact.preferred_agent or turn.state.last_agents.get(entry.contact.customer or "")
    agent = turn.state.agents.get(name or "")
    if agent is None or agent.leaving or agent.id not in queue.members:
        return None
    if agent.status != "available" or agent.unreachable:
        return None
    required = needs(entry.contact.skills, queue.config, entry.enqueued_at, turn.now)
    return agent if has_skills(agent, required) else None


def put_back(turn: Turn, entry: Entry, reason: str) -> None:
    """Let a contact whose offer or connection came to nothing wait again, at its old place."""
    entry.state = entry_after(entry, "return")
    entry.offer = entry.agent = entry.answered_at = None
    queue = turn.state.queues.get(entry.queue)
    if queue is None:
        divert(turn, entry, "queue_removed")
        return
    if entry.id not in queue.line and not enter_again(turn, entry, queue):
        return
    turn.emit(ContactReturned(entry.id, entry.queue, position(entry, queue), reason))
    if not outstayed(turn, entry, queue):
        make_findable(turn, entry)


def outstayed(turn: Turn, entry: Entry, queue: Queue) -> bool:
    """Let a waiting contact go that may wait no longer; whether it went."""
    config = queue.config
    if entry.callback:
        if turn.now < entry.enqueued_at + config.callback_expires:
            return False
        end(turn, entry, "callback_expired")
    elif config.max_wait is not None and turn.now >= entry.entered_at + config.max_wait:
        divert(turn, entry, "max_wait")
    elif config.when_empty == "leave" and not queue.logged_in:
        divert(turn, entry, "no_agents")
    else:
        return False
    return True


def divert(turn: Turn, entry: Entry, outcome: LeaveOutcome) -> None:
    """Let the contact overflow to the queue that is set for this, or else leave with `outcome`."""
    source = turn.state.queues.get(entry.queue)
    if source:
        source.counters.diverted += 1
    target = overflow_target(turn, entry, source)
    if target:
        move(turn, entry, target, outcome)
        return
    if not entry.callback:
        turn.emit(LeaveQueue(entry.id, entry.queue, outcome))
    end(turn, entry, outcome)


def overflow_target(turn: Turn, entry: Entry, source: Queue | None) -> Queue | None:
    """The queue that takes over, unless it cannot take the contact or has had it before."""
    name = source.config.overflow_to if source else None
    target = turn.state.queues.get(name or "")
    if target is None or name in entry.visited or (refusal(target) and not entry.callback):
        return None
    return target


def refusal(queue: Queue) -> LeaveOutcome | None:
    """Why the queue takes no newcomer now."""
    config = queue.config
    if config.when_empty != "wait" and not queue.logged_in:
        return "no_agents"
    if config.capacity is not None and len(queue.arrivals) >= config.capacity:
        return "full"
    return None


def move(turn: Turn, entry: Entry, target: Queue, reason: str) -> None:
    """Let a waiting contact wait in another queue, with the time since which it waits."""
    turn.emit(ContactMoved(entry.id, entry.queue, target.config.id, reason))
    leave_line(turn, entry)
    release_number(turn, entry)
    join(turn, entry, target)


def leave_line(turn: Turn, entry: Entry) -> None:
    """Take the contact out of its line; nothing is due for it any more."""
    take_out(turn.state, entry)
    for kind in _WAITING_TIMERS:
        turn.state.timers.cancel(kind, entry.id)
    queue = turn.state.queues.get(entry.queue)
    if queue:
        queue.line.discard(entry.id)
        queue.arrivals.discard(entry.id)


def release_number(turn: Turn, entry: Entry) -> None:
    """Let another callback to the same number into the queue."""
    queue = turn.state.queues.get(entry.queue)
    if queue and queue.callbacks.get(entry.contact.number or "") == entry.id:
        del queue.callbacks[entry.contact.number or ""]


def end(turn: Turn, entry: Entry, outcome: Outcome) -> None:
    """Finish the contact, once and for all. Raises `IllegalContactEvent` if it is finished already."""
    entry.state = entry_after(entry, "end")
    leave_line(turn, entry)
    release_number(turn, entry)
    turn.state.entries.pop(entry.id, None)
    until = turn.now if entry.answered_at is None else entry.answered_at
    turn.emit(ContactEnded(entry.id, entry.queue, outcome, entry.agent, until - entry.enqueued_at))


def position(entry: Entry, queue: Queue) -> int:
    """The contact's place in the line, 1 for the next."""
    return queue.line.place((entry.rank, entry.sequence)) + 1


def longest_wait(turn: Turn, queue: Queue) -> float:
    """Seconds that the earliest of those on the line has waited."""
    first = queue.arrivals.first()
    return turn.now - turn.state.entries[first].enqueued_at if first else 0.0


def minutes_to_wait(turn: Turn, queue: Queue, place_in_line: int, told: int | None = None) -> int | None:
    """What a customer at this place is told; None if nobody can know."""
    seconds = expected_wait(
        place_in_line,
        queue.handle_times.average(turn.now),
        sum(queue.serving.values()),
        longest_wait(turn, queue),
        len(queue.line),
    )
    return spoken_minutes(seconds, told)


def announce_joining(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Say where the contact has joined."""
    place_in_line = position(entry, queue)
    minutes = minutes_to_wait(turn, queue, place_in_line)
    entry.told_position, entry.told_minutes = place_in_line, minutes
    turn.emit(ContactJoined(entry.id, entry.queue, place_in_line, minutes, queue.config.music))


def _claim_number(turn: Turn, entry: Entry, queue: Queue) -> bool:
    """Let one callback a number wait in a queue; whether this one may."""
    number = entry.contact.number or ""
    waiting = queue.callbacks.setdefault(number, entry.id)
    if waiting == entry.id:
        return True
    place_in_line = position(turn.state.entries[waiting], queue)
    turn.emit(CallbackPlaced(entry.id, queue.config.id, number, place_in_line, merged_into=waiting))
    end(turn, entry, "callback_merged")
    return False
