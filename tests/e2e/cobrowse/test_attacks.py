"""What is said over raw WebSockets by those who mean harm: refused, logged without content, and others go on.

A table: who does what, and what comes of it. Beside each attack an honest session goes on; the one that is attacked
is intact afterwards, or has ended as specified.
"""

import json
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner
from unit.agent_ui.cobrowse.mirrored import PageMaker, added, event, meta, mutation, snapshot, typed

from tests.e2e.cobrowse.conftest import Server
from tests.e2e.cobrowse.raw import Desk, Peer, Scene, watch

Json = dict[str, Any]
CARD = "4929421234600821"
SECRET = "SENTINEL-ATTACK"
MARK = "•••"


class World:
    """A scene that is shared, with a page whose parts are known."""

    def __init__(self, server: Server, desks: dict[str, Desk]) -> None:
        self.server, self.desks = server, desks
        self.scene = Scene(server, desks["alice"], "alice")
        self.page, self.viewer = self.scene.page, self.scene.viewer
        self.scene.agrees("view")
        make = self.make = PageMaker()
        self.title = make.text("Total")
        self.email = make.element("input", {"name": "email"})
        self.phone = make.element("input", {"name": "phone"})
        self.cvv = make.element("input", {"name": "cvv", "autocomplete": "cc-csc"})
        self.pay = make.element("button", {"id": "pay"}, "Go on")
        self.box = make.element("p", {}, self.title)
        self.document = make.document(self.box, self.email, self.phone, self.cvv, self.pay)
        self.scene.tells(meta(), snapshot(self.document))
        self.viewer.first("events", seq=1)

    def changes(self, text: str) -> Json:
        """The page's title changes."""
        return mutation(texts=[{"id": self.title["id"], "value": text}])

    def commands(self, action: object, at: Json, **parts: Any) -> str:
        """What comes of an agent's command: why it was refused, or that it was sent on."""
        number = int(time.monotonic_ns() % 2**31)
        command = {
            "type": "command",
            "id": number,
            "epoch": self.scene.epoch,
            "action": action,
            "node": at["id"],
        }
        self.viewer.says({**command, "value": SECRET, **parts})
        self.viewer.settle()
        refused = [one for one in self.viewer.got if one["type"] == "refused" and one["id"] == number]
        return str(refused[0]["reason"]) if refused else "sent on"

    def ended(self) -> str:
        """Why the session ended, as the viewer is told."""
        return "ended: " + str(self.viewer.first("ended")["reason"])

    def passed(self) -> Json:
        """What came to the viewer of the batch that was sent last."""
        return self.viewer.first("events", seq=self.scene.seq)

    def page_sends(self, *events: Json) -> str:
        self.scene.tells(*events)
        self.viewer.until(
            lambda: any(one["type"] == "ended" or one.get("seq") == self.scene.seq for one in self.viewer.got)
        )
        over = any(one["type"] == "ended" for one in self.viewer.got)
        return self.ended() if over else "passed"


Attack = Callable[[World], str]


def adds(*nodes: Json) -> Callable[[World], Json]:
    return lambda world: mutation(adds=[added(world.box, node) for node in nodes])


# -- pages that send what no recorder sends


def scripts(world: World) -> str:
    """Scripts, handlers, addresses that run: stripped, the rest is shown."""
    make = world.make
    bad = make.element(
        "div", {"onclick": SECRET, "class": "kept"},
        make.element("script", {"src": "https://x.example/" + SECRET}, SECRET),
        make.element("a", {"href": "java\tscript:" + SECRET}, "link"),
        make.element("iframe", {"srcdoc": SECRET, "src": "https://x.example/" + SECRET}),
        make.element("set", {"attributeName": "href", "to": "javascript:" + SECRET}),
        make.element("meta", {"http-equiv": "refresh", "content": "0;url=" + SECRET}),
        make.element("form", {"action": "https://x.example/" + SECRET}),
        make.element("object", {"data": "https://x.example/" + SECRET}),
    )  # fmt: skip
    world.scene.tells(adds(bad)(world))
    passed = json.dumps(world.passed())
    assert "kept" in passed
    return "stripped" if SECRET not in passed else "came through"


