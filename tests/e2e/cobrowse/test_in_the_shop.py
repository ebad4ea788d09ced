"""The whole of it, in each language: a customer calls from the shop, shares the checkout, is helped, pays alone,
and orders. After each step the mirror is as the customer's page, and all of it is on the agent's timeline."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import audio
import pytest
from lab import Events, Lab
from playwright.sync_api import Frame, Locator, Page, expect

from agent_ui.cobrowse.demo import SHARED
from agent_ui.texts import Texts
from agent_ui.widget.parts import widget_texts
from orders.adapters.demo import DEMO_CALLERS
from tests.browser_desk.desk import WIDE, Desk, Desks
from tests.e2e.cobrowse.conftest import same, until, waited
from tests.e2e.test_shop_and_desk import AGENT_HZ, CARD, CUSTOMER_HZ, desks, lab, put_in, signed_in

__all__ = ["desks", "lab"]

AGENTS = {"en": "alice", "fr": "benoit", "pt": "carla"}
ALLOW = {"en": "Allow", "fr": "Autoriser", "pt": "Permitir"}
STOP = {"en": "Stop sharing", "fr": "Arrêter le partage", "pt": "Parar a partilha"}
SHARE = [f"name:{name}" for name in SHARED]
DESK, WIDGET = Texts.shipped(), widget_texts()
LOUD, SILENT = -30.0, -60.0
MIDDLE = """([selector, place]) => { const found = document.querySelectorAll(selector)[place];
    const r = found?.getBoundingClientRect();
    return r && [(r.left + r.width / 2) / innerWidth, (r.top + r.height / 2) / innerHeight]; }"""


@dataclass
class Story:
    """A customer in the shop and the agent who helps, in one language."""

    lab: Lab
    events: Events
    customer: Page
    desk: Desk
    language: str

    @property
    def page(self) -> Page:
        """The agent's page."""
        return self.desk.page

    def says(self, key: str, **values: str) -> str:
        """The desk's words."""
        return DESK.say(self.language, key, **values)

    def asks(self, text: str, button: str) -> None:
        """The agent asks, the customer allows it, the desk says so."""
        self.page.get_by_role("button", name=self.says(button)).click()
        self.customer.get_by_role("button", name=ALLOW[self.language], exact=True).click()
        expect(self.page.get_by_text(self.says(text), exact=False).first).to_be_visible(timeout=15_000)

    @property
    def viewer(self) -> Frame:
        """The viewer's document."""
        return next(frame for frame in self.page.frames if "/cobrowse/v1/viewer/" in frame.url)

    def mirror(self) -> Frame:
        """The mirror's document on the desk."""
        found: list[Frame] = []

        def shown() -> bool:
            self.page.evaluate("true")
            found[:] = [one for one in self.viewer.child_frames if one.frame_element().is_visible()]
            return bool(found)

        until(shown)
        return found[-1]

    def same(self) -> None:
        """The mirror comes to be as the page."""
        same(self.customer, self.mirror, SHARE)

    def clicks(self, selector: str, place: int = 0) -> None:
        """The agent's mouse, on the n-th of these elements of the mirror."""
        middle = waited(lambda: self.mirror().evaluate(MIDDLE, [selector, place]))
        box = self.mirror().frame_element().bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + middle[0] * box["width"], box["y"] + middle[1] * box["height"])

    def goes_on(self, path: str) -> None:
        """The customer takes the next step of the checkout."""
        self.customer.click(".step button")
        self.customer.wait_for_url(f"**/{path}")
        self.same()

    def timeline(self) -> Locator:
        """What the desk tells of the contact, the last thing first."""
        return self.page.get_by_role("region", name=self.says("timeline.title")).get_by_role("listitem")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_an_order_is_finished_with_the_agents_help(
    lab: Lab, desks: Desks, tmp_path: Path, language: str
) -> None:
    who = next(one for one in DEMO_CALLERS if one.language == language)
    agent = AGENTS[language]
    with signed_in(lab, desks, tmp_path, who) as customer:
        frames: list[str] = []
        customer.on("websocket", lambda socket: socket.on("framesent", lambda data: frames.append(str(data))))
        desk = desks.open(agent, language=language)
        story = Story(lab, lab.events(), customer, desk, language)
        expect(desk.page.locator("html")).to_have_attribute("lang", language)
        contact, name = calls(story, agent)
        shares_the_cart(story, name)
        fills_in_the_address(story)
        all_is_in_sight(story)
        pays(story, contact)
        number = orders(story)
        is_on_the_timeline(story, name, number)
        is_on_record(story, who.customer_id, agent, number)
        # The call's own signalling, which is no JSON, is full of random numbers.
        sent = "".join(one for one in frames if one.startswith("{"))
        assert "Bristol" in sent, "the messages are not recorded"
        assert "4242" not in sent
        customer.get_by_role("button", name=STOP[language]).click()
        expect(desk.page.get_by_text(story.says("cobrowse.ended"))).to_be_visible(timeout=15_000)
        desk.button(story.says("call.hang_up")).click()
        was_not_recorded_while_paying(story, contact)
        lab.api("PUT", f"/agents/{agent}/status", {"status": "offline"}, actor=agent)


