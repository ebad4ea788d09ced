"""What became of an order, as the messages that say it.

The facts are those of an order in docs/flows.md. Only `state` is needed; every other one that is known adds
a detail.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ivr.speech.parts import Digits, Number, Part, Text, Words
from ivr.speech.values import date_in, money_in, text_in, whole_in

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "placed": "order.placed",
        "paid": "order.paid",
        "packed": "order.packed",
        "shipped": "order.shipped",
        "delivered": "order.delivered",
        "return_requested": "order.return_requested",
        "returned": "order.returned",
        "canceled": "order.canceled",
    }
)


def order_sentences(facts: Mapping[str, object]) -> tuple[Text, ...]:
    """The sentences in the order they are said."""
    state = text_in(facts.get("state")) or ""
    return (*_which(facts), _state(state, facts), *_remainder(state, facts), *_money(facts))


def _which(facts: Mapping[str, object]) -> tuple[Text, ...]:
    number, placed_on = text_in(facts.get("number")), date_in(facts.get("placed_on"))
    if number is None:
        return ()
    if placed_on is None:
        return (Text("order.number", {"number": Digits(number)}),)
    return (Text("order.number_placed", {"number": Digits(number), "placed_on": placed_on}),)


def _state(state: str, facts: Mapping[str, object]) -> Text:
    expected_on, delivered_on = date_in(facts.get("expected_on")), date_in(facts.get("delivered_on"))
    if state == "shipped" and expected_on is not None and facts.get("is_late") is True:
        return Text("order.late", {"expected_on": expected_on})
    if state == "shipped":
        return _shipped(text_in(facts.get("carrier")), expected_on)
    if state == "delivered" and delivered_on is not None:
        return Text("order.delivered_on", {"delivered_on": delivered_on})
    return Text(STATES.get(state, "order.unknown"))


def _shipped(carrier: str | None, expected_on: Part | None) -> Text:
    values: dict[str, Part] = {}
    if carrier is not None:
        values["carrier"] = Words(carrier)
    if expected_on is not None:
        values["expected_on"] = expected_on
    suffix = "".join(f"_{name.removesuffix('_on')}" for name in values)
    return Text(f"order.shipped{suffix}", values)


def _remainder(state: str, facts: Mapping[str, object]) -> tuple[Text, ...]:
    waiting = whole_in(facts.get("items_to_ship")) or 0
    if state != "shipped" or waiting < 1:
        return ()
    return (Text("order.items_to_ship", {"count": Number(waiting)}),)


def _money(facts: Mapping[str, object]) -> tuple[Text, ...]:
    amounts = {name: money_in(facts.get(name)) for name in ("amount_due", "refund_due")}
    return tuple(
        Text(f"order.{name}", {"amount": money})
        for name, money in amounts.items()
        if money is not None and money.amount > 0
    )
