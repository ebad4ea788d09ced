"""What a page sends is looked through before anybody sees it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.agent_ui.cobrowse.mirrored import (
    POLICY,
    Json,
    PageMaker,
    added,
    event,
    meta,
    mutation,
    snapshot,
    typed,
)

from agent_ui.cobrowse.errors import CardNumberSeen, StreamRefused
from agent_ui.cobrowse.inspection import Inspection
from agent_ui.cobrowse.policy import MASK

PAN = "4111111111111111"


def looked_through(*batch: Json) -> list[Json]:
    return Inspection(POLICY).look_through(list(batch))


def refused(*batch: Any) -> str:
    with pytest.raises(StreamRefused) as caught:
        Inspection(POLICY).look_through(list(batch))
    assert PAN not in str(caught.value)
    return caught.value.reason


def test_an_honest_page_passes_unchanged_but_for_its_query(page: PageMaker) -> None:
    button = page.element("button", {"class": "wide", "type": "button"}, "Next")
    document = page.document(page.element("p", {"style": "color: red"}, "Hello"), button)
    passed = looked_through(meta(), snapshot(document))
    assert passed[0]["data"]["href"] == "http://shop.example/checkout"
    assert passed[1] == snapshot(document)


@pytest.mark.parametrize("tag", ["script", "SCRIPT", "svg:script", "object", "embed", "base", "frame"])
def test_elements_that_act_become_empty_ones(page: PageMaker, tag: str) -> None:
    bad = page.element(tag, {"src": "http://x/evil.js"}, "alert(1)")
    looked_through(snapshot(page.document(bad)))
    assert (bad["tagName"], bad["attributes"], bad["childNodes"]) == ("noscript", {}, [])


@pytest.mark.parametrize(
    ("tag", "name", "value"),
    [
        ("img", "onerror", "alert(1)"),
        ("body", "OnLoad", "alert(1)"),
        ("a", "href", "javascript:alert(1)"),
        ("a", "href", " java\tscript:alert(1)"),
        ("a", "xlink:href", "JAVASCRIPT:alert(1)"),
        ("img", "src", "data:text/html,<script>"),
        ("img", "src", "vbscript:x"),
        ("iframe", "src", "https://elsewhere.example/"),
        ("iframe", "srcdoc", "<script>alert(1)</script>"),
        ("iframe", "rr_src", "https://elsewhere.example/"),
        ("form", "action", "https://elsewhere.example/"),
        ("button", "formaction", "https://elsewhere.example/"),
        ("meta", "http-equiv", "refresh"),
        ("meta", "content", "0;url=https://elsewhere.example/"),
        ("link", "rel", "prefetch"),
        ("a", "ping", "https://elsewhere.example/"),
        ("p", 'x"><script', "1"),
    ],
)
def test_attributes_that_act_are_taken_out(page: PageMaker, tag: str, name: str, value: str) -> None:
    inspection = Inspection(POLICY)
    bad = page.element(tag, {name: value, "class": "kept"})
    kept = page.element("p")
    inspection.look_through([snapshot(page.document(bad, kept))])
    assert name not in bad["attributes"]
    assert inspection.stripped >= 1
    change = mutation(attributes=[{"id": bad["id"], "attributes": {name: value, "lang": "fr"}}])
    passed = inspection.look_through([change])[0]["data"]["attributes"][0]["attributes"]
    assert name not in passed


@pytest.mark.parametrize(
    "address", ["/a.png", "https://cdn.example/a.png?x=1:2", "data:image/png;base64,AA", "#x"]
)
def test_pictures_and_links_keep_their_address(page: PageMaker, address: str) -> None:
    image = page.element("img", {"src": address})
    looked_through(snapshot(page.document(image)))
    assert image["attributes"]["src"] == address


def events_of_every_kind(page: PageMaker) -> list[Any]:
    return [
        event(3, {"source": 9, "id": 1, "type": 0, "property": "fillRect", "args": []}),
        event(3, {"source": 10, "family": "x", "fontSource": "x", "buffer": False}),
        event(3, {"source": 11, "payload": ["secret"]}),
        event(3, {"source": 99}),
        event(3, {"source": True}),
        event(5, {"tag": "x", "payload": {}}),
        event(6, {"plugin": "x", "payload": {}}),
        event(7, {"url": "x"}),
        {"type": 2},
        {"type": 4, "data": {}, "timestamp": "now"},
        {**meta(), "extra": 1},
        event(4, {"href": 1, "width": 1, "height": 1}),
        event(3, {"source": 3, "id": "1", "x": 0, "y": 0}),
        event(3, {"source": 3, "id": -1, "x": 0, "y": 0}),
        event(3, {"source": 3, "id": 1, "x": float("nan"), "y": 0}),
        event(3, {"source": 5, "id": 1, "text": 5, "isChecked": False}),
        "text",
        None,
    ]


@pytest.mark.parametrize("place", range(18))
def test_what_no_recorder_of_ours_sends_is_refused(page: PageMaker, place: int) -> None:
    assert refused(events_of_every_kind(page)[place]) in ("schema", "unknown_event")


def test_giant_strings_and_trees_are_refused(page: PageMaker) -> None:
    assert refused(snapshot(page.document("x" * 1_000_001))) == "too_long"
    assert refused(snapshot(page.document(page.element("p", {"title": "x" * 1_000_001})))) == "too_long"
    deep = page.element("div")
    for _ in range(500):
        deep = page.element("div", {}, deep)
    assert refused(snapshot(page.document(deep))) == "too_large"
    assert refused(*[meta()] * 4001) == "schema"


def test_forged_ids_are_refused(page: PageMaker) -> None:
    twice = page.element("p")
    assert refused(snapshot(page.document(twice, {**page.element("b"), "id": twice["id"]}))) == "forged_id"
    nowhere = mutation(adds=[{"parentId": 4000, "nextId": None, "node": page.element("p")}])
    assert refused(snapshot(page.document()), nowhere) == "forged_id"
    assert refused(snapshot(page.document()), typed({"id": 4000}, MASK)) == "forged_id"


def test_nodes_may_be_told_before_those_they_stand_beside(page: PageMaker) -> None:
    inspection = Inspection(POLICY)
    box = page.element("div")
    inner, below = page.element("span"), page.element("b")
    inspection.look_through([snapshot(page.document(box))])
    adds = [added(inner, below), added(box, inner)]
    inspection.look_through([mutation(adds=adds)])
    assert [node.tag for node in inspection.shadow.ancestors(below["id"])][:3] == ["b", "span", "div"]


def test_changes_of_nodes_that_have_gone_are_dropped(page: PageMaker) -> None:
    change = mutation(texts=[{"id": 999, "value": "x"}], attributes=[{"id": 999, "attributes": {"a": "b"}}])
    passed = looked_through(snapshot(page.document()), change)
    assert passed[1]["data"]["texts"] == passed[1]["data"]["attributes"] == []


# -- masking


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("input", {"name": "phone", "value": "0612345678"}),
        ("input", {"name": "email", "type": "hidden", "value": "a@b.example"}),
        ("input", {"name": "email", "type": "password", "value": "secret"}),
        ("input", {"name": "cvv", "value": "123"}),
        ("input", {"name": "news", "type": "checkbox", "checked": True}),
        ("textarea", {"name": "note", "value": "hello"}),
        ("select", {"name": "size", "value": "XL"}),
        ("input", {"name": "phone", "value": "••••"}),
        ("input", {"autocomplete": "cc-number", "placeholder": "1234 5678 9012"}),
    ],
)
def test_a_private_field_that_shows_its_value_ends_the_session(
    page: PageMaker, tag: str, attributes: Json
) -> None:
    assert refused(snapshot(page.document(page.element(tag, attributes)))) == "unmasked"
    bare = page.element(tag, {key: attributes[key] for key in attributes if key not in ("value", "checked")})
    if "placeholder" not in attributes:
        shown = {key: attributes[key] for key in ("value", "checked") if key in attributes}
        change = mutation(attributes=[{"id": bare["id"], "attributes": shown}])
        assert refused(snapshot(page.document(bare)), change) == "unmasked"
        checked = bool(attributes.get("checked"))
        assert refused(snapshot(page.document(bare)), typed(bare, "x", checked)) == "unmasked"


def test_masked_and_shared_fields_pass(page: PageMaker) -> None:
    phone = page.element("input", {"name": "phone", "value": MASK})
    email = page.element("input", {"name": "email", "value": "a@b.example"})
    gift = page.element("input", {"name": "gift", "type": "checkbox", "checked": True})
    submit = page.element("input", {"type": "submit", "value": "Next"})
    batch = [
        snapshot(page.document(phone, email, gift, submit)),
        typed(phone, MASK),
        typed(email, "c@d.example"),
    ]
    assert looked_through(*batch) == batch


def test_text_below_a_private_text_field_or_an_editable_is_refused(page: PageMaker) -> None:
    assert refused(snapshot(page.document(page.element("textarea", {}, "typed")))) == "unmasked"
    note = page.element("div", {"contenteditable": "true"}, page.element("p", {}, "typed"))
    assert refused(snapshot(page.document(note))) == "unmasked"
    blocked = page.element("div", {"class": "x", "rr_width": "1px"}, needBlock=True)
    looked_through(snapshot(page.document(blocked)))
    leaking = page.element("div", {"class": "x"}, "4", needBlock=True)
    assert refused(snapshot(page.document(leaking))) == "unmasked"


def test_a_field_stays_sensitive_after_it_changed_its_looks(page: PageMaker) -> None:
    field = page.element("input", {"name": "email", "type": "password", "value": MASK})
    turn = mutation(attributes=[{"id": field["id"], "attributes": {"type": "text"}}])
    assert refused(snapshot(page.document(field)), turn, typed(field, "secret")) == "unmasked"
    again = page.element("input", {"name": "email", "value": "secret"})
    again["id"] = field["id"]
    inspection = Inspection(POLICY)
    inspection.look_through([snapshot(page.document(field))])
    with pytest.raises(StreamRefused, match="unmasked"):
        inspection.look_through([snapshot(page.document(again))])


def test_a_chosen_option_shows_only_in_a_shared_list(page: PageMaker) -> None:
    private = page.element("option", {"selected": True}, "A")
    shared = page.element("option", {"selected": True}, "B")
    size = page.element("select", {"name": "size"}, private)
    country = page.element("select", {"id": "country"}, shared)
    looked_through(snapshot(page.document(size, country)))
    assert "selected" not in private["attributes"]
    assert shared["attributes"]["selected"] is True


# -- card numbers


def card_pages(page: PageMaker) -> list[list[Json]]:
    spans = [page.element("span", {}, part) for part in ("4111", "1111", "1111", "1111")]
    boxes = [
        page.element("div", {}, page.element("b", {}, part)) for part in ("4111", "1111", "1111", "1111")
    ]
    text = page.text("4111 1111")
    grows = page.element("p", {}, text)
    late = page.element("p", {}, "4111 1111 1111")
    city = page.element("input", {"name": "city"})
    email = page.element("input", {"name": "email"})
    styled = page.element("style", {"_cssText": f"a::after {{ content: '{PAN}' }}"})
    empty = snapshot(page.document())
    adopted = [{"styleId": 1, "rules": [{"rule": PAN}]}]
    return [
        [snapshot(page.document(f"Your card {PAN} is charged"))],
        [snapshot(page.document(page.element("p", {"title": "4111 1111 1111 1111"})))],
        [snapshot(page.document(page.element("img", {"src": f"/card/{PAN}.png"})))],
        [snapshot(page.document(page.element("p", {"data-card": PAN})))],
        [snapshot(page.document(styled))],
        [snapshot(page.document(*spans))],
        [snapshot(page.document(*boxes))],
        [snapshot(page.document(grows)), mutation(texts=[{"id": text["id"], "value": "4111-1111-1111-1111"}])],
        [snapshot(page.document(late)), mutation(adds=[added(late, page.text("1111"))])],
        [snapshot(page.document(city)), typed(city, PAN)],
        [snapshot(page.document(city, email)), typed(city, "41111111"), typed(email, "11111111")],
        [empty, event(3, {"source": 8, "id": 1, "adds": [{"rule": f"a{{content:'{PAN}'}}", "index": 0}]})],
        [empty, event(3, {"source": 15, "id": 1, "styleIds": [1], "styles": adopted})],
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(13))
def test_a_card_number_in_whatever_pieces_ends_the_session(page: PageMaker, place: int) -> None:
    inspection = Inspection(POLICY)
    with pytest.raises(CardNumberSeen) as caught:
        for one in card_pages(page)[place]:
            inspection.look_through([one])
    assert "1111" not in str(caught.value)


def test_prices_dates_and_numbers_of_articles_are_no_cards(page: PageMaker) -> None:
    rows = [
        page.element("tr", {}, *(page.element("td", {}, cell) for cell in row))
        for row in (
            ("3760123456789", "2", "45,10 €"),
            ("20241031", "4 x", "1 299,00 €"),
            ("+33 6 12 34 56 78",),
        )
    ]
    path = page.element("path", {"d": "M4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 4.1111111111111111z"}, isSVG=True)
    looked_through(snapshot(page.document(page.element("table", {}, *rows), page.element("svg", {}, path))))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
KEYS = (
    "type",
    "data",
    "timestamp",
    "source",
    "node",
    "adds",
    "texts",
    "attributes",
    "removes",
    "id",
    "initialOffset",
)
EVENTLIKE = st.dictionaries(
    st.sampled_from(KEYS),
    JSON | st.integers(0, 20) | st.dictionaries(st.sampled_from(KEYS), JSON),
    max_size=6,
)


@settings(max_examples=300)
@given(st.lists(JSON | EVENTLIKE, max_size=3))
def test_no_garbage_does_anything_but_pass_or_be_refused(batch: list[Any]) -> None:
    inspection = Inspection(POLICY)
    try:
        json.dumps(inspection.look_through(batch))
    except StreamRefused as refusal:
        assert refusal.reason in ("schema", "unknown_event", "forged_id", "unmasked", "too_long", "too_large")


@given(st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda text: text not in ("", MASK)))
def test_no_text_passes_in_a_private_field(text: str) -> None:
    page = PageMaker()
    field = page.element("input", {"name": "phone"})
    inspection = Inspection(POLICY)
    inspection.look_through([snapshot(page.document(field))])
    with pytest.raises(StreamRefused):
        inspection.look_through([typed(field, text)])
