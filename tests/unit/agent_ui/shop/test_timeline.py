from dataclasses import replace
from datetime import timedelta

import pytest

from agent_ui.shop.timeline import timeline
from orders.model.order_state import OrderState
from orders.model.shipment import Shipment
from tests.shop import NOW, an_order

PARCEL = Shipment("parcel-1", "CTT", "PT123", 3, None, NOW, NOW + timedelta(days=2))


def test_a_shipped_order_has_passed_three_states_and_has_one_before_it() -> None:
    stages = timeline(an_order(state=OrderState.SHIPPED, shipments=(replace(PARCEL, delivered_at=None),)))

    assert [(stage.state.value, stage.is_done, stage.is_now) for stage in stages] == [
        ("placed", True, False),
        ("paid", True, False),
        ("packed", True, False),
        ("shipped", True, True),
        ("delivered", False, False),
    ]
    assert stages[3].at == NOW
    assert stages[4].at is None


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (OrderState.DELIVERED, OrderState.DELIVERED),
        (OrderState.RETURN_REQUESTED, OrderState.RETURN_REQUESTED),
        (OrderState.RETURNED, OrderState.RETURNED),
        (OrderState.CANCELED, OrderState.CANCELED),
    ],
)
def test_the_way_ends_where_the_order_is(state: OrderState, last: OrderState) -> None:
    stages = timeline(an_order(state=state, shipments=(PARCEL,)))

    assert stages[-1].state is last
    assert all(stage.is_done for stage in stages)


def test_a_canceled_order_was_never_on_its_way() -> None:
    assert [stage.state for stage in timeline(an_order(state=OrderState.CANCELED))] == [
        OrderState.PLACED,
        OrderState.CANCELED,
    ]
