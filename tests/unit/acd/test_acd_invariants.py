"""What must hold whatever happens, checked by a model that sees only events and actions.

The model keeps its own books: who waits where since when, who rings, who talks, who wraps up. After every event it
looks for anything that the rules forbid.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pbx.acd import actions, events
from pbx.acd.contact import Contact
from pbx.acd.errors import AcdError
from pbx.acd.machine import Acd
from pbx.acd.settings import AgentConfig, QueueConfig, RelaxStep

QUEUES = ("sales", "care", "night")
AGENTS = ("ada", "ben", "cleo", "dora")
STRATEGIES = (
    "ring_all",
    "longest_idle",
    "round_robin",
    "fewest_contacts",
    "least_talk_time",
    "random",
    "top_down",
    "skills",
)
EPSILON = 1e-6


@dataclass
class Caller:
    """What the model knows of a contact."""

    contact: Contact
    since: float
    number: int
    queue: str
    state: str = "new"
    agent: str | None = None
    kept_away: dict[str, float] = field(default_factory=dict)
    ends: int = 0

    def rank(self, config: QueueConfig) -> tuple[float, int]:
        return self.since - self.contact.priority * 60 / config.ageing, self.number


@dataclass
class Worker:
    """What the model knows of an agent."""

    config: AgentConfig
    status: str = "offline"
    state: str = "idle"
    other_calls: set[str] = field(default_factory=set)
    unreachable: bool = False
    offer: str | None = None
    wrapping_until: float | None = None
    misses: int = 0
    contact: str | None = None
    leaving: bool = False

    def free(self) -> bool:
        return (
            self.status == "available"
            and self.state == "idle"
            and not self.other_calls
            and not self.unreachable
        )


class Floor(RuleBasedStateMachine):
    """Anything may happen at any time; the rules below must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.acd = Acd(random.Random(1))
        self.now = 100.1
        self.queues: dict[str, QueueConfig] = {}
        self.workers: dict[str, Worker] = {}
        self.callers: dict[str, Caller] = {}
        self.offers: dict[str, set[str]] = {}
        self.count = 0
        self.last_event: events.Event = events.Tick()
        self.broken = False

    # --- the books ------------------------------------------------------------------------------------------

    def tell(self, event: events.Event) -> bool:
        """Let the event happen; whether the machine took it. A refused one must change nothing at all."""
        before = repr(self.acd._state)
        try:
            said = self.acd.advance(event, self.now)
        except AcdError:
            assert repr(self.acd._state) == before, f"{event} was refused and yet changed something"
            return False
        self.last_event = event
        self.broken = True
        self._note_event(event)
        for action in said:
            getattr(self, f"_on_{type(action).__name__}", lambda action: None)(action)
        self.broken = False
        return True

    def _note_event(self, event: events.Event) -> None:
        if isinstance(event, events.AgentBusy):
            self.workers[event.agent].other_calls.add(event.call)
        elif isinstance(event, events.AgentFree):
            self.workers[event.agent].other_calls.discard(event.call)
        elif isinstance(event, events.PriorityChanged):
            caller = self.callers[event.contact]
            caller.contact = replace(caller.contact, priority=event.priority)
        elif isinstance(event, events.ContactTransferred):
            self.callers[event.contact].agent = event.agent

    def _on_MakeOffer(self, action: actions.MakeOffer) -> None:  # noqa: N802
        caller, config = self.callers[action.contact], self.queues[action.queue]
        assert caller.state == "waiting", "a contact is offered once at a time"
        assert not any(caller.contact.id == pending for pending in self._pending_contacts())
        assert action.agents
        self.offers[action.offer] = set(action.agents)
        caller.state = "offered"
        for name in action.agents:
            worker = self.workers[name]
            assert worker.offer is None, "an agent is offered one contact at a time"
            assert worker.state == "reserved" and worker.status == "available"
            assert not worker.other_calls and not worker.unreachable
            assert worker.wrapping_until is None, "wrap-up is honoured"
            assert action.queue in worker.config.memberships
            assert self._skilled(worker, caller, config)
            assert caller.kept_away.get(name, 0) <= self.now, "it does not come straight back"
            worker.offer = action.offer
            self._nobody_is_overtaken(caller, name, config)

    def _nobody_is_overtaken(self, caller: Caller, agent: str, config: QueueConfig) -> None:
        for other in self.callers.values():
            ahead = other.rank(config) < caller.rank(config)
            if other.state != "waiting" or other.queue != caller.queue or not ahead:
                continue
            same = self._needs(other, config) == self._needs(caller, config)
            if same and not self._may_be_held(other, config):
                assert other.kept_away.get(agent, 0) > self.now, (
                    f"{other} was overtaken by {caller} at {self.now} to {agent} {config}"
                )

    def _pending_contacts(self) -> list[str]:
        return [one.contact.id for one in self.callers.values() if one.state == "offered"]

    def _on_CloseOffer(self, action: actions.CloseOffer) -> None:  # noqa: N802
        worker, caller = self.workers[action.agent], self.callers[action.contact]
        assert worker.offer == action.offer
        worker.offer = None
        self.offers[action.offer].discard(action.agent)
        if not self.offers[action.offer]:
            del self.offers[action.offer]
        if action.outcome == "timed_out":
            worker.misses += 1
        if action.outcome in ("timed_out", "rejected") or isinstance(self.last_event, events.OfferFailed):
            caller.kept_away[action.agent] = self.now + self.queues[caller.queue].retry_after

    def _on_ContactReturned(self, action: actions.ContactReturned) -> None:  # noqa: N802
        self.callers[action.contact].state = "waiting"
        self.callers[action.contact].agent = None

    def _on_ConnectContact(self, action: actions.ConnectContact) -> None:  # noqa: N802
        self._accepted(action.contact, action.agent, action.offer)

    def _on_DialCallback(self, action: actions.DialCallback) -> None:  # noqa: N802
        assert self.callers[action.contact].contact.callback
        self._accepted(action.contact, action.agent, action.offer)

    def _accepted(self, contact: str, agent: str, offer: str) -> None:
        caller, worker = self.callers[contact], self.workers[agent]
        assert caller.state == "offered" and worker.offer == offer
        assert self.offers.pop(offer) == {agent}, "when one accepts, nobody else rings"
        caller.state, caller.agent = "connecting", agent
        worker.offer, worker.misses = None, 0

    def _on_ContactAnswered(self, action: actions.ContactAnswered) -> None:  # noqa: N802
        assert self.callers[action.contact].state == "connecting"
        self.callers[action.contact].state = "connected"

    def _on_ContactMoved(self, action: actions.ContactMoved) -> None:  # noqa: N802
        assert self.callers[action.contact].state not in ("connecting", "connected")
        self.callers[action.contact].state = "waiting"

    def _on_ContactJoined(self, action: actions.ContactJoined) -> None:  # noqa: N802
        self.callers[action.contact].queue = action.queue
        self.callers[action.contact].state = "waiting"

    def _on_CallbackPlaced(self, action: actions.CallbackPlaced) -> None:  # noqa: N802
        caller = self.callers[action.contact]
        caller.queue = action.queue
        if action.merged_into:
            other = self.callers[action.merged_into]
            assert other.contact.number == action.number and other.contact.callback and not other.ends
            return
        caller.contact = replace(caller.contact, number=action.number, callback=True)
        if caller.state != "offered":
            caller.state = "waiting"

    def _on_CallbackPostponed(self, action: actions.CallbackPostponed) -> None:  # noqa: N802
        self.callers[action.contact].state = "resting"

    def _on_ContactEnded(self, action: actions.ContactEnded) -> None:  # noqa: N802
        caller = self.callers[action.contact]
        caller.ends += 1
        assert caller.ends == 1, "each contact ends exactly once"
        answered = caller.state in ("connecting", "connected")
        if action.outcome in ("abandoned", "short_abandon"):
            assert not answered, "an answered contact never counts as abandoned"
            assert not caller.contact.callback, "who took a callback has not abandoned"
        caller.state = "ended"

    def _on_AgentStateChanged(self, action: actions.AgentStateChanged) -> None:  # noqa: N802
        worker = self.workers[action.agent]
        assert worker.state == action.previous
        worker.state, worker.contact = action.state, action.contact
        if action.state == "wrap_up":
            worker.wrapping_until = action.until
        elif action.previous == "wrap_up":
            early = worker.wrapping_until is not None and worker.wrapping_until > self.now + EPSILON
            assert worker.leaving or not early, "wrap-up lasts until its time, or until the agent says so"
            worker.wrapping_until = None

    def _on_AgentStatusChanged(self, action: actions.AgentStatusChanged) -> None:  # noqa: N802
        worker = self.workers[action.agent]
        if action.chosen_by == "system":
            assert (action.status, action.reason) == ("on_break", "missed_offers")
            assert worker.misses >= worker.config.max_misses > 1, "not after one"
        elif action.status == "available":
            worker.misses = 0
        worker.status = action.status

    def _on_AgentReachabilityChanged(self, action: actions.AgentReachabilityChanged) -> None:  # noqa: N802
        self.workers[action.agent].unreachable = not action.reachable
        if action.reason == "never_rang":
            worker = self.workers[action.agent]
            caller = self.callers[worker.contact or ""]
            caller.kept_away[action.agent] = self.now + self.queues[caller.queue].retry_after

    def _needs(self, caller: Caller, config: QueueConfig) -> dict[str, int]:
        needs = dict(caller.contact.skills)
        for step in config.relax:
            if self.now >= caller.since + step.after:
                needs = {name: max(1, least - step.lower_by) for name, least in caller.contact.skills.items()}
                needs = {} if step.drop else needs
        return needs

    def _skilled(self, worker: Worker, caller: Caller, config: QueueConfig) -> bool:
        needs = self._needs(caller, config)
        return all(worker.config.skills.get(name, 0) >= least for name, least in needs.items())

    def _may_be_held(self, caller: Caller, config: QueueConfig) -> bool:
        return bool(config.sticky) and caller.contact.customer is not None

    # --- what may happen ------------------------------------------------------------------------------------

    @initialize(
        strategies=st.tuples(*[st.sampled_from(STRATEGIES)] * 3),
        sticky=st.sampled_from([0.0, 30.0]),
        when_empty=st.sampled_from(["wait", "refuse", "leave"]),
    )
    def open_up(self, strategies: tuple[str, ...], sticky: float, when_empty: str) -> None:
        relax = (RelaxStep(20, lower_by=2), RelaxStep(50, drop=True))
        sales = QueueConfig("sales", "Sales", strategies[0], sticky=sticky, relax=relax, wrap_up=10)
        care = QueueConfig(
            "care", "Care", strategies[1], capacity=3, max_wait=60, overflow_to="sales", weight=3
        )
        night = QueueConfig(
            "night", "Night", strategies[2], when_empty=when_empty, wrap_up=0, callback_expires=300
        )
        for config in (sales, care, night):
            self.queue_settings(config)
        for number, name in enumerate(AGENTS):
            skills = {"pt": 3 * number, "tech": 9 - 3 * number}
            memberships = {"sales": number % 2, "care": 0} if number else dict.fromkeys(QUEUES, 1)
            self.agent_settings(AgentConfig(name, name, skills, memberships, max_misses=2))
            self.tell(events.StatusChosen(name, "available"))

    def queue_settings(self, config: QueueConfig) -> None:
        self.queues[config.id] = config
        assert self.tell(events.QueueChanged(config))

    def agent_settings(self, config: AgentConfig) -> None:
        worker = self.workers.setdefault(config.id, Worker(config))
        worker.config = config
        assert self.tell(events.AgentChanged(config))

    @rule(
        queue=st.sampled_from(QUEUES),
        priority=st.sampled_from([0, 0, 0, 1, 5]),
        skills=st.sampled_from([{}, {}, {"pt": 5}, {"tech": 6}, {"pt": 9, "tech": 9}]),
        customer=st.sampled_from([None, "c1", "c2"]),
        callback=st.booleans(),
        digits=st.integers(0, 3),
        waited=st.sampled_from([0, 0, 0, 15]),
    )
    def contact_queued(self, queue, priority, skills, customer, callback, digits, waited) -> None:
        self.count += 1
        number = f"+3511{digits}"
        contact = Contact(
            f"c{self.count}", queue, priority, skills, customer, number, callback=callback and not digits
        )
        self.callers[contact.id] = Caller(contact, self.now - waited, self.count, queue)
        assert self.tell(events.ContactQueued(contact, self.now - waited))

    @rule(
        agent=st.sampled_from(AGENTS),
        what=st.sampled_from(
            ["available"] * 6 + ["on_break", "offline", "busy", "free", "free", "gone", "back", "back"]
        ),
        call=st.sampled_from(["x", "y"]),
    )
    def agent_event(self, agent: str, what: str, call: str) -> None:
        event = {
            "busy": events.AgentBusy(agent, call),
            "free": events.AgentFree(agent, call),
            "gone": events.AgentUnreachable(agent, "gone"),
            "back": events.AgentReachable(agent),
        }.get(what) or events.StatusChosen(agent, what, "")
        assert self.tell(event)
        if isinstance(event, events.StatusChosen):
            assert self.workers[agent].status == what, "the agent's own choice stands"

    @precondition(lambda self: self.offers)
    @rule(
        pick=st.integers(0, 99),
        what=st.sampled_from(["ring"] * 4 + ["accept"] * 5 + ["reject", "reject", "fail"]),
    )
    def offer_event(self, pick: int, what: str) -> None:
        offer = sorted(self.offers)[pick % len(self.offers)]
        agent = sorted(self.offers[offer])[pick % len(self.offers[offer])]
        event = {
            "ring": events.OfferRinging(offer, agent),
            "accept": events.OfferAccepted(offer, agent),
            "reject": events.OfferRejected(offer, agent),
            "fail": events.OfferFailed(offer, agent, "no route"),
        }[what]
        assert self.tell(event) or what == "ring"

    @precondition(lambda self: any(one.state == "connecting" for one in self.callers.values()))
    @rule(pick=st.integers(0, 99), works=st.sampled_from([True, True, False]))
    def connection(self, pick: int, works: bool) -> None:
        connecting = [one for one in self.callers.values() if one.state == "connecting"]
        caller = connecting[pick % len(connecting)]
        name, agent = caller.contact.id, caller.agent or ""
        if works:
            assert self.tell(events.CallConnected(name, agent))
        elif caller.contact.callback and pick % 2:
            assert self.tell(events.CallbackFailed(name, "no answer"))
        else:
            self._keep_away(caller, agent)
            assert self.tell(events.ConnectFailed(name, agent, "no media"))

    @precondition(lambda self: any(one.contact for one in self.workers.values()))
    @rule(
        pick=st.integers(0, 99),
        what=st.sampled_from(["hold", "hold", "resume", "end", "end", "end", "done", "more"]),
    )
    def talk_event(self, pick: int, what: str) -> None:
        busy = [name for name, one in self.workers.items() if one.contact]
        agent = busy[pick % len(busy)]
        if what == "end":
            self._note_hang_up(agent)
        if what == "done":
            self.workers[agent].wrapping_until = None
        self.tell(
            {
                "hold": events.CallHeld(agent),
                "resume": events.CallResumed(agent),
                "end": events.CallEnded(agent),
                "done": events.WrapUpDone(agent),
                "more": events.WrapUpExtended(agent, 7.0),
            }[what]
        )

    def _note_hang_up(self, agent: str) -> None:
        for caller in self.callers.values():
            if caller.state == "connecting" and caller.agent == agent:
                self._keep_away(caller, agent)

    def _keep_away(self, caller: Caller, agent: str) -> None:
        caller.kept_away[agent] = self.now + self.queues[caller.queue].retry_after

    @precondition(lambda self: self.callers)
    @rule(
        pick=st.integers(0, 999),
        what=st.sampled_from(
            ["leave", "move", "priority", "callback", "callback", "cancel", "transfer", "transfer", "again"]
        ),
        queue=st.sampled_from(QUEUES),
        agent=st.sampled_from(AGENTS),
    )
    def contact_event(self, pick: int, what: str, queue: str, agent: str) -> None:
        caller = list(self.callers.values())[-1 - pick % min(8, len(self.callers))]
        name = caller.contact.id
        taken = self.tell(
            {
                "leave": events.ContactLeft(name),
                "move": events.MoveRequested(name, queue),
                "priority": events.PriorityChanged(name, float(pick % 4)),
                "callback": events.CallbackRequested(name, f"+3511{pick % 4}"),
                "cancel": events.CallbackCanceled(name),
                "transfer": events.ContactTransferred(name, agent),
                "again": events.ContactQueued(caller.contact),
            }[what]
            if what != "again" or not caller.ends
            else events.Tick()
        )
        if what == "again" and not caller.ends:
            assert not taken, "a contact is in the ACD's care once"

    @rule(
        what=st.sampled_from(["queue", "agent", "agent gone", "queue gone", "day", *[""] * 15]),
        agent=st.sampled_from(AGENTS),
        queue=st.sampled_from(QUEUES),
        strategy=st.sampled_from(STRATEGIES),
        number=st.integers(0, 9),
        queues=st.sets(st.sampled_from(QUEUES)),
    )
    def settings_event(
        self, what: str, agent: str, queue: str, strategy: str, number: int, queues: set[str]
    ) -> None:
        skills, memberships = {"pt": number, "tech": number}, dict.fromkeys(sorted(queues), number % 2)
        if what == "queue":
            changed = replace(self.queues[queue], strategy=strategy, ageing=1 + number, capacity=2 + number)
            self.queue_settings(changed)
        elif what == "agent":
            self.agent_settings(AgentConfig(agent, agent, skills, memberships, max_misses=2))
        elif what == "agent gone":
            self._remove_agent(agent)
        elif what == "queue gone":
            assert self.tell(events.QueueRemoved("night", "care" if number % 2 else None))
            self.queue_settings(self.queues["night"])
        elif what == "day":
            assert self.tell(events.CountersReset())

    def _remove_agent(self, agent: str) -> None:
        worker = self.workers[agent]
        worker.leaving = True
        assert self.tell(events.AgentRemoved(agent))
        if worker.state in ("talking", "holding"):
            self._note_hang_up(agent)
            assert self.tell(events.CallEnded(agent))
        assert agent not in self.acd._state.agents
        self.workers[agent] = Worker(worker.config)
        self.agent_settings(worker.config)

    @rule(seconds=st.sampled_from([0.5, 3.3, 3.3, 10, 10.1, 21, 60, 400]), phones_ring=st.booleans())
    def time_passes(self, seconds: float, phones_ring: bool = True) -> None:
        end = self.now + seconds
        for offer, agents in self.offers.items():
            for agent in sorted(agents) if phones_ring else ():
                self.tell(events.OfferRinging(offer, agent))
        while (due := self.acd.next_wake()) is not None and due <= end:
            self.now = max(self.now, due)
            assert self.tell(events.Tick())
            later = self.acd.next_wake()
            assert later is None or later > self.now, "a tick does everything that is due"
        self.now = end

    # --- what must hold -------------------------------------------------------------------------------------

    @invariant()
    def nobody_waits_while_an_eligible_agent_is_idle(self) -> None:
        for caller in self.callers.values():
            if caller.state != "waiting":
                continue
            config = self.queues[caller.queue]
            if self._may_be_held(caller, config):
                continue
            for name, worker in self.workers.items():
                idle = worker.free() and caller.queue in worker.config.memberships
                if idle and self._skilled(worker, caller, config):
                    assert caller.kept_away.get(name, 0) > self.now, f"{caller} waits and {name} is idle"

    @invariant()
    def the_machine_and_the_model_agree_on_who_is_where(self) -> None:
        inside = {one.id: one.state for one in self.acd._state.entries.values()}
        assert inside == {one.contact.id: one.state for one in self.callers.values() if not one.ends}
        for queue in self.queues:
            waiting = [one.contact for one in self.acd.waiting(queue, 10_000)]
            here = [
                one
                for one in self.callers.values()
                if one.queue == queue and one.state in ("waiting", "offered")
            ]
            assert waiting == [
                one.contact.id for one in sorted(here, key=lambda one: one.rank(self.queues[queue]))
            ]

    @invariant()
    def an_agent_is_reserved_or_rings_exactly_while_an_offer_is_pending(self) -> None:
        for worker in self.workers.values():
            assert (worker.offer is not None) == (worker.state in ("reserved", "ringing"))

    @invariant()
    def one_number_waits_for_one_callback_in_a_queue(self) -> None:
        waiting = [
            (one.queue, one.contact.number)
            for one in self.callers.values()
            if one.contact.callback and one.state in ("waiting", "offered", "resting")
        ]
        assert len(waiting) == len(set(waiting))

    def teardown(self) -> None:
        """With everybody at work, every contact comes to an end: nobody is lost, nobody waits for ever."""
        if not self.queues or self.broken:
            return
        for name in AGENTS:
            for call in ("x", "y"):
                self.tell(events.AgentFree(name, call))
            self.agent_settings(AgentConfig(name, name, {"pt": 9, "tech": 9}, dict.fromkeys(QUEUES, 0)))
            self.tell(events.AgentReachable(name))
        for _ in range(100 + 30 * len(self.callers)):
            if all(one.ends for one in self.callers.values()):
                break
            for name in AGENTS:
                self.tell(events.StatusChosen(name, "available"))
            for offer in sorted(self.offers):
                self.tell(events.OfferAccepted(offer, sorted(self.offers[offer])[0]))
            for caller in self.callers.values():
                if caller.state == "connecting":
                    self.tell(events.CallConnected(caller.contact.id, caller.agent or ""))
                if caller.state == "connected":
                    self.tell(events.CallEnded(caller.agent or ""))
            self.nobody_waits_while_an_eligible_agent_is_idle()
            self.time_passes(10)
        assert [one for one in self.callers.values() if one.ends != 1] == []


