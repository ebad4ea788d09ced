"""Runs a flow from a script of keys, without any telephony, and writes down what would be heard and done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ivr.actions import (
    Action,
    CallWebhook,
    Collect,
    Enqueue,
    HangUp,
    LookupCustomer,
    LookupOrder,
    NodeEntered,
    Play,
    Prompt,
    RecordVoicemail,
    SetLanguage,
    TakeCallback,
    Transfer,
)
from ivr.events import Digits, Event, HungUp, PlaybackFinished, Started
from ivr.interpreter import advance, new_session
from ivr.model import Flow
from ivr.session import Session
from ivr.speech.catalogue import Catalogue
from ivr.speech.parts import Recorded
from ivr.speech.rendering import render
from ivr.world import World, reply

LineKind: TypeAlias = Literal["node", "says", "presses", "does", "ends"]

SILENCE = "-"
"""In a script: the caller presses nothing at this prompt."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript."""

    kind: LineKind
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What happened, and where the call stood in the end."""

    lines: tuple[Line, ...]
    session: Session


class Simulation:
    """One simulated call: a flow, the world around it, and the keys the caller will press."""

    def __init__(self, flow: Flow, world: World, keys: Sequence[str], catalogue: Catalogue) -> None:
        self._flow = flow
        self._world = world
        self._keys = iter(keys)
        self._catalogue = catalogue.with_own(flow.texts)
        self._session = new_session(flow)
        self._lines: list[Line] = []

    def run(self) -> Transcript:
        """Call, press the keys of the script prompt by prompt, and hang up when they are used up."""
        world = self._world
        event: Event | None = Started(
            world.caller, world.called, world.at, calendars=world.calendars, language=world.language
        )
        while event is not None:
            self._session, actions = advance(self._flow, self._session, event)
            event = None
            for action in actions:
                self._lines.extend(self._written(action))
                event = self._answer(action)
        self._lines.append(Line("ends", (self._session.ended or "unfinished").replace("_", " ")))
        return Transcript(tuple(self._lines), self._session)

    def _answer(self, action: Action) -> Event | None:
        match action:
            case Play(request=request):
                return PlaybackFinished(request)
            case Collect():
                return self._press(action)
        return reply(self._world, action)

    def _press(self, collect: Collect) -> Event:
        typed = next(self._keys, None)
        if typed is None:
            self._lines.append(Line("presses", "(the caller hangs up)"))
            return HungUp()
        silent = typed == SILENCE
        self._lines.append(Line("presses", "(nothing)" if silent else typed))
        return pressed(collect, "" if silent else typed)

    def _written(self, action: Action) -> Iterator[Line]:
        match action:
            case NodeEntered(node=node):
                yield Line("node", node)
            case Play(prompt=prompt) | Collect(prompt=prompt):
                yield from self._heard(prompt)
            case _:
                if text := described(action):
                    yield Line("does", text)

    def _heard(self, prompt: Prompt) -> Iterator[Line]:
        today = self._world.at.date()
        for segment in render(prompt, self._session.language, today, self._catalogue):
            text = f"[{segment.name}]" if isinstance(segment, Recorded) else segment.text
            yield Line("says", text)


def simulate(flow: Flow, world: World, keys: Sequence[str], catalogue: Catalogue) -> Transcript:
    """The transcript of one call; `catalogue` holds the shipped messages, the flow's own are put over it."""
    return Simulation(flow, world, keys, catalogue).run()


def pressed(collect: Collect, typed: str) -> Digits:
    """What the telephony would report for keys typed at once."""
    keys, terminator, _ = typed.partition(collect.terminator) if collect.terminator else (typed, "", "")
    keys = keys[: collect.max_digits]
    if len(keys) == collect.max_digits:
        return Digits(collect.request, keys, "complete")
    if terminator:
        return Digits(collect.request, keys, "terminated")
    return Digits(collect.request, keys, "timeout" if keys else "no_input")


def described(action: Action) -> str:
    """What an action that is not heard does, in a few words; "" for what goes without saying."""
    match action:
        case SetLanguage(language=language):
            return f"speaks {language}"
        case LookupCustomer(number=number):
            return f"looks up the customer who calls from {number}"
        case LookupOrder(which="latest"):
            return "looks up the latest order"
        case LookupOrder(number=number, check=check):
            return f"looks up order {number}" + (
                f" with check {check}" if check else " by the caller's number"
            )
        case CallWebhook(method=method, url=url):
            return f"calls {method} {url}"
        case Enqueue(queue=queue, priority=priority):
            return f"joins the queue {queue} with priority {priority}"
        case Transfer(target=target):
            return f"transfers to {target}"
        case RecordVoicemail(mailbox=mailbox):
            return f"records a message for {mailbox}"
        case TakeCallback(queue=queue, number=number):
            return f"notes a callback to {number} for the queue {queue}"
        case HangUp(reason=reason):
            return f"hangs up ({reason.replace('_', ' ')})"
    return ""
