"""A session between a customer's pages and those who watch."""

import json
import logging
from typing import Any

import pytest
from unit.agent_ui.cobrowse.mirrored import POLICY, Json, PageMaker, meta, mutation, snapshot, typed

from agent_ui.cobrowse.parties import About, Page, Viewer, Watcher
from agent_ui.cobrowse.policy import signed
from agent_ui.cobrowse.session import AWAY_TIME, UNWATCHED, Session
from agent_ui.cobrowse.standing import Ports
from agent_ui.cobrowse.stream import WINDOW_BATCHES

ALICE = Watcher("alice", "Alice Martin")
SAM = Watcher("sam", "Sam Supervisor", "supervisor")


class Told:
    """One end of a connection."""

    def __init__(self) -> None:
        self.messages: list[Json] = []

    def __call__(self, text: str) -> None:
        self.messages.append(json.loads(text))

    def of(self, kind: str) -> list[Json]:
        return [one for one in self.messages if one["type"] == kind]

    def last(self, kind: str) -> Json:
        return self.of(kind)[-1]


class Noted(Ports):
    """Keeps what the session tells the world."""

    def __init__(self) -> None:
        self.records: list[tuple[str, str, str]] = []
        self.payments: list[bool] = []

    def record(self, about: About, action: str, by: str, tier: str = "") -> None:
        self.records.append((action, by, tier))

    def paying(self, about: About, on: bool) -> None:
        self.payments.append(on)


class Scene:
    """A session with one page and one viewer, and a clock."""

    def __init__(self) -> None:
        self.maker, self.world, self.now = PageMaker(), Noted(), 0.0
        about = About("s1", "c1", "v1", POLICY, signed(POLICY, "secret"))
        self.session = Session(about, self.world, self.now)
        self.customer, self.agent = Told(), Told()
        self.page = self.session.page_joined("e1", "t1", self.customer, True, self.now)
        self.viewer = self.session.viewer_joined(ALICE, self.agent)
        self.seq = 0
        self.email = self.maker.element("input", {"name": "email"})
        self.document = self.maker.document(self.email, self.maker.element("p", {}, "Total"))

    def page_says(self, kind: str, page: Page | None = None, **parts: Any) -> None:
        self.session.page_said(page or self.page, {"type": kind, **parts}, 100, self.now)

    def agent_says(self, kind: str, viewer: Viewer | None = None, **parts: Any) -> None:
        self.session.viewer_said(viewer or self.viewer, {"type": kind, **parts}, self.now)

    def agrees(self, *tiers: str) -> None:
        for tier in tiers:
            self.agent_says("ask", tier=tier)
            number = self.customer.last("state")["question"]["id"]
            self.page_says("answer", question=number, granted=True)

    def sends(self, *events: Json, seq: int | None = None, **parts: Any) -> None:
        self.seq = seq or self.seq + 1
        self.page_says("batch", epoch="e1", seq=self.seq, t=0, events=list(events), **parts)

    def shows(self) -> None:
        self.agrees("view")
        self.sends(meta(), snapshot(self.document))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_nothing_is_recorded_or_shown_before_the_customer_agrees(scene: Scene) -> None:
    assert scene.customer.last("state")["record"] is False
    scene.sends(meta(), snapshot(scene.document))
    assert scene.agent.of("events") == []
    scene.agent_says("ask", tier="view")
    assert scene.customer.last("state")["question"]["by"] == "Alice Martin"
    assert scene.customer.last("state")["record"] is False
    scene.page_says("answer", question=1, granted=True)
    assert scene.customer.last("state")["record"] is True


def test_a_batch_reaches_the_viewer_and_is_acknowledged(scene: Scene) -> None:
    scene.shows()
    scene.sends(mutation())
    assert [one["seq"] for one in scene.agent.of("events")] == [1, 2]
    assert scene.customer.last("ack")["seq"] == 2


def test_every_step_of_the_consent_is_on_record(scene: Scene) -> None:
    scene.agrees("view", "point")
    scene.page_says("pause")
    scene.page_says("resume")
    scene.page_says("revoke", tier="point")
    scene.agent_says("ask", tier="control")
    scene.now = 31.0
    scene.session.tick(scene.now)
    scene.page_says("stop")
    assert scene.world.records == [
        ("joined", "alice", ""),
        ("asked", "alice", "view"),
        ("granted", "customer", "view"),
        ("asked", "alice", "point"),
        ("granted", "customer", "point"),
        ("paused", "customer", ""),
        ("resumed", "customer", ""),
        ("revoked", "customer", "point"),
        ("asked", "alice", "control"),
        ("timed_out", "system", "control"),
        ("stopped", "customer", ""),
    ]
    assert scene.agent.last("ended")["reason"] == "stopped"


