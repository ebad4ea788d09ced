from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from agent_ui.shop import logins
from agent_ui.shop.drafts import KEPT, Draft, Recipient, draft_of, forget_draft, furthest, keep_draft, may_see
from orders.services.carts import start_cart
from tests.shop import NOW, a_customer
from tests.unit.agent_ui.shop.conftest import QUICK

PASSWORD = "four unrelated words"
RUI = Recipient("Rui Sá", "rui@example.com", "", "Rua Nova 1", "4000-001", "Porto", "PT")


def add(session: Session, email: str = "Ana@Example.com ") -> logins.Login:
    return logins.add_login(session, QUICK, "ana", email, PASSWORD, NOW)


def test_a_customer_signs_in_with_the_address_in_any_case(session: Session) -> None:
    login = add(session)

    assert logins.sign_in(session, QUICK, " ANA@example.com", PASSWORD) == login
    assert logins.is_valid(session, login)


def test_a_wrong_password_and_an_unknown_address_have_the_same_answer(session: Session) -> None:
    add(session)

    assert logins.sign_in(session, QUICK, "ana@example.com", "wrong") is None
    assert logins.sign_in(session, QUICK, "nobody@example.com", PASSWORD) is None


def test_an_address_signs_in_one_customer_only(lab: Any, session: Session) -> None:
    add(session)

    with pytest.raises(logins.AddressTaken):
        logins.add_login(session, QUICK, "rui", "ana@example.com", PASSWORD, NOW)


def test_signing_out_everywhere_ends_every_session_and_no_password(session: Session) -> None:
    login = add(session)

    logins.end_sessions(session, "ana")

    assert not logins.is_valid(session, login)
    assert logins.sign_in(session, QUICK, "ana@example.com", PASSWORD) not in (None, login)


def test_a_stamp_is_worth_nothing_for_another_customer(session: Session) -> None:
    _, stamp = add(session)

    assert not logins.is_valid(session, ("rui", stamp))
    assert logins.has_login(session, "ana") and not logins.has_login(session, "rui")


def test_a_draft_is_kept_changed_and_forgotten(lab: Any) -> None:
    cart = start_cart(lab.uow(), "ana", "EUR", NOW)
    draft = Draft().with_recipient(RUI)
    with lab.sessions.begin() as session:
        assert draft_of(session, cart.id) == Draft()
        keep_draft(session, cart.id, draft, NOW)
        keep_draft(session, cart.id, draft.with_delivery("point"), NOW)
        assert draft_of(session, cart.id) == Draft(RUI, "point")
        forget_draft(session, cart.id)
        assert draft_of(session, cart.id) == Draft()


def test_each_step_needs_those_before_it() -> None:
    told = Draft().with_recipient(RUI)
    chosen = told.with_delivery("home")

    assert [furthest(draft) for draft in (Draft(), told, chosen, chosen.with_payment("token"))] == [
        "address",
        "delivery",
        "payment",
        "review",
    ]
    assert may_see(chosen, "address") and may_see(chosen, "payment")
    assert not may_see(chosen, "review")
    assert furthest(chosen.with_payment("token").with_payment(None)) == "payment"


def test_a_customer_is_a_recipient() -> None:
    recipient = Recipient.of(a_customer())

    assert (recipient.phone, recipient.address) == ("+351200000101", a_customer().address)


def test_what_was_left_behind_for_long_is_forgotten(lab: Any) -> None:
    left, mine = (start_cart(lab.uow(), None, "EUR", NOW) for _ in range(2))
    with lab.sessions.begin() as session:
        keep_draft(session, left.id, Draft(RUI), NOW)
        keep_draft(session, mine.id, Draft(RUI), NOW + KEPT)
        assert draft_of(session, left.id) == Draft(RUI), "to the last moment"
        keep_draft(session, mine.id, Draft(RUI), NOW + KEPT + timedelta(seconds=1))
        assert draft_of(session, left.id) == Draft()
        assert draft_of(session, mine.id) == Draft(RUI)
