"""A call flow: nodes that lead to one another, and the texts and calendars that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from ivr.constraints import About, Range, Size
from ivr.fields import FailureExit, MessageId, Name, NodeId, ShortText, Target
from ivr.hours import Schedule
from ivr.nodes import Node
from ivr.speech.message import Message
from ivr.speech.parts import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One version of a flow. Immutable: an edit makes the next version."""

    id: Name
    version: Annotated[int, Range(1, 2**31 - 1)]
    name: ShortText
    languages: Annotated[
        tuple[Language, ...], Size(1, 3), About("The first one is spoken until another is chosen.")
    ]
    start: Annotated[Target, About("The node a call enters first.")]
    on_failure: Annotated[FailureExit, About("Where a node goes whose own failure exit is missing.")] = None
    nodes: Annotated[Mapping[NodeId, Node], Size(1, 500)]
    texts: Annotated[
        Mapping[MessageId, Mapping[Language, Message]],
        About("The flow's own messages, before the shipped ones."),
    ] = field(default_factory=dict)
    calendars: Annotated[
        Mapping[Name, Schedule], About("Opening hours by name; the telephony's, of the same name, win.")
    ] = field(default_factory=dict)