def test_a_late_viewer_gets_the_snapshot_and_all_since(scene: Scene) -> None:
    scene.shows()
    scene.sends(mutation())
    sam = Told()
    scene.session.viewer_joined(SAM, sam)
    assert [one["seq"] for one in sam.of("events")] == [1, 2]
    assert {"name": "Sam Supervisor", "role": "supervisor"} in scene.customer.last("state")["watchers"]
    assert ("joined", "sam", "") in scene.world.records


def test_a_supervisor_who_joins_sees_and_acts_only_once_the_customer_allows_it_to_them(scene: Scene) -> None:
    scene.shows()
    scene.agrees("control")
    told = Told()
    sam = scene.session.viewer_joined(SAM, told)
    assert told.last("state")["tiers"] == {"view": True, "point": False, "control": False}
    click = {"epoch": "e1", "action": "click", "node": scene.email["id"]}
    scene.agent_says("command", sam, id=1, **click)
    assert told.last("refused")["reason"] == "no_consent"
    assert scene.customer.of("command") == []
    scene.agent_says("ask", sam, tier="control")
    question = scene.customer.last("state")["question"]
    assert (question["tier"], question["by"]) == ("control", "Sam Supervisor")
    scene.page_says("answer", question=question["id"], granted=True)
    assert scene.customer.last("state")["controls"] == ["Alice Martin", "Sam Supervisor"]
    scene.agent_says("command", sam, id=2, **click)
    assert scene.customer.last("command")["by"] == "Sam Supervisor"


def test_who_takes_the_contact_over_is_allowed_nothing_that_was_allowed_to_another(scene: Scene) -> None:
    scene.shows()
    scene.agrees("point", "control")
    told = Told()
    scene.session.viewer_joined(Watcher("benoit", "Benoit"), told)
    scene.session.drop_watchers(lambda watcher: watcher.agent != "alice")
    assert scene.customer.last("state")["tiers"] == {"view": True, "point": False, "control": False}
    assert ("revoked", "system", "control") in scene.world.records
    assert told.last("state")["tiers"]["view"] is True


def test_a_viewer_that_was_lost_for_a_moment_keeps_what_its_agent_was_allowed(scene: Scene) -> None:
    scene.shows()
    scene.agrees("control")
    scene.session.viewer_left(scene.viewer)
    scene.session.drop_watchers(lambda watcher: True)
    again = Told()
    scene.session.viewer_joined(ALICE, again)
    assert again.last("state")["tiers"]["control"] is True


def test_a_viewer_that_comes_back_gets_only_what_it_missed(scene: Scene) -> None:
    scene.shows()
    scene.session.viewer_left(scene.viewer)
    scene.sends(mutation())
    again = Told()
    scene.session.viewer_joined(ALICE, again, "e1", 1)
    assert [one["seq"] for one in again.of("events")] == [2]


def test_without_a_kept_snapshot_the_page_is_asked_for_one_once(scene: Scene) -> None:
    scene.shows()
    scene.page.tail.clear()
    late, later = Told(), Told()
    scene.session.viewer_joined(SAM, late)
    scene.session.viewer_joined(Watcher("tom", "Tom"), later)
    assert len(scene.customer.of("snapshot")) == 1
    scene.sends(mutation())
    assert late.of("events") == []
    scene.sends(meta(), snapshot(PageMaker().document()))
    assert [one["seq"] for one in late.of("events")] == [3] == [one["seq"] for one in later.of("events")]


def test_replayed_batches_are_shown_once_and_missing_ones_asked_for(scene: Scene) -> None:
    scene.shows()
    scene.sends(mutation(), seq=2)
    scene.sends(mutation(), seq=2)
    scene.sends(mutation(), seq=5)
    assert [one["seq"] for one in scene.agent.of("events")] == [1, 2]
    assert scene.customer.last("again") == {"type": "again", "have": 2}
    assert scene.session.ended == ""


