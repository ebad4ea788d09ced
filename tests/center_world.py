"""A whole center on fakes: the test is the customer, the agents' phones, and the clock."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from twisted.internet.task import Clock

from ivr import codec
from ivr.events import CustomerFound, Event, LookupFailed, LookupMissed, OrderFound
from ivr.speech.catalogue import Catalogue
from orders.adapters.numbers import PhoneNumberParser
from pbx.bus import Bus
from pbx.calls.call import Call
from pbx.calls.fake_media import FakeMedia
from pbx.calls.ports import HOUSE, Binding, DialTarget
from pbx.calls.switchboard import Switchboard
from pbx.catalog import AgentRow, Catalog, DidRow, EndpointRow, QueueRow, TrunkRow
from pbx.center import Center, Policy, Ports
from pbx.contract.commands import SetStatus, Transfer
from pbx.contract.events import Event as Told
from pbx.contract.resources import Choice
from pbx.errors import NotAllowed, Overloaded, Unreachable
from pbx.events import Profile
from pbx.journal import MemoryJournal

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CALLER = "+33639980001"


class FakePrompts:
    """One file a segment."""

    async def files(self, segments: Any, language: str) -> tuple[Path, ...]:
        return tuple(Path(f"/{language}/{number}.wav") for number, _ in enumerate(segments))


class FakeLookups:
    """One known customer with one order, unless told otherwise."""

    def __init__(self) -> None:
        self.away = self.broken = False
        self.customer_facts: dict[str, object] = {"id": "camille", "first_name": "Camille", "language": "fr"}
        self.order_facts: dict[str, object] = {"number": "2002029", "state": "paid"}

    async def customer(self, request: int, number: str) -> Event:
        if self.away:
            return LookupFailed(request, "database_away")
        return CustomerFound(request, self.customer_facts) if number == CALLER else LookupMissed(request)

    async def vouched_customer(self, request: int, customer_id: str) -> Event:
        if self.away:
            return LookupFailed(request, "database_away")
        known = customer_id == self.customer_facts["id"]
        return CustomerFound(request, self.customer_facts) if known else LookupMissed(request)

    async def latest_order(self, request: int, customer_id: str) -> Event:
        if self.broken:
            raise ValueError("not made for this")
        return LookupFailed(request, "database_away") if self.away else OrderFound(request, self.order_facts)

    async def order(self, request: int, number: str, check: str) -> Event:
        if self.away:
            return LookupFailed(request, "database_away")
        right = number == self.order_facts["number"] and check == "75011"
        return OrderFound(request, self.order_facts) if right else LookupMissed(request)


class FakePhones:
    """Every phone is registered once, but those in `off` not at all and those in `twice` on two devices. Those in
    `pages` are browsers."""

    def __init__(self) -> None:
        self.off: set[str] = set()
        self.twice: set[str] = set()
        self.pages: set[str] = set()

    def bindings(self, username: str) -> tuple[Binding, ...]:
        profile: Profile = "webrtc" if username in self.pages else "plain"
        here = Binding(f"sip:{username}@192.0.2.1", ("<sip:edge;lr>",), profile)
        there = Binding(f"sip:{username}@192.0.2.2", ("<sip:edge;lr>",))
        return () if username in self.off else (here, there) if username in self.twice else (here,)


class FakeTrunks:
    """Who may dial which prefixes; nobody anything at first."""

    def __init__(self) -> None:
        self.plans: dict[str | None, str] = {}

    def dial_target(self, number: str, caller: str, on_behalf: str | None) -> DialTarget:
        if not self.plans:
            raise Unreachable("No trunk leads outside.", number=number)
        if on_behalf not in self.plans or not number.startswith(self.plans[on_behalf]):
            raise NotAllowed("This number may not be dialed.", number=number)
        return DialTarget(f"sip:{number}@carrier.example", caller=caller, trunk="carrier")

    def allows(self, number: str) -> bool:
        return HOUSE in self.plans and number.startswith(self.plans[HOUSE])


class FakeWebhooks:
    async def call(self, request: int, *what: object) -> Event:
        return LookupFailed(request, "error")


class FakeVoicemails:
    def __init__(self) -> None:
        self.asked: list[tuple[str, Callable[[bool], None]]] = []

    def record(self, call: Call, mailbox: str, max_seconds: int, done: Callable[[bool], None]) -> None:
        self.asked.append((mailbox, done))

    def stop(self) -> None:
        """Nothing is heard anyway."""


def an_endpoint(name: str, **changes: Any) -> EndpointRow:
    facts = {"may_dial_out": False, "number_plan": (), "max_calls": 10, "max_calls_per_hour": 60, **changes}
    return EndpointRow(name, name.title(), "", "", **facts)


def a_catalog(**changes: Any) -> Catalog:
    flow = codec.load(json.loads(resources.files("ivr").joinpath("flows/shop.json").read_text("utf-8")))
    agents = ("alice", "benoit", "carla")
    facts: dict[str, Any] = {
        "agents": {a: AgentRow(a, a.title(), a, {}, {"shop": 1}, 3, False) for a in agents},
        "endpoints": {name: an_endpoint(name) for name in (*agents, "warehouse")},
        "dids": {"4000": DidRow("4000", "Shop", "shop", "en", True)},
        "queues": {
            "shop": QueueRow("shop", "Shop", {"wrap_up": 10.0}, True, ""),
            "returns": QueueRow("returns", "Returns", {"wrap_up": 0.0}, False, ""),
        },
        "flows": {flow.id: flow},
        "pause_reasons": (Choice(id="lunch", labels={"en": "Lunch"}),),
    }
    return Catalog(**{**facts, **changes})


class World:
    """The center and everything around it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.media = self.make_media()
        self.lookups = FakeLookups()
        self.phones = FakePhones()
        self.trunks = FakeTrunks()
        self.journal = MemoryJournal()
        self.voicemails: Any = None
        self.told: list[Told] = []
        self.full = False
        self.bus.subscribe(Told, self.told.append)
        ports = Ports(
            clock=self.clock, bus=self.bus, media=self.media, prompts=FakePrompts(), lookups=self.lookups,
            webhooks=FakeWebhooks(), voicemails=self.make_voicemails, phones=self.phones,
            trunks=self.trunks, journal=self.journal, numbers=PhoneNumberParser(), utc_now=self.now,
            music=lambda queue: Path("/music.wav"), admit=self.admit,
        )  # fmt: skip
        self.center = Center(ports, Policy(), catalogue, random.Random(7), "boot1234")
        self.voicemails = self.center.voicemails
        self.center.set_up(a_catalog())
        self.turn()

    def make_media(self) -> FakeMedia:
        return FakeMedia(self.bus)

    def make_voicemails(self, switchboard: Switchboard) -> Any:
        return FakeVoicemails()

    def admit(self) -> None:
        if self.full:
            raise Overloaded("No room.", retry_after=7)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.clock.seconds())

    def turn(self, turns: int = 12) -> None:
        """Let everything that is due now happen."""
        for _ in range(turns):
            self.clock.advance(0)

    def wait(self, seconds: float) -> None:
        """Time passes, in steps of a tenth."""
        for _ in range(round(seconds * 10)):
            self.clock.advance(0.1)
            self.turn(4)

    # --- people ---------------------------------------------------------------------------------------------

    def available(self, *agents: str) -> None:
        for agent in agents:
            self.center.dispatch.set_status(agent, SetStatus(status="available"))
        self.turn()

    def customer_calls(
        self, leg: str = "c1", caller: str = CALLER, called: str = "4000", **headers: str
    ) -> Call:
        self.media.peer_calls(leg, caller, called, **{"source": "127.0.0.1:5062;transport=udp", **headers})
        self.turn()
        call = self.center.switchboard.call_of(leg)
        assert call is not None
        return call

    def hear_prompts(self, leg: str = "c1", most: int = 20) -> None:
        """Listen to every prompt until there is silence, music or a question that waits."""
        for _ in range(most):
            found = self.media.legs[leg]
            if found.playing is None or found.looping:
                return
            self.media.finish_playback(leg)
            self.turn()

    def press(self, keys: str, leg: str = "c1") -> None:
        self.media.peer_presses(leg, keys)
        self.turn()

    def customer_queues(self, leg: str = "c1", caller: str = CALLER, language: str = "") -> Call:
        """Call the shop and ask for an agent; somebody unknown chooses a language first."""
        call = self.customer_calls(leg, caller)
        self.hear_prompts(leg)
        self.press(language, leg)
        self.hear_prompts(leg)
        self.press("0", leg)
        self.hear_prompts(leg)
        return call

    def guest_calls(self, leg: str = "g1", called: str = "4000", visitor: str = "v1", **headers: str) -> Any:
        """A customer calls from a shop's page; the call, unless it was refused."""
        facts = {"account": f"guest-{visitor}", "visitor": visitor, "site": "boutique", **headers}
        self.media.peer_calls(leg, f"guest-{visitor}", called, profile="webrtc", **facts)
        self.turn()
        return self.center.switchboard.call_of(leg)

    def guest_queues(self) -> Call:
        """A customer in a shop's page asks for an agent."""
        call = self.guest_calls(language="en")
        self.hear_prompts("g1")
        self.press("0", "g1")
        self.hear_prompts("g1")
        return call

    def phone_of(self, agent: str) -> str:
        """The leg that rings at an agent's phone."""
        legs = [leg for leg, target in self.media.dialed().items() if target.uri.startswith(f"sip:{agent}@")]
        assert legs, f"nothing rings at {agent}"
        return legs[-1]

    def answers(self, agent: str) -> str:
        leg = self.phone_of(agent)
        self.media.peer_answers(leg)
        self.turn()
        return leg

    def hangs_up(self, leg: str, status: int = 200) -> None:
        self.media.peer_ends(leg, status)
        self.turn()

    def talking(self, agent: str = "alice") -> tuple[Call, str]:
        """A customer in conversation with an agent."""
        self.available(agent)
        call = self.customer_queues()
        return call, self.answers(agent)

    def talking_again(self, agent: str) -> tuple[Call, str]:
        """A second customer, after the first has gone."""
        self.available(agent)
        call = self.customer_queues("c2")
        return call, self.answers(agent)

    def asks(self, call: Call, agent: str, colleague: str) -> None:
        """The agent consults a colleague, whose phone rings."""
        self.available(colleague)
        self.center.control.transfer(call.id, agent, Transfer(kind="consult", target=f"agent:{colleague}"))
        self.turn()

    def consults(self, call: Call, agent: str, colleague: str) -> str:
        """The agent consults a colleague, who answers on the leg that is returned."""
        self.asks(call, agent, colleague)
        return self.answers(colleague)

    def types(self) -> list[str]:
        return [event.type for event in self.told]  # type: ignore[attr-defined]

    def agent(self, agent: str) -> Any:
        return self.center.roster.view(agent)

    def carrier(self) -> None:
        """A trunk, and alice may use it for French numbers."""
        trunk = TrunkRow("carrier", "Carrier", "192.0.2.9", 5060, "UDP", (), "", "", "", False, "", 10)
        endpoints = {
            **a_catalog().endpoints,
            "alice": an_endpoint("alice", may_dial_out=True, number_plan=("+33",)),
        }
        self.trunks.plans = {"alice": "+33", HOUSE: "+33", None: ""}
        self.center.set_up(a_catalog(trunks={"carrier": trunk}, endpoints=endpoints))
        self.turn()
