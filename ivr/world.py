"""A made-up world for simulations: what the shop, the queues and the web would answer to a flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.actions import (
    Action,
    CallWebhook,
    Enqueue,
    LookupCustomer,
    LookupOrder,
    RecordVoicemail,
    TakeCallback,
    Transfer,
)
from ivr.decoding import Decoder
from ivr.errors import FlowFormatError
from ivr.events import (
    CallbackRefused,
    CallbackTaken,
    CustomerFound,
    Event,
    Facts,
    LookupFailed,
    LookupMissed,
    OrderFound,
    QueueLeft,
    QueueOutcome,
    TransferDone,
    TransferFailed,
    VoicemailFailed,
    VoicemailRecorded,
    WebhookAnswered,
    WebhookFailed,
)
from ivr.fields import Name
from ivr.hours import Schedule
from ivr.shapes import shape_of


@dataclass(frozen=True, slots=True)
class World:
    """What is true around the call.

    `customer` is who calls, None for a stranger; `orders` are theirs, the latest first, each with the
    `postal_code` that proves it. `failing` names what is out of order: customer, order, webhook, transfer,
    voicemail, callback. `webhook` is what every webhook answers. `language` is that of the page called from.
    """

    caller: str | None
    called: str
    at: datetime
    customer: Facts | None = None
    orders: Sequence[Facts] = ()
    queue: QueueOutcome = "answered"
    webhook: Facts = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    calendars: Mapping[str, Schedule] = field(default_factory=dict)
    language: str | None = None


def world_from(document: Mapping[str, Any], caller: str | None, called: str, at: datetime) -> World:
    """The world of a facts file. Raises FlowFormatError for calendars that are none."""
    decoder = Decoder()
    shape = shape_of(Mapping[Name, Schedule])
    calendars = decoder.read(shape, document.get("calendars", {}), ("calendars",))
    if decoder.problems:
        raise FlowFormatError(tuple(decoder.problems))
    return World(
        caller,
        called,
        at,
        document.get("customer"),
        tuple(document.get("orders", ())),
        document.get("queue", "answered"),
        document.get("webhook", {}),
        frozenset(document.get("failing", ())),
        calendars,
    )


def reply(world: World, action: Action) -> Event | None:
    """The answer to a request that is not spoken; None for any other action."""
    match action:
        case LookupCustomer(request=request):
            if "customer" in world.failing:
                return LookupFailed(request, "database_away")
            return CustomerFound(request, world.customer) if world.customer else LookupMissed(request)
        case LookupOrder():
            return _order_reply(world, action)
        case CallWebhook(request=request):
            failing = "webhook" in world.failing
            return WebhookFailed(request, "error") if failing else WebhookAnswered(request, world.webhook)
        case Enqueue(request=request):
            return QueueLeft(request, world.queue)
        case Transfer(request=request):
            return TransferFailed(request) if "transfer" in world.failing else TransferDone(request)
        case RecordVoicemail(request=request):
            return VoicemailFailed(request) if "voicemail" in world.failing else VoicemailRecorded(request)
        case TakeCallback(request=request):
            return CallbackRefused(request) if "callback" in world.failing else CallbackTaken(request)
    return None


def _order_reply(world: World, action: LookupOrder) -> Event:
    if "order" in world.failing:
        return LookupFailed(action.request, "database_away")
    found = next((order for order in world.orders if _is_meant(world, order, action)), None)
    return LookupMissed(action.request) if found is None else OrderFound(action.request, found)


def _is_meant(world: World, order: Facts, action: LookupOrder) -> bool:
    if action.which == "latest":
        return world.customer is not None
    if order.get("number") != action.number:
        return False
    return world.customer is not None if action.check is None else order.get("postal_code") == action.check