def test_a_page_that_comes_back_is_told_where_to_go_on(scene: Scene) -> None:
    scene.shows()
    scene.session.page_left(scene.page, scene.customer, 1.0)
    again = Told()
    page = scene.session.page_joined("e1", "t1", again, True, 2.0)
    assert page is scene.page
    assert len(scene.agent.of("events")) == 1
    assert again.last("welcome")["have"] == 1
    assert again.last("state")["record"] is True


def test_a_connection_is_known_by_what_it_is_and_not_by_the_reference_to_its_method(scene: Scene) -> None:
    class Connection:
        def send(self, text: str) -> None:
            """Nobody reads it."""

    connection, later = Connection(), Connection()
    page = scene.session.page_joined("e9", "t9", connection.send, True, 1.0)
    scene.session.page_joined("e9", "t9", later.send, True, 2.0)
    scene.session.page_left(page, connection.send, 3.0)
    assert page.out == later.send
    scene.session.page_left(page, later.send, 4.0)
    assert page.out is None


def test_consent_outlives_a_page_load_but_not_for_long(scene: Scene) -> None:
    scene.shows()
    scene.session.page_left(scene.page, scene.customer, 10.0)
    scene.session.tick(10.0 + AWAY_TIME - 1)
    following = Told()
    scene.session.page_joined("e2", "t1", following, True, 39.0)
    assert following.last("state")["record"] is True
    scene.session.page_left(scene.session.page_joined("e2", "t1", following, True, 39.0), following, 40.0)
    scene.session.tick(40.0 + AWAY_TIME)
    assert scene.session.ended == "page_gone"


def test_the_page_that_is_looked_at_is_the_one_that_is_shown(scene: Scene) -> None:
    scene.shows()
    other = Told()
    second = scene.session.page_joined("e2", "t2", other, False, 1.0)
    assert other.last("state")["record"] is False
    scene.page_says("seen", page=second, on=True)
    assert other.last("state")["record"] is True
    assert scene.customer.last("state")["record"] is False
    batch = {"type": "batch", "epoch": "e2", "seq": 1, "events": [snapshot(PageMaker().document())]}
    scene.session.page_said(second, batch, 9, 1.0)
    assert scene.agent.last("events")["epoch"] == "e2"


def test_pausing_forgets_what_was_seen(scene: Scene) -> None:
    scene.shows()
    scene.page_says("pause")
    assert scene.customer.last("state")["record"] is False
    assert not scene.page.tail.ready
    scene.sends(mutation())
    assert len(scene.agent.of("events")) == 1