def canvas(world: World) -> str:
    return world.page_sends(event(3, {"source": 9, "id": 1, "type": 0, "commands": [SECRET]}))


def giant_string(world: World) -> str:
    return world.page_sends(world.changes(SECRET * 100_000))


def deep_nesting(world: World) -> str:
    """Deeper than any page, each level allowed by itself."""
    inner = world.make.element("b", {}, SECRET)
    for _ in range(405):
        inner = world.make.element("b", {}, inner)
    return world.page_sends(adds(inner)(world))


def absurd_nesting(world: World) -> str:
    world.page.says_text('{"type":"batch","events":' + "[" * 200_000)
    return f"closed: {world.page.closed()}"


def no_json(world: World) -> str:
    world.page.says_text("{" + SECRET)
    return f"closed: {world.page.closed()}"


def no_number(world: World) -> str:
    world.page.says_text('{"type":"cursor","node":1,"fx":NaN,"fy":Infinity}')
    return f"closed: {world.page.closed()}"


def endless_number(world: World) -> str:
    """A number beyond all numbers, which would be none of JSON's when it is passed on."""
    change = {"id": world.box["id"], "attributes": {"width": 0}}
    told = json.dumps(mutation(attributes=[change])).replace('"width": 0', '"width": 1e999')
    world.scene.seq += 1
    world.page.says_text(
        f'{{"type":"batch","epoch":"{world.scene.epoch}","seq":{world.scene.seq},"events":[{told}]}}'
    )
    return world.ended()


def half_a_character(world: World) -> str:
    """Half of a character, which cannot be sent on as it is: replaced, the rest is shown."""
    world.scene.tells(world.changes("half \ud83d of it"))
    (told,) = world.passed()["events"]
    return "shown: " + told["data"]["texts"][0]["value"]


def forged_parent(world: World) -> str:
    return world.page_sends(
        mutation(adds=[{"parentId": 99_999, "nextId": None, "node": world.make.text(SECRET)}])
    )


def forged_number(world: World) -> str:
    copy = world.make.element("p", {}, {**world.make.text(SECRET), "id": world.title["id"]})
    return world.page_sends(adds(copy)(world))


def forged_field(world: World) -> str:
    return world.page_sends(typed(world.box, SECRET))


def unmasked(world: World) -> str:
    return world.page_sends(typed(world.phone, SECRET))


def unmasked_card_field(world: World) -> str:
    return world.page_sends(typed(world.cvv, "739"))


def card_number(world: World) -> str:
    return world.page_sends(world.changes(f"Your card {CARD}"))


def card_number_in_parts(world: World) -> str:
    world.page_sends(world.changes(CARD[:8]))
    return world.page_sends(adds(world.make.text(CARD[8:]))(world))


def replayed(world: World) -> str:
    """The same batch again, and one before it: heard once."""
    world.scene.tells(world.changes("once"))
    world.passed()
    for seq in (world.scene.seq, 1):
        world.page.says(
            {"type": "batch", "epoch": world.scene.epoch, "seq": seq, "events": [world.changes(SECRET)]}
        )
    world.page.settle()
    world.viewer.settle()
    return "not shown" if SECRET not in json.dumps(world.scene.shown()) else "shown again"


def reordered(world: World) -> str:
    """A batch that is not the next one: sent back to where it is due."""
    world.page.says(
        {"type": "batch", "epoch": world.scene.epoch, "seq": 9, "events": [world.changes(SECRET)]}
    )
    have = world.page.first("again")["have"]
    world.viewer.settle()
    assert SECRET not in json.dumps(world.scene.shown())
    return f"again, from {have}"


def other_epoch(world: World) -> str:
    world.page.says({"type": "batch", "epoch": "another", "seq": 2, "events": [world.changes(SECRET)]})
    return world.ended()


def unknown_message(world: World) -> str:
    world.page.says({"type": SECRET})
    return world.ended()


def agents_words(world: World) -> str:
    """A page that commands as an agent does."""
    world.page.says({"type": "command", "action": "click", "node": 1, "epoch": world.scene.epoch, "id": 1})
    return world.ended()


