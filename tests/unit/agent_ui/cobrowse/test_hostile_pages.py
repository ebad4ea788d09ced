"""Whatever a page sends: what is passed on to viewers runs nothing, loads no document, and holds no card number."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, pairwise
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.agent_ui.cobrowse.mirrored import (
    POLICY,
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

Json = dict[str, Any]

TAGS = (
    "div", "span", "a", "p", "img", "form", "input", "textarea", "select", "option", "button", "svg", "use",
    "style", "script", "SCRIPT", "sCript", "svg:script", "object", "EMBED", "applet", "base", "meta", "link",
    "iframe", "frame", "portal", "template", "noscript", "math", "animate", "set", "video", "audio", "x-shop",
    "svg:iframe", "html:base",
)  # fmt: skip
NAMES = (
    "href", "HREF", "src", "srcset", "xlink:href", "style", "onclick", "onError", "ONLOAD", "on", "srcdoc",
    "SrcDoc", "http-equiv", "content", "action", "formaction", "data", "poster", "background", "ping", "is",
    "class", "id", "name", "title", "value", "type", "rel", "values", "to", "from", "attributeName",
    "data-href", "rr_src", "rr_dataURL", "attributionsrc", "sandbox", "allow", "autofocus", "target",
    "manifest", "code", "classid", "lowsrc", "begin",
)  # fmt: skip
VALUES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " \x01javascript:alert(1)", "java\tscript:alert(1)",
    "java\nscript\n:alert(1)", "\x00javascript:x", " " * 5000 + "javascript:x",
    "java" + "\t" * 5000 + "script:x", "vbscript:msgbox(1)", "data:text/html,<script>x</script>",
    "DATA:text/html;base64,eA==", "data:\ttext/html,x", "#a;javascript:x", "/a.png 1x,javascript:x 2x",
    "0;url=javascript:x", "refresh", "stylesheet", "preload", "https://stranger.example/x",
    "//stranger.example", "/relative", "data:image/png;base64,eA==", "href", "onclick", "xlink:href",
    "color:red", "", "•••", "x",
)  # fmt: skip

DANGEROUS = re.compile(r"^(javascript|vbscript):|^data:text/html", re.IGNORECASE)
GONE = {"script", "object", "embed", "applet", "base", "frame", "frameset", "portal", "template"}
TEXTS = {"title", "value", "placeholder", "alt", "label", "content", "summary", "name", "id"}
"""Attributes that nothing takes for an address."""
NEVER = {"srcdoc", "http-equiv", "action", "formaction", "ping", "is", "attributionsrc", "manifest", "rr_src"}

value = st.one_of(st.sampled_from(VALUES), st.text(max_size=20), st.integers(), st.booleans(), st.none())
attributes = st.dictionaries(st.sampled_from(NAMES), value, max_size=5)
tree = st.recursive(
    st.text(max_size=12),
    lambda inner: st.tuples(st.sampled_from(TAGS), attributes, st.lists(inner, max_size=4)),
    max_leaves=20,
)
junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 20), st.floats(), st.text(max_size=8), st.sampled_from(VALUES)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("type", "data", "source", "id", "node", "adds", "texts", "attributes", "removes",
                             "tagName", "childNodes", "parentId", "nextId", "timestamp", "styles", "x")),
            inner, max_size=5,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


def built(page: PageMaker, shape: Any) -> Json | str:
    if isinstance(shape, str):
        return page.text(shape)
    tag, given_attributes, children = shape
    return page.element(tag, dict(given_attributes), *(built(page, one) for one in children))


def elements(passed: Any) -> Iterator[Json]:
    """Every element in what was passed on, wherever it stands."""
    if isinstance(passed, dict):
        if "tagName" in passed:
            yield passed
        for one in passed.values():
            yield from elements(one)
    elif isinstance(passed, list):
        for one in passed:
            yield from elements(one)


def runs(name: str, text: str) -> bool:
    """Whether a browser takes it for a script or a document: it skips blanks and control characters."""
    squeezed = re.sub(r"[\x00-\x20]", "", text)
    listed = re.split("[;,]", squeezed) if name in ("srcset", "values") else [squeezed]
    return any(DANGEROUS.match(one) for one in listed)


def check_harmless(passed: Any) -> None:
    for one in elements(passed):
        tag = one["tagName"].lower().rpartition(":")[2]
        assert tag not in GONE
        check_attributes(one["tagName"].lower(), one["attributes"])


def check_attributes(tag: str, told: Json) -> None:
    for name, held in told.items():
        lowered = name.lower()
        assert not lowered.startswith("on"), (tag, name)
        assert lowered not in NEVER, (tag, name)
        if isinstance(held, str) and lowered not in TEXTS:
            assert not runs(lowered, held), (tag, name, held)
        if tag == "iframe":
            assert lowered != "src"
        if tag == "meta":
            assert lowered != "content"
        if tag in ("animate", "set") and lowered == "attributename":
            assert str(held).lower().rpartition(":")[2] not in ("href", "onclick")
        if tag == "link" and lowered == "rel":
            assert held == "stylesheet"


@settings(max_examples=150, deadline=None)
@given(st.lists(tree, max_size=4), st.lists(tree, max_size=3), st.lists(attributes, max_size=3))
def test_nothing_that_runs_or_loads_a_document_is_passed_on(
    first: list[Any], later: list[Any], changes: list[Json]
) -> None:
    page, inspection = PageMaker(), Inspection(POLICY)
    box = page.element("div", {}, *(built(page, one) for one in first))
    adds = [added(box, node) for node in (built(page, one) for one in later) if isinstance(node, dict)]
    targets = [one["id"] for one in elements([box, adds])]
    changed = [{"id": target, "attributes": dict(one)} for target, one in zip(targets, changes, strict=False)]
    for batch in (
        [meta(), snapshot(page.document(box))],
        [mutation(adds=adds)],
        [mutation(attributes=changed)],
    ):
        tags = {one["id"]: one["tagName"].lower() for one in elements(batch)}
        try:
            passed = inspection.look_through(batch)
        except StreamRefused:
            return
        check_harmless(passed)
        for told in passed:
            for one in told["data"].get("attributes", ()):
                check_attributes(tags.get(one["id"], ""), one["attributes"])
        json.dumps(passed, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(st.lists(junk, max_size=4))
def test_what_no_recorder_sends_is_refused_and_breaks_nothing(batch: list[Any]) -> None:
    inspection = Inspection(POLICY)
    page = PageMaker()
    inspection.look_through([snapshot(page.document(page.element("p", {}, "text")))])
    with suppress(StreamRefused):
        json.dumps(inspection.look_through(batch), allow_nan=False)


CARDS = (
    "4929421234600821", "4222222222222", "5425233430109903", "2221000000000009", "378282246310005",
    "30569309025904", "6011111111111117", "3530111333300000", "6304000000000000",
)  # fmt: skip


def pieces(number: str, cuts: list[int]) -> list[str]:
    places = sorted({cut % (len(number) - 1) + 1 for cut in cuts})
    return [number[a:b] for a, b in zip([0, *places], [*places, len(number)], strict=True)]


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(CARDS),
    st.lists(st.integers(0, 30), max_size=5),
    st.sampled_from(("text", "span", "nested")),
    st.randoms(use_true_random=False),
)
def test_no_card_number_passes_in_neighbouring_texts_in_whatever_order_they_come(
    number: str, cuts: list[int], kind: str, random: Any
) -> None:
    page, inspection = PageMaker(), Inspection(POLICY)
    parts = pieces(number, cuts)
    texts = [page.text("") for _ in parts]
    wrapped = {
        "text": lambda text: text,
        "span": lambda text: page.element("span", {}, text),
        "nested": lambda text: page.element("b", {}, page.element("i", {}, text)),
    }[kind]
    box = page.element("p", {}, *(wrapped(text) for text in texts))
    inspection.look_through([snapshot(page.document(box))])
    told = list(zip(texts, parts, strict=True))
    random.shuffle(told)
    with pytest.raises(CardNumberSeen):
        for text, part in told:
            inspection.look_through([mutation(texts=[{"id": text["id"], "value": part}])])


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize(
    "hide",
    [
        lambda page, n: page.element("p", {f"data-{n}": "x"}),
        lambda page, n: page.element("p", {"data-x": int(n)}),
        lambda page, n: page.element("p", {"title": f"card {n[:4]} {n[4:8]} {n[8:]}"[:5] + n}),
        lambda page, n: page.element(f"x-{n}", {}),
        lambda page, n: page.element("p", {}, page.element("style", {}, f"p::after {{ content: '{n}' }}")),
        lambda page, n: page.element("img", {"src": f"/cards/{n}.png"}),
        lambda page, n: page.element("input", {"name": "email", "value": n}),
    ],
    ids=["name", "number", "title", "tag", "style", "address", "value"],
)
def test_no_card_number_passes_anywhere_in_an_element(number: str, hide: Any) -> None:
    page = PageMaker()
    document = page.document(hide(page, number))
    with pytest.raises(StreamRefused):
        Inspection(POLICY).look_through([snapshot(document)])


@pytest.mark.parametrize(
    "extra",
    [
        {"name": "4929421234600821"}, {"source": "4929421234600821"}, {"isSVG": "4929421234600821"},
        {"textContent": "4929421234600821"}, {"rootId": "x"}, {"systemId": "x"}, {"unknown": 1},
    ],
)  # fmt: skip
def test_a_node_has_no_part_that_a_recorder_does_not_send(extra: Json) -> None:
    page = PageMaker()
    with pytest.raises(StreamRefused):
        Inspection(POLICY).look_through([snapshot(page.document({**page.element("p"), **extra}))])


def test_a_page_type_and_address_hold_no_card_number() -> None:
    page = PageMaker()
    document = page.document()
    document["childNodes"][0]["publicId"] = "4929421234600821"
    for batch in (
        [snapshot(document)],
        [event(4, {"href": "http://x/4929421234600821", "width": 1, "height": 1})],
        [event(3, {"source": 3, "id": 1, "x": 1, "y": 1, "more": "4929421234600821"})],
    ):
        with pytest.raises(StreamRefused):
            Inspection(POLICY).look_through(batch)


def test_style_that_changes_holds_no_card_number() -> None:
    page, inspection = PageMaker(), Inspection(POLICY)
    box = page.element("p")
    inspection.look_through([snapshot(page.document(box))])
    change = {"id": box["id"], "attributes": {"style": {"--n": "'4929421234600821'"}}}
    with pytest.raises(CardNumberSeen):
        inspection.look_through([mutation(attributes=[change])])


def test_a_node_that_is_put_into_itself_is_refused() -> None:
    page, inspection = PageMaker(), Inspection(POLICY)
    inner = page.element("b")
    outer = page.element("p", {}, inner)
    inspection.look_through([snapshot(page.document(outer))])
    with pytest.raises(StreamRefused):
        inspection.look_through([mutation(adds=[added(inner, {**page.element("p"), "id": outer["id"]})])])


def _chain(page: PageMaker, size: int) -> list[Json]:
    """Nodes that each stand below the one that is told after it."""
    nodes = [page.element("b") for _ in range(size)]
    links = [added(above, below) for above, below in pairwise(nodes)]
    return [*reversed(links), {"parentId": 1, "nextId": None, "node": nodes[0]}]


def _deep_changes(page: PageMaker) -> tuple[Json, list[Json]]:
    ids = count(1)
    leaves = [page.text(f"{next(ids)}") for _ in range(20_000)]
    groups = [page.element("span", {}, *leaves[n : n + 20]) for n in range(0, len(leaves), 20)]
    halls = [page.element("span", {}, *groups[n : n + 40]) for n in range(0, len(groups), 40)]
    texts = [{"id": leaf["id"], "value": "x"} for leaf in leaves]
    return page.element("p", {}, *halls), [mutation(texts=texts)]


def test_the_time_it_takes_grows_with_what_was_sent_and_no_faster() -> None:
    """Made to be slow: nodes told in the worst order, and changes each of which has much text around it."""
    page, inspection = PageMaker(), Inspection(POLICY)
    box, changes = _deep_changes(page)
    document = page.document(box)
    began = process_time()
    inspection.look_through([snapshot(document)])
    plain = process_time() - began
    began = process_time()
    inspection.look_through(changes)
    assert process_time() - began < 10 * plain
    adds = [{**one, "parentId": box["id"]} if one["parentId"] == 1 else one for one in _chain(page, 300)]
    inspection.look_through([mutation(adds=adds)])


def test_what_is_forgotten_while_a_page_is_looked_through_is_forgotten_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page, inspection = PageMaker(), Inspection(POLICY)
    field = page.element("input", {"name": "email"})
    inspection.look_through([snapshot(page.document(field))])
    scan = inspection._scan_touched
    monkeypatch.setattr(inspection, "_scan_touched", lambda: (inspection.forget(), scan()))
    inspection.look_through([typed(field, "a@b.example")])
    assert len(inspection.shadow) == 0