def test_a_card_number_ends_the_session_with_an_alarm_that_does_not_repeat_it(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.shows()
    with caplog.at_level(logging.INFO):
        scene.sends(typed(scene.email, "4111111111111111"))
    assert scene.session.ended == "card_number"
    assert scene.customer.last("ended")["reason"] == scene.agent.last("ended")["reason"] == "card_number"
    assert ("stopped", "system", "card_number") in scene.world.records
    assert not scene.page.tail.ready
    assert len(scene.page.inspection.shadow) == 0
    told = caplog.text + json.dumps(scene.agent.messages) + json.dumps(scene.world.records)
    assert "co-browsing s1 ended" in caplog.text
    assert "1111" not in told


@pytest.mark.parametrize(
    "message",
    [
        {"type": "batch", "epoch": "other", "seq": 2, "events": []},
        {"type": "batch", "epoch": "e1", "seq": "2", "events": []},
        {"type": "batch", "epoch": "e1", "seq": 2, "events": {}},
        {"type": "command"},
        {"type": "cursor", "node": "x", "fx": 0, "fy": 0},
        {},
    ],
)
def test_what_our_pages_never_send_ends_the_session(scene: Scene, message: Json) -> None:
    scene.shows()
    scene.session.page_said(scene.page, message, 10, 1.0)
    assert scene.session.ended == "schema"


def test_a_command_reaches_the_page_with_the_agents_name_and_its_result_comes_back(scene: Scene) -> None:
    scene.shows()
    scene.agrees("control")
    scene.agent_says("command", id=7, epoch="e1", action="type", node=scene.email["id"], value="a@b.example")
    told = scene.customer.last("command")
    assert (told["action"], told["value"], told["by"]) == ("type", "a@b.example", "Alice Martin")
    scene.page_says("done", ref=told["ref"], ok=False, reason="covered")
    assert scene.agent.last("done") == {"type": "done", "id": 7, "ok": False, "reason": "covered"}


def test_a_refused_command_is_named_and_logged_without_its_text(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.shows()
    with caplog.at_level(logging.INFO):
        scene.agent_says(
            "command", id=8, epoch="e1", action="type", node=scene.email["id"], value="hush hush"
        )
    assert scene.agent.last("refused") == {"type": "refused", "id": 8, "reason": "no_consent"}
    assert scene.customer.of("command") == []
    assert "refused command type: no_consent" in caplog.text
    assert "hush" not in caplog.text


def test_the_customers_own_input_comes_first(scene: Scene) -> None:
    scene.shows()
    scene.agrees("control")
    scene.page_says("own_input")
    scene.agent_says("command", id=1, epoch="e1", action="click", node=scene.email["id"])
    assert scene.agent.last("refused")["reason"] == "customer_acts"
    scene.now += 2.0
    scene.agent_says("command", id=2, epoch="e1", action="click", node=scene.email["id"])
    assert scene.customer.last("command")["action"] == "click"


def test_who_is_no_longer_with_the_contact_is_sent_away(scene: Scene) -> None:
    scene.shows()
    scene.session.drop_watchers(lambda watcher: watcher.agent != "alice")
    assert scene.agent.last("ended")["reason"] == "not_yours"
    shown = len(scene.agent.of("events"))
    scene.sends(mutation())
    assert len(scene.agent.of("events")) == shown


def test_a_viewer_that_does_not_keep_up_skips_to_what_is_kept(scene: Scene) -> None:
    scene.shows()
    for _ in range(WINDOW_BATCHES + 20):
        scene.sends(mutation())
    shown = len(scene.agent.of("events"))
    assert shown == WINDOW_BATCHES
    scene.agent_says("ack", epoch="e1", seq=WINDOW_BATCHES)
    caught_up = scene.agent.of("events")[shown:]
    assert [one["type"] for one in caught_up[0]["events"]] == [4, 2]
    assert caught_up[0]["reset"] is True
    assert caught_up[-1]["seq"] == scene.seq


def test_what_follows_given_up_events_is_for_everybody(scene: Scene) -> None:
    scene.shows()
    scene.sends(mutation(), meta(), snapshot(PageMaker().document()), reset=True)
    assert scene.agent.last("events")["reset"] is True
    assert [one["type"] for one in scene.agent.last("events")["events"]] == [4, 2]


def test_paying_is_told_and_always_comes_to_its_end(scene: Scene) -> None:
    scene.shows()
    scene.page_says("paying", on=True)
    scene.page_says("paying", on=True)
    assert scene.agent.last("state")["paying"] is True
    scene.page_says("stop")
    assert scene.world.payments == [True, False]


def test_a_page_that_is_left_while_paying_pays_no_longer(scene: Scene) -> None:
    scene.shows()
    scene.page_says("paying", on=True)
    scene.session.page_left(scene.page, scene.customer, 1.0)
    assert scene.world.payments == [True, False]
    assert scene.agent.last("state")["paying"] is False


def test_the_customer_points_and_draws_too(scene: Scene) -> None:
    scene.shows()
    scene.page_says("mark", action="draw", node=scene.email["id"], epoch="e1", points=[[0, 0], [1, 1]])
    assert scene.agent.last("mark")["by"] == "customer"
    scene.page_says("cursor", node=scene.email["id"], fx=0.25, fy=0.5)
    assert scene.agent.last("cursor")["fx"] == 0.25


def test_a_customer_may_offer_to_share_without_being_asked(scene: Scene) -> None:
    scene.page_says("offer")
    assert scene.customer.last("state")["record"] is True
    assert ("offered", "customer", "view") in scene.world.records


def test_while_nobody_watches_nothing_leaves_the_page(scene: Scene) -> None:
    scene.shows()
    scene.session.viewer_left(scene.viewer)
    scene.session.tick(1.0)
    assert scene.customer.last("state")["record"] is True
    scene.session.tick(1.0 + UNWATCHED)
    assert scene.customer.last("state")["record"] is False
    assert not scene.page.tail.ready
    again = Told()
    scene.session.viewer_joined(ALICE, again)
    assert scene.customer.last("state")["record"] is True
    scene.sends(meta(), snapshot(PageMaker().document()))
    assert again.last("events")["seq"] == 2