Floor.TestCase.settings = hypothesis_settings(max_examples=150, stateful_step_count=50, deadline=None)
TestFloor = Floor.TestCase


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_lost_and_no_rule_is_broken_on_a_long_busy_day(seed: int) -> None:
    """The same model, further from the start than the property test gets, with people doing sensible things."""
    dice, floor = random.Random(seed), Floor()
    floor.open_up(
        tuple(dice.choices(STRATEGIES, k=3)), dice.choice([0.0, 30.0]), dice.choice(["wait", "leave"])
    )
    steps = {
        _call_in: 8,
        _move_offers: 16,
        _talk: 10,
        _meddle: 5,
        _agents_act: 4,
        _change_settings: 1,
        _wait: 10,
    }
    for _ in range(800):
        dice.choices(list(steps), list(steps.values()))[0](floor, dice)
        floor.nobody_waits_while_an_eligible_agent_is_idle()
        floor.the_machine_and_the_model_agree_on_who_is_where()
        floor.an_agent_is_reserved_or_rings_exactly_while_an_offer_is_pending()
        floor.one_number_waits_for_one_callback_in_a_queue()
    floor.teardown()


def _call_in(floor: Floor, dice: random.Random) -> None:
    skills = dice.choice([{}, {}, {"pt": 5}, {"tech": 6}])
    callback = dice.random() < 0.1
    floor.contact_queued(
        dice.choice(QUEUES), dice.choice([0, 0, 2]), skills, dice.choice([None, "c1"]), callback,
        dice.randrange(4), 0,
    )  # fmt: skip


