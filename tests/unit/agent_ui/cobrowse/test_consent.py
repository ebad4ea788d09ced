"""The customer's consent, tier by tier."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_ui.cobrowse.consent import (
    ANSWER_TIME,
    ASK_AGAIN,
    Consent,
    Phase,
    Tier,
    Turn,
    answer,
    ask,
    let_go,
    offer,
    own_input,
    revoke,
    timed_out,
    turn,
    withdraw,
)
from agent_ui.cobrowse.errors import NotAllowed


def granted(*tiers: Tier) -> Consent:
    consent = Consent()
    for tier in tiers:
        consent = ask(consent, tier, "alice", 0.0)
        consent = answer(consent, consent.asked, True, 1.0)
    return consent


def test_nothing_is_allowed_before_the_customer_says_yes() -> None:
    asked = ask(Consent(), Tier.VIEW, "alice", 0.0)
    assert not any(asked.may(tier) for tier in Tier)
    assert answer(asked, 1, True, 5.0).may(Tier.VIEW)


def test_each_tier_is_asked_for_apart() -> None:
    consent = granted(Tier.VIEW)
    assert not consent.may(Tier.POINT)
    assert not consent.may(Tier.CONTROL)
    assert granted(Tier.VIEW, Tier.CONTROL).may(Tier.CONTROL)
    assert not granted(Tier.VIEW, Tier.CONTROL).may(Tier.POINT)


@pytest.mark.parametrize("tier", [Tier.POINT, Tier.CONTROL])
def test_who_may_not_see_cannot_ask_for_more(tier: Tier) -> None:
    with pytest.raises(NotAllowed):
        ask(Consent(), tier, "alice", 0.0)
    with pytest.raises(NotAllowed):
        offer(Consent(), tier)


def test_a_question_that_nobody_answers_is_a_no() -> None:
    asked = ask(Consent(), Tier.VIEW, "alice", 10.0)
    assert timed_out(asked, 10.0 + ANSWER_TIME - 0.1) is asked
    over = timed_out(asked, 10.0 + ANSWER_TIME)
    assert over.question is None
    assert not over.may(Tier.VIEW)
    with pytest.raises(NotAllowed):
        answer(over, 1, True, 41.0)


def test_a_yes_after_the_time_is_none() -> None:
    asked = ask(Consent(), Tier.VIEW, "alice", 0.0)
    with pytest.raises(NotAllowed):
        answer(asked, 1, True, ANSWER_TIME)


def test_the_answer_to_an_earlier_question_answers_no_later_one() -> None:
    first = withdraw(ask(Consent(), Tier.VIEW, "alice", 0.0))
    second = ask(first, Tier.VIEW, "benoit", 1.0)
    with pytest.raises(NotAllowed):
        answer(second, 1, True, 2.0)


def test_after_a_no_the_same_is_not_asked_at_once() -> None:
    refused = answer(ask(Consent(), Tier.VIEW, "alice", 0.0), 1, False, 5.0)
    with pytest.raises(NotAllowed):
        ask(refused, Tier.VIEW, "alice", 5.0 + ASK_AGAIN - 1)
    assert ask(refused, Tier.VIEW, "alice", 5.0 + ASK_AGAIN).question is not None


def test_one_question_at_a_time() -> None:
    asked = ask(granted(Tier.VIEW), Tier.POINT, "alice", 2.0)
    with pytest.raises(NotAllowed):
        ask(asked, Tier.CONTROL, "alice", 3.0)


def test_taking_view_back_takes_all_back_and_the_open_question_with_it() -> None:
    consent = ask(granted(Tier.VIEW, Tier.POINT), Tier.CONTROL, "alice", 5.0)
    over = revoke(consent, Tier.VIEW)
    assert not any(over.may(tier) for tier in Tier)
    assert over.question is None
    assert over == replace(over, tiers=Consent().tiers)


def test_taking_control_back_leaves_the_rest() -> None:
    consent = revoke(granted(Tier.VIEW, Tier.POINT, Tier.CONTROL), Tier.CONTROL)
    assert [tier for tier in Tier if consent.may(tier)] == [Tier.VIEW, Tier.POINT]


def test_a_colleague_asks_for_themselves_and_a_no_to_them_takes_nothing_from_the_first() -> None:
    consent = granted(Tier.VIEW, Tier.CONTROL)
    assert consent.holds(Tier.VIEW, "sam")
    assert not consent.holds(Tier.CONTROL, "sam")
    asked = ask(consent, Tier.CONTROL, "sam", 5.0)
    refused = answer(asked, asked.asked, False, 6.0)
    assert refused.holds(Tier.CONTROL, "alice")
    assert not refused.holds(Tier.CONTROL, "sam")
    allowed = answer(asked, asked.asked, True, 6.0)
    assert allowed.holds(Tier.CONTROL, "alice")
    assert allowed.holds(Tier.CONTROL, "sam")


def test_who_was_allowed_need_not_ask_again() -> None:
    with pytest.raises(NotAllowed):
        ask(granted(Tier.VIEW, Tier.POINT), Tier.POINT, "alice", 5.0)


def test_taking_control_back_takes_it_from_all_and_closes_the_question_for_it() -> None:
    asked = ask(granted(Tier.VIEW, Tier.CONTROL), Tier.CONTROL, "sam", 5.0)
    over = revoke(asked, Tier.CONTROL)
    assert over.question is None
    assert not over.holds(Tier.CONTROL, "alice")
    assert timed_out(over, 100.0) is over


def test_what_only_one_was_allowed_ends_when_they_leave_for_good() -> None:
    both = ask(granted(Tier.VIEW, Tier.POINT, Tier.CONTROL), Tier.CONTROL, "sam", 5.0)
    both = answer(both, both.asked, True, 6.0)
    left = let_go(both, "alice")
    assert (left.on(Tier.VIEW), left.on(Tier.POINT), left.on(Tier.CONTROL)) == (True, False, True)
    assert left.holds(Tier.CONTROL, "sam")
    assert let_go(left, "alice") is left


def test_while_paused_nothing_may_be_done_and_afterwards_what_was_agreed_to() -> None:
    paused = turn(granted(Tier.VIEW, Tier.CONTROL), Turn.PAUSED)
    assert not any(paused.may(tier) for tier in Tier)
    assert turn(paused, Turn.RESUMED).may(Tier.CONTROL)


def test_a_stopped_session_stays_stopped() -> None:
    stopped = turn(granted(Tier.VIEW), Turn.STOPPED)
    for event in Turn:
        with pytest.raises(NotAllowed):
            turn(stopped, event)
    with pytest.raises(NotAllowed):
        ask(stopped, Tier.VIEW, "alice", 100.0)
    with pytest.raises(NotAllowed):
        offer(stopped, Tier.VIEW)


def test_the_customers_own_input_wins_for_two_seconds() -> None:
    consent = own_input(granted(Tier.VIEW, Tier.CONTROL), 10.0)
    assert consent.pre_empted(11.9)
    assert not consent.pre_empted(12.0)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(Tier)),
        st.tuples(st.just("sam asks"), st.sampled_from(Tier)),
        st.tuples(st.just("answer"), st.booleans()),
        st.tuples(st.just("revoke"), st.sampled_from(Tier)),
        st.tuples(st.just("offer"), st.just(Tier.VIEW)),
        st.tuples(st.just("turn"), st.sampled_from(Turn)),
        st.tuples(st.just("wait"), st.sampled_from([1.0, 16.0, 31.0])),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_happens_pointing_and_control_need_view_and_a_yes(steps: list[tuple[str, object]]) -> None:
    consent, now, said_yes = Consent(), 0.0, set[Tier]()
    for what, detail in steps:
        question = consent.question
        with suppress(NotAllowed):
            if what in ("ask", "sam asks"):
                consent = ask(consent, Tier(str(detail)), "alice" if what == "ask" else "sam", now)
            elif what == "answer":
                consent = answer(consent, consent.asked, detail is True, now)
                if detail is True and question is not None:
                    said_yes.add(question.tier)
            elif what == "revoke":
                consent = revoke(consent, Tier(str(detail)))
                said_yes -= set(Tier) if detail is Tier.VIEW else {Tier(str(detail))}
            elif what == "offer":
                consent = offer(consent, Tier.VIEW)
                said_yes.add(Tier.VIEW)
            elif what == "turn":
                consent = turn(consent, Turn(str(detail)))
                if detail is Turn.STOPPED:
                    said_yes.clear()
            else:
                now += float(str(detail))
                consent = timed_out(consent, now)
        assert {tier for tier in Tier if consent.on(tier)} == said_yes
        assert all(consent.on(tier) == bool(consent.holders.get(tier)) for tier in (Tier.POINT, Tier.CONTROL))
        assert all(consent.on(Tier.VIEW) for tier in Tier if consent.on(tier))
        assert consent.phase is Phase.RUNNING or not any(consent.may(tier) for tier in Tier)