def words_in_a_mark(world: World) -> str:
    """A mark with a text in it: the mark is shown, the text is not."""
    epoch, node = world.scene.epoch, world.box["id"]
    world.page.says(
        {"type": "mark", "action": "highlight", "epoch": epoch, "node": node, "id": 1, "value": CARD}
    )
    return "shown: " + json.dumps(world.viewer.first("mark")["value"])


def words_in_an_answer(world: World) -> str:
    """What came of a command is one of a few words, not whatever a page likes to tell."""
    world.scene.agrees("control")
    assert world.commands("click", world.email) == "sent on"
    ref = world.page.first("command")["ref"]
    world.page.says({"type": "done", "ref": ref, "ok": False, "reason": CARD})
    return "shown: " + json.dumps(world.viewer.first("done")["reason"])


def changes_of_an_unknown_page(world: World) -> str:
    """Another page begins with changes of what nobody has seen."""
    other = world.scene.shares(world.scene.visitor["token"], "unknown")
    other.first("welcome")
    node = {"parentId": 1, "nextId": None, "node": {"type": 3, "id": 2, "textContent": SECRET}}
    other.says({"type": "batch", "epoch": "unknown", "seq": 1, "events": [mutation(adds=[node])]})
    other.settle()
    other.end()
    world.page.says({"type": "seen", "on": True})
    world.page.settle()
    world.viewer.settle()
    return "not shown" if SECRET not in json.dumps(world.viewer.got) else "shown"


# -- connections


def frame(opcode: int, payload: bytes, flags: int = 0x80, masked: bool = True) -> bytes:
    """One WebSocket frame, as wrong as it is wanted."""
    size = len(payload)
    head = struct.pack(
        "!BB", flags | opcode, (0x80 if masked else 0) | min(size, 126 if size < 65536 else 127)
    )
    if size >= 126:
        head += struct.pack("!H", size) if size < 65536 else struct.pack("!Q", size)
    return head + (bytes(4) if masked else b"") + payload


def deflated(data: bytes) -> bytes:
    compressor = zlib.compressobj(9, wbits=-15)
    return compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)[:-4]


def raw(data: bytes) -> Attack:
    def act(world: World) -> str:
        world.page.sends(data)
        return f"closed: {world.page.closed()}"

    return act


def bomb(world: World) -> str:
    """A message of some kilobytes that would be 400 megabytes."""
    before = world.server.do("wire")["rss_kb"]
    world.page.sends(frame(1, deflated(b" " * 400_000_000), 0xC0))
    code = world.page.closed()
    grown = (world.server.do("wire")["rss_kb"] - before) / 1024
    print(f"a message made to explode to 400 MB: the server grew by {grown:.0f} MB")
    assert grown < 64
    return f"closed: {code}"


def oversized(world: World) -> str:
    world.page.says({"type": "ping", "more": "x" * 9_000_000})
    return f"closed: {world.page.closed()}"


def flood(world: World) -> str:
    for _ in range(3000):
        world.page.says({"type": "seen", "on": True})
    return f"closed: {world.page.closed()}"


def viewer_flood(world: World) -> str:
    for _ in range(3000):
        world.viewer.says({"type": "snapshot"})
    return f"closed: {world.viewer.closed()}"


def foreign_page(world: World) -> str:
    return f"refused: {world.scene.shares(world.scene.visitor['token'], 'e', 'https://evil.example').code}"


def foreign_viewer(origin: Callable[[World], str]) -> Attack:
    def act(world: World) -> str:
        ticket, viewer = world.scene.desk.ticket(world.scene.contact)
        return f"refused: {world.scene.watches(ticket, viewer, origin(world)).code}"

    return act


def knocks(hello: Callable[[World], Json]) -> Attack:
    """Another connection that says it is a page of this customer."""

    def act(world: World) -> str:
        peer = world.scene.peer(world.server.socket, world.server.shop)
        peer.says({"type": "hello", "epoch": "e", "tab": "t", **hello(world)})
        peer.until(lambda: peer.code or peer.got)
        return f"closed: {peer.code}" if peer.code else str(peer.got[0]["type"])

    return act


