from itertools import product

import pytest

from orders.errors import IllegalTransition
from orders.model.order_state import TRANSITIONS, OrderEvent, OrderState, next_state


@pytest.mark.parametrize(("state", "event"), list(product(OrderState, OrderEvent)))
def test_only_what_the_table_says_happens(state: OrderState, event: OrderEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, event)


def test_every_state_can_be_reached_from_placed() -> None:
    reached = {OrderState.PLACED}
    while True:
        further = {after for (before, _), after in TRANSITIONS.items() if before in reached} - reached
        if not further:
            break
        reached |= further

    assert reached == set(OrderState)


def test_nothing_follows_a_canceled_or_returned_order() -> None:
    last = set(OrderState) - {before for before, _ in TRANSITIONS}

    assert last == {OrderState.CANCELED, OrderState.RETURNED}


def test_a_parcel_on_its_way_cannot_be_canceled() -> None:
    with pytest.raises(IllegalTransition):
        next_state(OrderState.SHIPPED, OrderEvent.CANCEL)
