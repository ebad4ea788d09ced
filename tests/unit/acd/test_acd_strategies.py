"""Whom a queue takes when several could have the contact."""

import random
from collections import Counter

import pytest

from pbx.acd import events
from pbx.acd.actions import MakeOffer
from pbx.acd.rules.strategies import RANK, Candidate, choose


def candidate(agent, **facts):
    known = {"level": 0, "idle_since": 0.0, "handled": 0, "talk": 0.0, "last_turn": 0, "proficiency": 0}
    return Candidate(agent, **{**known, **facts})


def ranked(strategy, *candidates):
    return sorted((RANK[strategy](one), one.agent) for one in candidates)


def first(strategy, *candidates):
    return choose(strategy, ranked(strategy, *candidates), 20, random.Random(1))


def test_longest_idle_takes_who_has_been_idle_longest():
    assert first("longest_idle", candidate("ada", idle_since=9), candidate("ben", idle_since=3)) == ("ben",)


def test_round_robin_takes_whose_turn_was_longest_ago_however_long_they_are_idle():
    ada, ben = candidate("ada", last_turn=4, idle_since=1), candidate("ben", last_turn=2, idle_since=9)
    assert first("round_robin", ada, ben) == ("ben",)


def test_fewest_contacts_takes_who_has_handled_fewest_and_breaks_ties_by_idleness():
    ada, ben = candidate("ada", handled=2), candidate("ben", handled=1, idle_since=9)
    cleo = candidate("cleo", handled=1, idle_since=5)
    assert first("fewest_contacts", ada, ben, cleo) == ("cleo",)


def test_least_talk_time_takes_who_has_talked_least():
    assert first("least_talk_time", candidate("ada", talk=60), candidate("ben", talk=59.5)) == ("ben",)


def test_top_down_always_takes_the_same_order():
    assert first("top_down", candidate("ben", idle_since=1), candidate("ada", idle_since=9)) == ("ada",)


def test_skills_takes_the_most_proficient_and_then_the_longest_idle():
    ada, ben = candidate("ada", proficiency=8, idle_since=9), candidate("ben", proficiency=8, idle_since=2)
    assert first("skills", ada, ben, candidate("cleo", proficiency=3)) == ("ben",)


def test_random_takes_everybody_about_equally_often():
    line = ranked("random", *(candidate(name, idle_since=i) for i, name in enumerate("abcd")))
    dice = random.Random(5)
    taken = Counter(choose("random", line, 20, dice)[0] for _ in range(4000))
    assert set(taken) == set("abcd")
    assert all(900 < count < 1100 for count in taken.values())


def test_random_is_the_same_with_the_same_dice():
    line = ranked("random", *(candidate(name) for name in "abcdefgh"))
    again = [
        [choose("random", line, 20, dice)[0] for _ in range(20)]
        for dice in (random.Random(3), random.Random(3))
    ]
    assert again[0] == again[1]


def test_ring_all_rings_everybody_of_the_lowest_level_up_to_its_limit():
    line = [candidate(name, level=name > "c", idle_since=-ord(name)) for name in "abcde"]
    assert first("ring_all", *line) == ("c", "b", "a")
    assert choose("ring_all", ranked("ring_all", *line), 2, random.Random(1)) == ("c", "b")


@pytest.mark.parametrize("strategy", sorted(RANK))
def test_a_lower_level_comes_before_a_higher_one_whatever_the_strategy(strategy):
    favoured = candidate("zoe", level=1, proficiency=9)
    plain = candidate("ada", level=0, idle_since=99, handled=9, talk=99, last_turn=9)
    assert first(strategy, favoured, plain) == ("ada",)


@pytest.mark.parametrize("strategy", sorted(RANK))
def test_nobody_is_taken_when_nobody_is_there(strategy):
    assert first(strategy) == ()


def test_a_queue_rings_the_agent_who_has_been_idle_longest(floor):
    floor.queue()
    floor.agent("ada")
    floor.wait(10)
    floor.agent("ben")
    floor.call("c1")
    assert floor.offered("c1") == ("ada",)


def test_round_robin_goes_round(floor):
    floor.queue(strategy="round_robin", wrap_up=0)
    for name in ("ada", "ben", "cleo"):
        floor.agent(name)
    served = []
    for number in range(6):
        floor.call(f"c{number}")
        served.append(floor.offered(f"c{number}")[0])
        floor.serve(f"c{number}", served[-1])
    assert served == ["ada", "ben", "cleo"] * 2


def test_fewest_contacts_evens_out_what_everybody_has_handled(floor):
    floor.queue(strategy="fewest_contacts", wrap_up=0)
    floor.agent("ada")
    for number in range(2):
        floor.call(f"c{number}")
        floor.serve(f"c{number}", "ada")
    floor.agent("ben")
    for number in range(2, 4):
        floor.call(f"c{number}")
        assert floor.offered(f"c{number}") == ("ben",)
        floor.serve(f"c{number}", "ben")


def test_least_talk_time_counts_talking_and_not_wrapping_up(floor):
    floor.queue(strategy="least_talk_time", wrap_up=500)
    floor.agent("ada", status="offline")
    floor.agent("ben")
    floor.call("c1")
    floor.connect("c1", "ben")
    floor.wait(10)
    floor.end("ben")
    floor.wait(500)
    floor.status("ada", "available")
    floor.status("ben", "on_break")
    floor.call("c2")
    floor.connect("c2", "ada")
    floor.wait(30)
    floor.end("ada")
    floor.do(events.WrapUpDone("ada"))
    floor.status("ben", "available")
    floor.call("c3")
    assert floor.offered("c3") == ("ben",)


def test_skills_asks_the_most_proficient_agent_first(floor):
    floor.queue(strategy="skills")
    floor.agent("ada", skills={"pt": 4})
    floor.wait(60)
    floor.agent("ben", skills={"pt": 9})
    floor.agent("cleo", skills={"en": 10})
    floor.call("c1", skills={"pt": 2})
    floor.call("c2", skills={"pt": 2})
    floor.call("c3", skills={"pt": 2})
    assert [floor.offered(f"c{number}") for number in (1, 2, 3)] == [("ben",), ("ada",), ()]


def test_ring_all_rings_everybody_and_the_first_to_accept_wins(floor):
    floor.queue(strategy="ring_all")
    for name in ("ada", "ben", "cleo"):
        floor.agent(name)
    floor.call("c1")
    (offer,) = floor.heard(MakeOffer)
    assert offer.agents == ("ada", "ben", "cleo")
    said = floor.accept("c1", "ben")
    closed = [(one.agent, one.outcome, one.reason) for one in said if type(one).__name__ == "CloseOffer"]
    assert closed == [("ada", "rescinded", "answered_elsewhere"), ("cleo", "rescinded", "answered_elsewhere")]
    assert {name: floor.figures(name).state for name in ("ada", "ben", "cleo")} == {
        "ada": "idle",
        "ben": "talking",
        "cleo": "idle",
    }


def test_ring_all_goes_on_ringing_for_the_others_when_one_declines(floor):
    floor.queue(strategy="ring_all")
    floor.agent("ada")
    floor.agent("ben")
    floor.call("c1")
    floor.call("c2")
    floor.reject("c1", "ada")
    assert floor.offered("c1") == ("ben",)
    assert floor.offered("c2") == ("ada",), "who declined one is free for another"
