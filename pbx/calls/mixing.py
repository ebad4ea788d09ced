"""Who hears whom, and who hears music: decided from a call's participants alone."""

from collections.abc import Collection, Container, Iterable

from pbx.calls.call import Call, Participant
from pbx.calls.ports import Edge
from pbx.events import LegId


def edges(participants: Iterable[Participant]) -> frozenset[Edge]:
    """Everyone in a shared room hears every other who is not muted; parked, held and absent ones hear nobody."""
    present = [one for one in participants if one.heard and one.room != "parked"]
    return frozenset(
        (speaker.leg, listener.leg)
        for speaker in present
        if not speaker.muted
        for listener in present
        if speaker is not listener and speaker.room == listener.room
    )


def music_for(call: Call) -> frozenset[LegId]:
    """Legs that would otherwise hear silence in a conversation: whoever is parked, a customer or third party who is
    alone in the room because the others hold or are still being called, and anybody whose company has gone away.

    In the IVR and in a queue the session in charge plays; here only the conversation's own waits count.
    """
    if call.state not in ("talking", "held"):
        return frozenset()
    everyone = call.participants.values()
    heard = {listener for _, listener in edges(everyone)}
    return frozenset(
        one.leg
        for one in everyone
        if one.heard and (one.room == "parked" or _left_alone(one, heard, everyone))
    )


def _left_alone(one: Participant, heard: Container[LegId], everyone: Collection[Participant]) -> bool:
    waits = one.role in ("customer", "third_party") or _misses_somebody(one, everyone)
    return waits and one.leg not in heard and not _only_muted(one, everyone)


def _misses_somebody(one: Participant, everyone: Collection[Participant]) -> bool:
    return any(other.away and other.room == one.room for other in everyone if other is not one)


def _only_muted(listener: Participant, participants: Iterable[Participant]) -> bool:
    """Whether somebody is in the room with `listener` but muted: silence is meant, music would be wrong."""
    return any(
        one.muted and one.heard and one.room == listener.room for one in participants if one is not listener
    )
