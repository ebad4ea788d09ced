"""Saying a prompt on a leg: parts become text, text becomes files, files are played and told to the stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from twisted.internet.defer import CancelledError
from twisted.logger import Logger

from ivr.speech.catalogue import Catalogue
from ivr.speech.parts import Language, Part, Segment, Spoken, Text
from ivr.speech.rendering import render
from pbx.calls.call import Call
from pbx.calls.ports import Prompts
from pbx.calls.switchboard import Switchboard, new_id
from pbx.contract.events import PlaybackFinished, PlaybackStarted

_log = Logger()


@dataclass(frozen=True, slots=True)
class Utterance:
    """A prompt ready to be played, and its words."""

    text: str
    language: Language
    files: tuple[Path, ...]


class Speech:
    """The center's voice on calls."""

    def __init__(self, switchboard: Switchboard, prompts: Prompts, catalogue: Catalogue) -> None:
        self._switchboard = switchboard
        self._prompts = prompts
        self._catalogue = catalogue

    async def prepare(
        self, parts: Sequence[Part], language: Language, catalogue: Catalogue | None = None
    ) -> Utterance:
        """Render; without files when nothing could be rendered (which is logged, and never raised)."""
        today = self._switchboard.now().astimezone().date()  # the day of the shop's own clock
        try:
            segments = render(tuple(parts), language, today, catalogue or self._catalogue)
            files = await self._prompts.files(segments, language)
        except CancelledError:
            raise
        except Exception:
            _log.failure("A prompt could not be rendered")
            return Utterance("", language, ())
        text = " ".join(one.text if isinstance(one, Spoken) else f"[{one.name}]" for one in segments)
        return Utterance(text, language, files)

    def play(self, call: Call, leg: str, utterance: Utterance) -> str:
        """Play it; returns the playback's id, whose PlaybackEnded follows."""
        playback = new_id()
        self._switchboard.bus.publish(
            PlaybackStarted(
                at=self._switchboard.now(), contact=call.id, leg=leg,
                text=utterance.text, language=utterance.language,
            )
        )  # fmt: skip
        self._switchboard.media.play(leg, playback, utterance.files)
        return playback

    def tell_finished(self, call: Call, leg: str, completed: bool) -> None:
        """Publish that a prompt was heard to its end, or interrupted."""
        self._switchboard.bus.publish(
            PlaybackFinished(at=self._switchboard.now(), contact=call.id, leg=leg, completed=completed)
        )


def fixed_segments(catalogue: Catalogue, languages: Sequence[Language]) -> tuple[Segment, ...]:
    """What is said to everybody in the same words: worth rendering before the first caller."""
    any_day = date(2000, 1, 1)
    said = (
        segment
        for id in catalogue.messages
        for language in languages
        for segment in render((Text(id),), language, any_day, catalogue)
    )
    return tuple(dict.fromkeys(one for one in said if isinstance(one, Spoken) and one.fixed))