def calls(story: Story, agent: str) -> tuple[str, str]:
    """The customer puts something into the cart and calls the agent from the page; the contact and their name."""
    say: Callable[..., str] = lambda text, **values: WIDGET.say(story.language, text, **values)  # noqa: E731
    expect(story.page.locator(".softphone-button")).to_be_visible(timeout=15_000)
    until(lambda: registered(story.lab, agent))
    story.lab.available(agent)
    put_in(story.customer, "hom-204", story.language)
    story.customer.get_by_role("button", name=say("open")).click()
    story.customer.get_by_role("button", name=say("call.now")).click()
    story.events.wait("flow.node_entered", lambda e: e["node"] == "main")
    story.customer.get_by_role("button", name=say("call.key").replace("{key}", "0"), exact=True).click()
    accept = story.desk.button(story.says("offer.accept"))
    expect(accept).to_be_visible(timeout=15_000)
    accept.click()
    contact = str(story.events.wait("call.bridged")["contact"])
    shown = {one["id"]: one["name"] for one in story.lab.snapshot()["agents"]}
    name = str(shown[agent])
    said = say("call.talking", name=name.split()[0])
    story.customer.locator("comptoir-widget .line", has_text=said).wait_for(timeout=20_000)
    return contact, name


def registered(lab: Lab, agent: str) -> bool:
    """Whether the telephone in the agent's page is there."""
    return any(one["id"] == agent and one["phone_registered"] for one in lab.snapshot()["agents"])


def shares_the_cart(story: Story, name: str) -> None:
    """The agent sees the cart's page, and makes the order ready for the customer to confirm."""
    story.asks("cobrowse.shared", "cobrowse.ask_view")
    story.same()
    story.page.get_by_role("button", name=story.says("cart.prepare")).click()
    expect(story.customer.locator("main")).to_contain_text(name.split()[0])
    story.same()


def fills_in_the_address(story: Story) -> None:
    """The agent types the town and chooses the delivery, where the customer has allowed it."""
    story.customer.goto(f"/{story.language}/checkout")
    story.same()
    story.asks("cobrowse.controlled", "cobrowse.ask_control")
    story.page.get_by_role("button", name=story.says("cobrowse.tool_control"), exact=True).click()
    story.clicks("[name=city]")
    story.viewer.locator("input.editor").fill("Bristol")
    until(lambda: story.customer.input_value("[name=city]") == "Bristol")
    story.page.keyboard.press("Escape")
    story.same()
    story.customer.wait_for_timeout(300)
    story.goes_on("delivery")
    point = "input[value=point]"
    ways = story.customer.locator("[name=delivery]").evaluate_all("all => all.map(one => one.value)")

    def chosen() -> bool:
        """The customer has just clicked and goes first for two seconds."""
        story.clicks("[name=delivery]", ways.index("point"))
        story.customer.wait_for_timeout(300)
        return story.customer.is_checked(point)

    until(chosen)
    story.same()
    story.goes_on("payment")


def pays(story: Story, contact: str) -> None:
    """The card is the customer's alone: nothing of it leaves the frame, and the recording pauses meanwhile."""
    of_it: Callable[[Any], bool] = lambda e: e["contact"] == contact  # noqa: E731
    frame = story.customer.frame_locator(".payment-frame")
    frame.locator("#number").click()
    bar = story.page.locator(".cobrowse-bar")
    expect(bar).to_contain_text(story.says("cobrowse.paying"), timeout=15_000)
    story.events.wait("recording.paused", of_it)
    frame.locator("#number").fill(CARD)
    frame.locator("#expiry").fill("12/30")
    frame.locator("#code").fill("737")
    story.same()
    story.customer.wait_for_timeout(2000)
    frame.locator("button").click()
    story.customer.wait_for_url("**/review")
    story.events.wait("recording.resumed", of_it)
    story.same()
    assert "Bristol" in story.mirror().evaluate("document.body.innerText")


