"""The parts underneath: ordered ids, timers, the state tables, and what the machine may import."""

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pbx.acd.machine
from pbx.acd import lifecycles
from pbx.acd.rules.order import Order
from pbx.acd.rules.timers import Timers

PACKAGE = Path(pbx.acd.machine.__file__).parent
PURE = [
    *(PACKAGE / "rules").glob("*.py"),
    *(PACKAGE / f"{name}.py" for name in ("machine", "events", "actions", "contact", "settings", "errors")),
    *(PACKAGE / f"{name}.py" for name in ("lifecycles", "snapshot")),
]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 5))))
def test_an_order_is_a_sorted_dictionary(steps):
    order, plain = Order(), {}
    for add, item, key in steps:
        if add:
            order.add(str(item), (float(key), 0.0))
            plain[str(item)] = (float(key), 0.0)
        else:
            order.discard(str(item))
            plain.pop(str(item), None)
        expected = sorted(plain, key=lambda name: (plain[name], name))
        assert list(order) == expected
        assert order.first() == (expected[0] if expected else None)
        assert [item for _, item in order.keyed] == expected
        assert order.place((float(key), 0.0)) == sum(one < (float(key), 0.0) for one in plain.values())
        assert len(order) == len(plain)
        assert (str(item) in order) == (str(item) in plain)


@given(st.lists(st.tuples(st.sampled_from(["set", "cancel", "due"]), st.integers(0, 5), st.integers(0, 9))))
def test_timers_come_out_by_time_and_only_as_they_were_set_last(steps):
    timers, plain = Timers(), {}
    for what, item, when in steps:
        if what == "set":
            timers.set("offer", str(item), when)
            plain.pop(str(item), None)
            plain[str(item)] = when
        elif what == "cancel":
            timers.cancel("offer", str(item))
            plain.pop(str(item), None)
        else:
            due = sorted((name for name in plain if plain[name] <= when), key=lambda name: plain[name])
            assert [name for _, name in all_due(timers, when)] == due
            for name in due:
                del plain[name]
        assert timers.next() == min(plain.values(), default=None)
        assert timers.when("offer", str(item)) == plain.get(str(item))


def all_due(timers, now):
    while timer := timers.pop_due(now):
        yield timer


@pytest.mark.parametrize(
    ("table", "start"),
    [
        (lifecycles.STATUS, "offline"),
        (lifecycles.AGENT, "idle"),
        (lifecycles.OFFER, "pending"),
        (lifecycles.ENTRY, "waiting"),
    ],
)
def test_every_state_of_a_table_can_be_reached_and_leads_to_states_of_the_table(table, start):
    reached, open_ends = {start}, [start]
    while open_ends:
        for after in table[open_ends.pop()].values():
            assert after in table
            if after not in reached:
                reached.add(after)
                open_ends.append(after)
    assert reached == set(table)


def test_the_system_changes_a_status_only_from_available_to_a_break():
    ways = [
        (before, after)
        for before, triggers in lifecycles.STATUS.items()
        for trigger, after in triggers.items()
        if not trigger.startswith("choose_")
    ]
    assert ways == [("available", "on_break")]


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_the_machine_needs_only_itself_and_the_standard_library(path):
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    allowed = {"pbx.acd", "pbx.acd.rules", *(f"pbx.acd.{one.stem}" for one in PURE)}
    strangers = {
        name
        for name in imported
        if name.split(".")[0] not in sys.stdlib_module_names
        and name not in allowed
        and not name.startswith("pbx.acd.rules.")
    }
    assert strangers == set()
    assert not imported & {"time", "datetime", "threading", "socket", "os"}, "time comes in, nothing goes out"
