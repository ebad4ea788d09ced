"""Everything that people, phones, carriers and administrators can do to a center, as steps of a random story.

A step is a name and two numbers that choose among whatever is there, so that any list of steps is a story and
a shorter list is one too.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import Any

from center_world import CALLER
from storm_world import AGENTS, OUTSIDE, PROMPT_SECONDS, StormWorld, a_stormy_catalog

from pbx.calls.call import Call, Participant
from pbx.calls.ports import HOUSE
from pbx.contract.commands import Conference, Dial, HangUp, SendDigits, SetStatus, Transfer, WrapUp
from pbx.errors import PbxError
from pbx.events import LegTransferRequested

Step = tuple[str, int, int]

TARGETS = (
    *(f"agent:{one}" for one in AGENTS), "queue:shop", "queue:returns", "queue:nowhere", "number:warehouse",
    f"number:{OUTSIDE}", "number:+14155550100", "agent:nobody",
)  # fmt: skip
DIALED = (*AGENTS, "warehouse", "shop", "returns", "4000", "5000", OUTSIDE, "nothing")


class Storm:
    """Takes steps in a world. What people may not do is refused with a PbxError, as in the control API."""

    def __init__(self, world: StormWorld) -> None:
        self.world = world
        self.media = world.media
        self.center = world.center
        self._count = 0

    def take(self, step: Step) -> None:
        """One step. After one in five, the next step comes before the reactor's next turn."""
        name, a, b = step
        with suppress(PbxError):
            getattr(self, name)(a, b)
        if b % 5 != 4:
            self.world.turn()

    # --- who is there ---------------------------------------------------------------------------------------

    def _legs(self, wanted: Callable[[str, Any], bool]) -> list[str]:
        return [
            id for id, leg in self.media.legs.items()
            if not leg.ended and id not in self.media.ending and wanted(id, leg)
        ]  # fmt: skip

    def _talking_legs(self) -> list[str]:
        return self._legs(lambda id, leg: leg.answered)

    def _ringing(self) -> list[str]:
        return self._legs(lambda id, leg: leg.target is not None and not leg.answered)

    def _customers(self) -> list[str]:
        return self._legs(lambda id, leg: id.startswith("c"))

    def _parts(self) -> list[tuple[Call, Participant]]:
        calls = self.center.switchboard.calls.values()
        return [(call, one) for call in calls for one in call.participants.values() if one.agent]

    def _new_leg(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    # --- customers ------------------------------------------------------------------------------------------

    def call(self, a: int, b: int) -> None:
        if len(self._customers()) >= 5:
            return
        caller = (CALLER, "+33639980002", "warehouse", "")[a % 4]
        headers = ({"source": "127.0.0.1:5062"}, {"source": "203.0.113.7:5060"}, {"trunk": "carrier"})[b % 3]
        if caller == "warehouse":
            headers = {"account": "warehouse"}
        dialed = ("4000", "5000", "5000", "shop", "alice")[b % 5]
        self.media.peer_calls(self._new_leg("c"), caller, dialed, **headers)

    def arrive(self, a: int, b: int) -> None:
        """Straight into a queue."""
        if len(self._customers()) >= 5:
            return
        leg = self._new_leg("c")
        source = {"source": "127.0.0.1:5062"}
        self.media.peer_calls(leg, (CALLER, "+33639980002")[a % 2], "5000", **source)
        self.world.turn()
        self.media.peer_presses(leg, ("0", "1", "0")[b % 3])

    def talk(self, a: int, b: int) -> None:
        """A customer with an agent."""
        self.status(a, 0)
        self.world.turn()
        self.arrive(b, 0)
        self.pass_time(PROMPT_SECONDS)
        self.answer(a, b)

    def callback(self, a: int, b: int) -> None:
        """Somebody who waits would rather be called back, and is called back."""
        waiting = [call for call in self.center.switchboard.calls.values() if call.state == "queued"]
        if waiting and (customer := waiting[a % len(waiting)].customer):
            self.media.peer_presses(customer.leg, "1")
            self.pass_time(2 * PROMPT_SECONDS)
            self.status(a, 0)
            self.world.turn()
            self.answer(b, 0)

    def press(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.media.peer_presses(legs[a % len(legs)], "0123456789#"[b % 11])

    def hear(self, a: int, b: int) -> None:
        if legs := self._legs(lambda id, leg: leg.playing is not None and not leg.looping):
            self.media.finish_playback(legs[a % len(legs)])

    # --- phones ---------------------------------------------------------------------------------------------

    def answer(self, a: int, b: int) -> None:
        if legs := self._ringing():
            self.media.peer_answers(legs[a % len(legs)])

    def answer_all(self, a: int, b: int) -> None:
        for leg in self._ringing():
            self.media.peer_answers(leg)

    def refuse(self, a: int, b: int) -> None:
        if legs := self._ringing():
            self.media.peer_ends(legs[a % len(legs)], (486, 603, 503, 480, 404)[b % 5])

    def hang_up(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.media.peer_ends(legs[a % len(legs)])

    def answer_and_hang_up(self, a: int, b: int) -> None:
        if legs := self._ringing():
            self.media.peer_answers(legs[a % len(legs)])
            self.media.peer_ends(legs[a % len(legs)])

    def vanish(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.media.peer_vanishes(legs[a % len(legs)])

    def customer_leaves(self, a: int, b: int) -> None:
        if legs := self._customers():
            self.media.peer_ends(
                legs[a % len(legs)], 200 if self.media.legs[legs[a % len(legs)]].answered else 487
            )

    def phone_holds(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.media.peer_holds(legs[a % len(legs)])

    def phone_resumes(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.media.peer_resumes(legs[a % len(legs)])

    def slow_network(self, a: int, b: int) -> None:
        self.media.slow_hang_ups = not self.media.slow_hang_ups

    def finish_hang_ups(self, a: int, b: int) -> None:
        self.media.finish_hang_ups()

    def register(self, a: int, b: int) -> None:
        name = (*AGENTS, "warehouse")[a % 4]
        reachable = name in self.world.phones.off
        (self.world.phones.off.discard if reachable else self.world.phones.off.add)(name)
        if b % 3:
            self.center.dispatch.phone_reachable(name, reachable)

    def refer(self, a: int, b: int) -> None:
        if legs := self._talking_legs():
            self.world.bus.publish(
                LegTransferRequested(legs[a % len(legs)], f"sip:{DIALED[b % len(DIALED)]}@shop")
            )

    def refer_attended(self, a: int, b: int) -> None:
        legs = self._talking_legs()
        if len(legs) > 1:
            one, other = legs[a % len(legs)], legs[b % len(legs)]
            self.world.bus.publish(LegTransferRequested(one, "sip:whoever@shop", replaces_leg=other))

    def second_call(self, a: int, b: int) -> None:
        """An agent in conversation calls somebody else on another line of the phone."""
        if parts := [one for _, one in self._parts() if one.present]:
            self.agent_phones(AGENTS.index(parts[a % len(parts)].agent or ""), b)
            self.world.turn()
            self.answer_all(a, b)

    def refer_both(self, a: int, b: int) -> None:
        """An agent's phone joins its two calls."""
        parts = [one for _, one in self._parts() if one.present]
        pairs = [
            (one.leg, two.leg) for one in parts for two in parts if one is not two and one.agent == two.agent
        ]
        if pairs:
            leg, replaced = map(self.center.switchboard.lines.line, pairs[b % len(pairs)])
            self.world.bus.publish(LegTransferRequested(leg, "sip:whoever@shop", replaces_leg=replaced))

    def agent_phones(self, a: int, b: int) -> None:
        agent = AGENTS[a % 3]
        if agent not in self.world.phones.off:
            dialed = DIALED[b % len(DIALED)]
            self.media.peer_calls(self._new_leg("p"), agent, dialed, account=agent)

    # --- pages ----------------------------------------------------------------------------------------------

    def guest(self, a: int, b: int) -> None:
        """A customer in a shop's page calls, perhaps again."""
        if len(self._customers()) >= 5:
            return
        visitor = f"v{a % 3}"
        headers = {"account": f"guest-{visitor}", "visitor": visitor, "site": "boutique", "language": "fr"}
        if a % 2:
            headers["customer"] = "camille"
        dialed = ("5000", "5000", "4000", "shop")[b % 4]
        self.media.peer_calls(self._new_leg("c"), "", dialed, profile="webrtc", **headers)

    def _in_pages(self) -> list[tuple[Call, Participant]]:
        calls = self.center.switchboard.calls.values()
        return [(call, one) for call in calls for one in call.participants.values() if one.in_page]

    def page_lost(self, a: int, b: int) -> None:
        """A page's connection breaks; two in three times its audio too."""
        if pages := self._in_pages():
            _, one = pages[a % len(pages)]
            self.center.absences.lost(one.account)
            if b % 3:
                self.media.peer_is_silent(self.center.switchboard.lines.line(one.leg), 0.7)

    def page_back(self, a: int, b: int) -> None:
        if pages := self._in_pages():
            _, one = pages[a % len(pages)]
            self.media.peer_is_silent(self.center.switchboard.lines.line(one.leg), 0.0)
            if b % 3:
                self.center.absences.returned(one.account)

    def page_leaves(self, a: int, b: int) -> None:
        if pages := self._in_pages():
            call, one = pages[a % len(pages)]
            self.center.absences.leave(call.id, one.agent or one.account)
            if b % 3:
                self.media.peer_is_silent(self.center.switchboard.lines.line(one.leg), 0.7)

    def take_back(self, a: int, b: int) -> None:
        """Another page or phone of the same account calls for the call that there is."""
        calls = self.center.switchboard.calls.values()
        if legs := [one for call in calls for one in call.participants.values() if one.account]:
            account = legs[a % len(legs)].account
            kind = "c" if account.startswith("guest-") else "p"
            profile: Any = "plain" if b % 4 == 0 else "webrtc"
            self.media.peer_calls(self._new_leg(kind), "", "take-back", profile=profile, account=account)

    def reload(self, a: int, b: int) -> None:
        """A page is loaded anew: it goes, and a while later its successor is there."""
        self.page_leaves(a, b)
        self.pass_time((0.3, 1.0, 4.0)[b % 3])
        self.take_back(a, b)

    # --- the desk -------------------------------------------------------------------------------------------

    def status(self, a: int, b: int) -> None:
        status: Any = ("available", "available", "available", "on_break", "offline")[b % 5]
        reason = "lunch" if status == "on_break" else None
        self.center.dispatch.set_status(AGENTS[a % 3], SetStatus(status=status, pause_reason=reason))

    def accept(self, a: int, b: int) -> None:
        if offers := self.center.dispatch.offers():
            self.center.dispatch.accept(offers[a % len(offers)].id, offers[a % len(offers)].agent)

    def decline(self, a: int, b: int) -> None:
        if offers := self.center.dispatch.offers():
            self.center.dispatch.decline(offers[a % len(offers)].id, offers[a % len(offers)].agent)

    def _command(self, a: int, do: Callable[[Any, str, str, Call], None]) -> None:
        if parts := self._parts():
            call, one = parts[a % len(parts)]
            do(self.center.control, call.id, one.agent or "", call)

    def hold(self, a: int, b: int) -> None:
        self._command(a, lambda control, contact, agent, call: control.hold(contact, agent))

    def resume(self, a: int, b: int) -> None:
        self._command(a, lambda control, contact, agent, call: control.resume(contact, agent))

    def mute(self, a: int, b: int) -> None:
        self._command(a, lambda control, contact, agent, call: control.mute(contact, agent, bool(b % 2)))

    def digits(self, a: int, b: int) -> None:
        keys = SendDigits(digits="12")
        self._command(a, lambda control, contact, agent, call: control.send_digits(contact, agent, keys))

    def blind(self, a: int, b: int) -> None:
        command = Transfer(kind="blind", target=TARGETS[b % len(TARGETS)])
        self._command(a, lambda control, contact, agent, call: control.transfer(contact, agent, command))

    def consult(self, a: int, b: int) -> None:
        command = Transfer(kind="consult", target=TARGETS[b % len(TARGETS)])
        self._command(a, lambda control, contact, agent, call: control.transfer(contact, agent, command))

    def complete(self, a: int, b: int) -> None:
        self._command(a, lambda control, contact, agent, call: control.complete_transfer(contact, agent))

    def cancel(self, a: int, b: int) -> None:
        self._command(a, lambda control, contact, agent, call: control.cancel_transfer(contact, agent))

    def conference(self, a: int, b: int) -> None:
        command = Conference(target=None if b % 3 == 0 else TARGETS[b % len(TARGETS)])
        self._command(a, lambda control, contact, agent, call: control.conference(contact, agent, command))

    def desk_hangs_up(self, a: int, b: int) -> None:
        def do(control: Any, contact: str, agent: str, call: Call) -> None:
            legs = [None, None, *call.participants]
            control.hang_up(contact, agent, HangUp(participant=legs[b % len(legs)]))

        self._command(a, do)

    def wrap_up(self, a: int, b: int) -> None:
        view = self.world.agent(AGENTS[a % 3])
        command = WrapUp(note="well", finish=b % 2 == 0, extend_seconds=30 if b % 4 == 1 else 0)
        self.center.dispatch.wrap_up(view.contact or "", view.id, command)

    def click_to_dial(self, a: int, b: int) -> None:
        self.dial(AGENTS[a % 3], TARGETS[b % len(TARGETS)])

    def dial(self, agent: str, target: str) -> None:
        self.world.dialer.dial(agent, Dial(target=target))

    # --- the rest of the world ------------------------------------------------------------------------------

    def time(self, a: int, b: int) -> None:
        self.pass_time((1.0, 4.0, 11.0, 21.0, 70.0, 130.0)[a % 6])

    def pass_time(self, seconds: float) -> None:
        """From one thing that is due to the next."""
        clock = self.world.clock
        until = clock.seconds() + seconds
        while (due := min((call.getTime() for call in clock.getDelayedCalls()), default=inf)) <= until:
            clock.advance(max(0.0, due - clock.seconds()))
            self.media.finish_hang_ups()
        clock.advance(max(0.0, until - clock.seconds()))

    def database(self, a: int, b: int) -> None:
        self.world.lookups.away = a % 3 == 0
        self.world.lookups.broken = a % 3 == 1

    def carrier(self, a: int, b: int) -> None:
        self.world.trunks.plans = {} if a % 4 == 0 else {"alice": "+33", HOUSE: "+33", None: ""}

    def set_up(self, a: int, b: int) -> None:
        agents = [one for number, one in enumerate(AGENTS) if a % 2 == 0 or b % 3 != number]
        queues = ["shop", "returns"][: 1 + a // 2 % 2]
        self.center.set_up(a_stormy_catalog(agents, queues, ("longest_idle", "ring_all", "skills")[a % 3]))

    def full_house(self, a: int, b: int) -> None:
        self.world.full = a % 4 == 0

    # --- the end --------------------------------------------------------------------------------------------

    def calm_down(self) -> None:
        """Everybody goes home, and time passes."""
        world = self.world
        world.turn()
        world.lookups.away = world.lookups.broken = world.full = self.media.slow_hang_ups = False
        self.center.set_up(a_stormy_catalog())
        for agent in AGENTS:
            self.center.dispatch.set_status(agent, SetStatus(status="offline"))
        for _ in range(3):
            world.turn()
            self.media.finish_hang_ups()
            for leg in self._legs(lambda id, leg: True):
                self.media.peer_ends(leg, 200 if self.media.legs[leg].answered else 487)
        world.turn()
        self.pass_time(9 * 3600.0)


OFTEN = {
    "talk": 10.0, "answer": 14, "status": 8, "arrive": 6, "callback": 5, "time": 5, "consult": 5, "blind": 4,
    "call": 4, "press": 4, "second_call": 4, "refer_both": 4, "conference": 3, "complete": 3, "answer_all": 2,
    "hang_up": 2,
    "click_to_dial": 2, "hear": 1, "refuse": 1, "answer_and_hang_up": 1, "vanish": 1, "customer_leaves": 1,
    "phone_holds": 1, "phone_resumes": 1, "slow_network": 1, "finish_hang_ups": 1, "refer": 1, "refer_attended": 1,
    "agent_phones": 1, "accept": 1, "decline": 1, "hold": 1, "resume": 1, "mute": 1, "digits": 1, "cancel": 1,
    "desk_hangs_up": 1, "wrap_up": 1, "register": 0.5, "set_up": 0.4,
    "guest": 5, "page_lost": 2, "page_back": 1, "page_leaves": 2, "take_back": 3, "reload": 3,
    "database": 0.3, "carrier": 0.3, "full_house": 0.2,
}  # fmt: skip
"""Every step, and how often it comes compared with the others."""


def a_story(seed: int, length: int) -> list[Step]:
    """A random story that begins with agents at work."""
    rng = random.Random(seed)
    beginning: list[Step] = [("status", number, 0) for number in range(rng.randrange(1, 4))]
    rest = rng.choices(list(OFTEN), list(OFTEN.values()), k=length)
    return [*beginning, *((name, rng.randrange(120), rng.randrange(120)) for name in rest)]