def _move_offers(floor: Floor, dice: random.Random) -> None:
    if floor.offers:
        what = dice.choice(["ring", "ring", "ring", "accept", "accept", "accept", "reject", "fail"])
        floor.offer_event(dice.randrange(100), what)
    if any(one.state == "connecting" for one in floor.callers.values()):
        floor.connection(dice.randrange(100), dice.random() < 0.8)


def _talk(floor: Floor, dice: random.Random) -> None:
    if any(one.contact for one in floor.workers.values()):
        floor.talk_event(dice.randrange(100), dice.choice(["hold", "resume", "end", "end", "done", "more"]))


def _meddle(floor: Floor, dice: random.Random) -> None:
    if floor.callers:
        what = dice.choice(
            ["leave", "leave", "move", "priority", "callback", "callback", "cancel", "transfer"]
        )
        floor.contact_event(dice.randrange(1000), what, dice.choice(QUEUES), dice.choice(AGENTS))


def _agents_act(floor: Floor, dice: random.Random) -> None:
    what = dice.choice(
        [*["available"] * 5, "on_break", "offline", "busy", "free", "free", "gone", "back", "back"]
    )
    floor.agent_event(dice.choice(AGENTS), what, "x")


def _change_settings(floor: Floor, dice: random.Random) -> None:
    what = dice.choice(["queue", "agent", "agent gone", "queue gone", "day"])
    queues = set(dice.sample(QUEUES, dice.randrange(4)))
    floor.settings_event(
        what, dice.choice(AGENTS), dice.choice(QUEUES), dice.choice(STRATEGIES), dice.randrange(10), queues
    )


def _wait(floor: Floor, dice: random.Random) -> None:
    floor.time_passes(dice.choice([0.7, 1.1, 3.3, 5, 10, 21]), dice.random() < 0.8)