def another_visitor(world: World) -> Json:
    """The token of a visitor whose page nobody wants to see."""
    return {"token": world.server.do("stranger")["token"]}


def many_pages(world: World) -> str:
    """More pages of one customer than anybody has open."""
    pages = [world.scene.shares(world.scene.visitor["token"], f"p{n}", visible=False) for n in range(8)]
    for page in pages[:-1]:
        page.first("welcome")
    code = pages[-1].closed()
    for page in pages:
        page.end()
    return f"closed: {code}"


# -- viewers and agents


def command(action: object, at: str, *tiers: str, **parts: Any) -> Attack:
    def act(world: World) -> str:
        world.scene.agrees(*tiers)
        return "refused: " + world.commands(action, getattr(world, at), **parts)

    return act


def too_fast(world: World) -> str:
    world.scene.agrees("control")
    reasons = [world.commands("scroll", world.box, fy=0.5) for _ in range(3)]
    told = {"type": "command", "epoch": world.scene.epoch, "action": "scroll", "node": world.box["id"]}
    for number in range(200):
        world.viewer.says({**told, "id": number})
    world.viewer.settle()
    reasons += [one["reason"] for one in world.viewer.got if one["type"] == "refused"]
    return "refused: " + ", ".join(sorted(set(reasons) - {"sent on"}))


def grants_itself(world: World) -> str:
    """A viewer that answers in the customer's place."""
    world.viewer.says({"type": "ask", "tier": "control"})
    state = world.viewer.until(lambda: (s := world.scene.viewer.last_state())["question"] and s)
    world.viewer.says({"type": "answer", "question": state["question"]["id"], "granted": True, "id": 5})
    reason = world.viewer.first("refused", id=5)["reason"]
    assert not world.viewer.last_state()["tiers"]["control"]
    world.viewer.says({"type": "withdraw"})
    world.viewer.settle()
    return f"refused: {reason}"


def another_agent(world: World) -> str:
    """An agent who does not have the contact gets no ticket."""
    return f"refused: {world.desks['benoit'].asks(world.scene.contact).status_code}"


def ticket_twice(world: World) -> str:
    ticket, origin = world.scene.desk.ticket(world.scene.contact)
    world.scene.watches(ticket, origin).first("state")
    return f"closed: {world.scene.watches(ticket, origin).closed()}"