def orders(story: Story) -> str:
    """The agent cannot place the order, the customer does; its number."""
    place = "[data-once] button"
    story.mirror().evaluate("s => document.querySelector(s).scrollIntoView()", place)

    def refused() -> bool:
        story.clicks(place)
        story.page.wait_for_timeout(300)
        return story.says("cobrowse.refused.pays") in story.page.locator(".cobrowse-bar").inner_text()

    until(refused)
    story.customer.click(place)
    story.customer.wait_for_url("**/done")
    story.same()
    number = story.customer.inner_text("#order-number")
    assert number in story.mirror().evaluate("document.body.innerText")
    return number


def all_is_in_sight(story: Story) -> None:
    """The mirror, the cart with its steps, and the timeline are in the window at once, and nothing scrolls."""
    story.page.locator(".customer").evaluate("one => one.scrollTo(0, 0)")
    for shown in (
        ".cobrowse-frame",
        ".live-cart .stepper",
        ".timeline-all",
        ".stage-call button[data-command=hold]",
    ):
        box = story.page.locator(shown).bounding_box()
        assert box is not None, shown
        assert box["y"] >= 0 and box["y"] + box["height"] <= WIDE["height"], (shown, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= WIDE["width"], (shown, box)
    assert story.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def is_on_the_timeline(story: Story, name: str, number: str) -> None:
    """What happened, in order, in the agent's language."""
    customer = story.says("cart.who.customer")
    wanted = [
        story.says("timeline.contact.began", who=customer),
        story.says("timeline.agent.came", who=name),
        story.says("timeline.cobrowse.asked.view", who=name),
        story.says("timeline.cobrowse.granted.view", who=customer),
        f"{name} {story.says('cart.change.prepared')}",
        story.says("timeline.cobrowse.granted.control", who=customer),
        story.says("timeline.paying.began", who=customer),
        story.says("timeline.recording.paused"),
        story.says("timeline.recording.resumed"),
        story.says("timeline.order.placed", who=customer, number=number),
    ]
    expect(story.timeline().filter(has_text=number)).to_have_count(1, timeout=15_000)
    told = [text.casefold() for text in reversed(story.timeline().all_inner_texts())]
    places = [next((n for n, text in enumerate(told) if one.casefold() in text), -1) for one in wanted]
    assert -1 not in places, (wanted[places.index(-1)], told)
    assert places == sorted(places), list(zip(wanted, places, strict=True))


def is_on_record(story: Story, customer_id: str, agent: str, number: str) -> None:
    """The order is the customer's own; who helped, and what was agreed to, is beside it."""
    order = story.lab.rows("select * from shop_order where number = :number", number=number)[0]
    assert order["customer_id"] == customer_id
    audited = story.lab.rows(
        "select action, actor_kind, actor_id from shop_audit where subject_id in (:order, :cart) order by serial",
        order=order["id"], cart=order["cart_id"],
    )  # fmt: skip
    done = [(one["action"], one["actor_kind"], one["actor_id"]) for one in audited]
    assert ("cart.prepared", "agent", agent) in done
    assert ("order.placed", "customer", customer_id) in done
    agreed = story.lab.rows(
        "select action, tier, c.by as who from cobrowse_consent c where c.by in (:agent, 'customer')"
        " and session = (select session from cobrowse_consent x where x.by = :agent limit 1) order by id",
        agent=agent,
    )
    assert [(one["action"], one["tier"], one["who"]) for one in agreed][:5] == [
        ("joined", "", agent),
        ("asked", "view", agent),
        ("granted", "view", "customer"),
        ("asked", "control", agent),
        ("granted", "control", "customer"),
    ]


def was_not_recorded_while_paying(story: Story, contact: str) -> None:
    """Both are heard in the recording before and after, and nobody in between."""
    story.events.wait("recording.finished", lambda e: e["contact"] == contact)
    rows = story.lab.wait_for_rows(
        "select * from recording where contact_id = :id",
        lambda rows: bool(rows) and rows[0]["state"] == "finished",
        id=contact,
    )
    path, pauses = Path(rows[0]["path"]), rows[0]["pauses"]
    ((began, ended),) = json.loads(pauses) if isinstance(pauses, str) else pauses
    print(f"{story.language}: paused from {began:.1f} s to {ended:.1f} s of {rows[0]['seconds']:.1f} s")
    middle = (began + ended) / 2
    for channel, hertz in ((0, CUSTOMER_HZ), (1, AGENT_HZ)):
        assert audio.tone_level(path, hertz, began - 1.5, began - 0.5, channel) > LOUD
        assert audio.level(path, middle - 0.4, middle + 0.4, channel) < SILENT
        assert audio.tone_level(path, hertz, ended + 0.5, ended + 1.5, channel) > LOUD
