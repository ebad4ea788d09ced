"""Text to speech: the port, and a command (espeak-ng, or another one) behind it."""

from typing import Any, Protocol

from twisted.internet.defer import Deferred, DeferredSemaphore
from twisted.internet.error import ProcessDone
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from config.settings import PromptsSettings
from ivr.speech.parts import Language
from pbx.clock import Timer
from pbx.errors import PbxError


class NotSpoken(PbxError):
    """The voice did not render a text."""

    id = "media.not_spoken"


class Voice(Protocol):
    """Renders text to a WAV file of PCM samples of any rate."""

    def name(self, language: Language) -> str:
        """What the sound depends on besides the text: another name, another rendering."""

    def render(self, text: str, language: Language, output: str) -> Deferred[None]:
        """Write the speech to the file `output`; fails with NotSpoken."""


class CommandVoice:
    """Runs a command for each text, a few at a time. The text goes to its standard input, never to its arguments
    (other users of the machine could read those)."""

    def __init__(self, reactor: Any, settings: PromptsSettings) -> None:
        self._reactor = reactor
        self._settings = settings
        self._slots = DeferredSemaphore(settings.render_processes)
        self._voices: dict[Language, str] = {
            "en": settings.voice_en,
            "fr": settings.voice_fr,
            "pt": settings.voice_pt,
        }

    def name(self, language: Language) -> str:
        return "\0".join((*self._settings.command, self._voices[language], str(self._settings.speed)))

    def render(self, text: str, language: Language, output: str) -> Deferred[None]:
        return self._slots.run(self._run, text, language, output)

    def _run(self, text: str, language: Language, output: str) -> Deferred[None]:
        values = {"voice": self._voices[language], "speed": str(self._settings.speed), "output": output}
        try:
            arguments = [part.format_map(values) for part in self._settings.command]
            running = _Running(self._reactor, text, self._settings.render_timeout)
            self._reactor.spawnProcess(running, arguments[0], arguments, env=None)
        except (OSError, LookupError, ValueError) as error:
            return _failed(f"The speech command could not be started: {error}")
        return running.ended


class _Running(ProcessProtocol):
    """One command at work."""

    def __init__(self, reactor: Any, text: str, limit: float) -> None:
        self.ended: Deferred[None] = Deferred()
        self._text = text
        self._complaint = b""
        self._timer: Timer = reactor.callLater(limit, self._too_long)

    def connectionMade(self) -> None:
        self.transport.write(self._text.encode())
        self.transport.closeStdin()

    def errReceived(self, data: bytes) -> None:
        self._complaint = (self._complaint + data)[-200:]

    def _too_long(self) -> None:
        self._complaint = b"it took too long"
        if self.transport is not None:
            self.transport.signalProcess("KILL")

    def processEnded(self, reason: Failure) -> None:
        if self._timer.active():
            self._timer.cancel()
        if reason.check(ProcessDone):
            self.ended.callback(None)
        else:
            complaint = self._complaint.decode(errors="replace").strip()
            self.ended.errback(
                NotSpoken(f"The speech command failed: {complaint or reason.getErrorMessage()}")
            )


def _failed(detail: str) -> Deferred[None]:
    failed: Deferred[None] = Deferred()
    failed.errback(NotSpoken(detail))
    return failed