class _Earlier(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(time.time()) - 70


def stale_ticket(world: World) -> str:
    """A ticket of ours, a minute too old."""
    ticket, origin = world.scene.desk.ticket(world.scene.contact)
    ours = {"salt": "comptoir cobrowse viewer"}
    parts = URLSafeTimedSerializer("widget " * 6, **ours).loads(ticket)
    stale = URLSafeTimedSerializer("widget " * 6, signer=_Earlier, **ours).dumps(parts)
    return f"closed: {world.scene.watches(stale, origin).closed()}"


def forged_ticket(world: World) -> str:
    ticket, origin = world.scene.desk.ticket(world.scene.contact)
    codes = {world.scene.watches(one, origin).closed() for one in (ticket[:-2], "", None, 7, {"a": 1})}
    return f"closed: {codes}"


def signed_out_before(world: World) -> str:
    desk = Desk(world.server, "alice")
    ticket, origin = desk.ticket(world.scene.contact)
    desk.leaves()
    return f"closed: {world.scene.watches(ticket, origin).closed()}"


def signed_out_while_watching(world: World) -> str:
    """Signing out shows the viewer the door, and what it says from then on is not heard."""
    desk = Desk(world.server, "alice")
    viewer = world.scene.watches(*desk.ticket(world.scene.contact))
    viewer.first("events", seq=1)
    desk.leaves()
    reason = viewer.first("ended")["reason"]
    viewer.says({"type": "stop"})
    viewer.closed()
    world.scene.tells(world.changes(SECRET))
    world.passed()
    assert SECRET not in json.dumps(viewer.got)
    return f"ended for it: {reason}"


@dataclass(frozen=True)
class Row:
    """One attack, what comes of it, and what the log says, which never has a word of what was sent."""

    act: Attack
    outcome: str
    log: str = ""


CLOSED_UNREAD = "a co-browsing connection is closed: it said what cannot be read"
TABLE: dict[str, Row] = {
    "scripts, handlers, addresses that run": Row(scripts, "stripped"),
    "an event that is never recorded": Row(canvas, "ended: unknown_event", "the page sent unknown_event"),
    "a giant string": Row(giant_string, "ended: too_long", "the page sent too_long"),
    "deep nesting": Row(deep_nesting, "ended: too_large", "the page sent too_large"),
    "absurd nesting": Row(absurd_nesting, "closed: 4400", CLOSED_UNREAD),
    "no JSON": Row(no_json, "closed: 4400", CLOSED_UNREAD),
    "what is no number": Row(no_number, "closed: 4400", CLOSED_UNREAD),
    "a number beyond all numbers": Row(endless_number, "ended: schema", "the page sent schema"),
    "half a character": Row(half_a_character, "shown: half \ufffd of it"),
    "a node below one that is not there": Row(forged_parent, "ended: forged_id", "the page sent forged_id"),
    "a node with another's number": Row(forged_number, "ended: forged_id", "the page sent forged_id"),
    "typing into what is no field": Row(forged_field, "ended: forged_id", "the page sent forged_id"),
    "a private field, not masked": Row(unmasked, "ended: unmasked", "the page sent unmasked"),
    "a card's code, not masked": Row(unmasked_card_field, "ended: unmasked", "the page sent unmasked"),
    "a card's number": Row(card_number, "ended: card_number", "the page sent card_number"),
    "a card's number in parts": Row(card_number_in_parts, "ended: card_number", "the page sent card_number"),
    "a replayed batch": Row(replayed, "not shown"),
    "a batch out of order": Row(reordered, "again, from 1"),
    "a batch of another page": Row(other_epoch, "ended: schema", "the page sent schema"),
    "a message that is none": Row(unknown_message, "ended: schema", "the page sent schema"),
    "a page that speaks as an agent": Row(agents_words, "ended: schema", "the page sent schema"),
    "words in a mark": Row(words_in_a_mark, 'shown: ""'),
    "words in an answer": Row(words_in_an_answer, 'shown: ""'),
    "changes of a page that nobody knows": Row(changes_of_an_unknown_page, "not shown"),
    "a message made to explode": Row(bomb, "closed: 1009"),
    "an oversized message": Row(oversized, "closed: 1009"),
    "a frame that is not masked": Row(raw(frame(1, b"{}", masked=False)), "closed: 1002"),
    "a frame of no known kind": Row(raw(frame(11, b"{}")), "closed: 1002"),
    "a frame with flags of nobody's": Row(raw(frame(1, b"{}", 0xB0)), "closed: 1002"),
    "text that is none": Row(raw(frame(1, b'{"type":"\xff\xfe"}')), "closed: 1007"),
    "data that cannot be inflated": Row(raw(frame(1, b"\xff" * 40, 0xC0)), "closed: 1007"),
    "too many messages of a page": Row(flood, "closed: 4430", "it says too much"),
    "too many messages of a viewer": Row(viewer_flood, "closed: 4430", "it says too much"),
    "a page of a stranger's origin": Row(foreign_page, "refused: 403"),
    "a viewer of a stranger's origin": Row(foreign_viewer(lambda _: "https://evil.example"), "refused: 403"),
    "a viewer of the desk's origin": Row(foreign_viewer(lambda world: world.server.url), "refused: 403"),
    "a viewer of no origin": Row(foreign_viewer(lambda _: "null"), "refused: 403"),
    "another visitor's token": Row(knocks(another_visitor), "none"),
    "a forged token": Row(
        knocks(lambda w: {"token": w.scene.visitor["token"][:-3]}), "closed: 4401", "refused"
    ),
    "no token": Row(knocks(lambda _: {"token": None}), "closed: 4401", "refused"),
    "a page with no number of ours": Row(
        knocks(lambda w: {"token": w.scene.visitor["token"], "epoch": CARD + "!"}), "closed: 4401", "refused"
    ),
    "more pages than anybody has": Row(many_pages, "closed: 4401", "refused"),
    "control without consent": Row(command("click", "email"), "refused: no_consent", "no_consent"),
    "pointing without consent": Row(command("highlight", "email"), "refused: no_consent", "no_consent"),
    "typing with consent to point only": Row(
        command("type", "email", "point"), "refused: no_consent", "no_consent"
    ),
    "typing into a masked field": Row(command("type", "phone", "control"), "refused: masked", "masked"),
    "typing into a card's field": Row(command("type", "cvv", "control"), "refused: sensitive", "sensitive"),
    "typing a card's number": Row(
        command("type", "email", "control", value=CARD), "refused: card_number", "card_number"
    ),
    "pressing the button that pays": Row(command("click", "pay", "control"), "refused: pays", "pays"),
    "a command for a page that was left": Row(
        command("click", "email", "control", epoch="earlier"), "refused: other_page", "other_page"
    ),
    "a command for a node that is not there": Row(
        command("click", "email", "control", node=99_999), "refused: no_such_element", "no_such_element"
    ),
    "an action that is none": Row(command([SECRET], "email", "control"), "refused: malformed", "malformed"),
    "a value that is none": Row(
        command("type", "email", "control", value={"a": SECRET}), "refused: malformed", "malformed"
    ),
    "commands faster than hands": Row(too_fast, "refused: too_fast", "too_fast"),
    "a viewer that consents for the customer": Row(grants_itself, "refused: malformed", "malformed"),
    "another contact's agent": Row(another_agent, "refused: 404"),
    "a ticket twice": Row(ticket_twice, "closed: 4401", "refused"),
    "a stale ticket": Row(stale_ticket, "closed: 4401", "refused"),
    "forged tickets": Row(forged_ticket, "closed: {4401}", "refused"),
    "a ticket of somebody who has signed out": Row(signed_out_before, "closed: 4401", "refused"),
    "somebody who signs out while watching": Row(signed_out_while_watching, "ended for it: not_yours"),
}


@pytest.fixture(scope="module")
def desks(server: Server) -> dict[str, Desk]:
    return {name: Desk(server, name) for name in ("alice", "benoit", "sam")}


@pytest.fixture(scope="module")
def beside(server: Server, desks: dict[str, Desk]) -> Iterator[tuple[Scene, Json]]:
    """An honest session of somebody else, and the text that changes in it."""
    scene = Scene(server, desks["benoit"], "benoit")
    scene.agrees("view")
    make = PageMaker()
    title = make.text("0")
    scene.tells(meta(), snapshot(make.document(title)))
    yield scene, title
    scene.ends()


def goes_on(scene: Scene, title: Json) -> None:
    """What the page tells is shown, and both are as they were."""
    word = f"change {scene.seq}"
    scene.tells(mutation(texts=[{"id": title["id"], "value": word}]))
    told = scene.viewer.first("events", seq=scene.seq)
    assert told["events"][0]["data"]["texts"][0]["value"] == word
    assert scene.page.code is None
    assert scene.viewer.code is None


def shares_again(world: World) -> None:
    """A page whose connection was closed connects again, and the session has waited."""
    if world.page.code is not None:
        world.scene.page = world.page = world.scene.shares(world.scene.visitor["token"], world.scene.epoch)
        world.scene.seq = world.page.first("welcome")["have"]
    if world.viewer.code is not None:
        world.scene.viewer = world.viewer = world.scene.watches(*world.scene.desk.ticket(world.scene.contact))
        world.viewer.first("events")


@pytest.mark.parametrize("name", TABLE)
def test_an_attack_is_refused_and_everybody_else_goes_on(
    name: str, server: Server, desks: dict[str, Desk], beside: tuple[Scene, Json]
) -> None:
    row, world = TABLE[name], World(server, desks)
    before = len(server.log)
    outcome = row.act(world)
    assert outcome == row.outcome
    goes_on(*beside)
    if outcome.startswith("ended: "):
        world.page.first("ended")
    else:
        shares_again(world)
        goes_on(world.scene, world.title)
    logged = server.log[before:]
    assert row.log in logged
    for content in (SECRET, CARD, CARD[:8], "javascript", "Traceback"):
        assert content not in logged, logged[:4000]
    world.scene.ends()


def test_a_viewer_that_does_not_read_keeps_nobody_waiting_and_takes_no_memory(
    server: Server, desks: dict[str, Desk]
) -> None:
    """30 MB for a viewer that reads none of it, while a supervisor beside it sees everything."""
    world = World(server, desks)
    ticket, origin = desks["sam"].ticket(world.scene.contact)
    slow = world.scene.peer(watch(origin), origin, little=True)
    slow.says({"type": "hello", "ticket": ticket})
    slow.first("events", seq=1)
    before = server.do("wire")["rss_kb"]
    for number in range(60):
        world.scene.tells(world.changes(f"{number} " + "x" * 500_000))
        world.viewer.first("events", seq=world.scene.seq)
        world.viewer.says({"type": "ack", "epoch": world.scene.epoch, "seq": world.scene.seq})
    grown = (server.do("wire")["rss_kb"] - before) / 1024
    print(f"30 MB past a viewer that does not read: the server grew by {grown:.0f} MB")
    assert grown < 64
    world.scene.tells(meta(), snapshot(world.document))
    last = world.scene.seq
    _acknowledges_all(world, slow, last)
    goes_on(world.scene, world.title)
    world.scene.ends()


def _acknowledges_all(world: World, slow: Peer, last: int) -> None:
    """It reads after all: what it missed is not gone over again, it begins with the latest snapshot."""
    told = 0
    while told < last:
        told = slow.until(
            lambda least=told: next(
                (o["seq"] for o in slow.got if o["type"] == "events" and o["seq"] > least), 0
            )
        )
        slow.says({"type": "ack", "epoch": world.scene.epoch, "seq": told})
    seen = [one["seq"] for one in slow.got if one["type"] == "events"]
    assert len(seen) < last, "all of it was kept for it"


def test_a_page_that_says_more_than_is_listened_to_waits_itself(
    server: Server, desks: dict[str, Desk]
) -> None:
    """Large pages, one upon the other, without waiting: the server does not store them up."""
    world = World(server, desks)
    rows = [world.make.element("p", {"title": "row"}, f"Article {number}") for number in range(6000)]
    document = json.dumps([meta(), snapshot(world.make.document(*rows))])
    before = server.do("wire")["rss_kb"]
    told = f'{{"type":"batch","epoch":"{world.scene.epoch}","seq":%d,"events":{document}}}'
    for seq in range(2, 30):
        world.page.says_text(told % seq)
    grown = (server.do("wire")["rss_kb"] - before) / 1024
    print(f"{28 * len(document) / 1e6:.0f} MB of pages at once: the server grew by {grown:.0f} MB")
    assert grown < 160
    world.scene.ends()


def test_who_connects_and_says_nothing_is_sent_away(server: Server) -> None:
    """Half a frame, and nothing at all: neither holds the door open."""
    silent, half = (Peer(server.socket, server.shop) for _ in range(2))
    half.sends(frame(1, b'{"type":"hello"}')[:6])
    assert (silent.closed(), half.closed()) == (1000, 1000)


def test_the_viewers_origin_knows_no_cookie_and_no_other_page(server: Server, desks: dict[str, Desk]) -> None:
    import requests

    scene = Scene(server, desks["alice"], "alice")
    address = desks["alice"].asks(scene.contact).json()["viewer"]
    origin = address.split("/cobrowse/")[0]
    assert origin != server.url
    found = requests.get(address, timeout=5)
    assert found.status_code == 200
    assert f"frame-ancestors {server.url};" in found.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in found.headers
    assert "X-Frame-Options" not in found.headers
    for path in (
        "/",
        "/login",
        "/desk",
        "/api/me",
        "/widget/v1/cobrowse",
        "/static/dist/.vite/manifest.json",
    ):
        refused = requests.get(origin + path, timeout=5)
        assert refused.status_code == 404, path
        assert "Set-Cookie" not in refused.headers
        assert refused.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert requests.get(address[:-3], timeout=5).status_code == 404
    scene.ends()
