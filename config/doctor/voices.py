"""Can each language be spoken?"""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.doctor.finding import Finding, failure, ok
from config.settings import PromptsSettings, Settings

WORDS = {"en": "Good morning", "fr": "Bonjour", "pt": "Bom dia"}
WAV_HEADER = 44
ADVICE = "apt-get install espeak-ng, or set prompts.command and prompts.voice_{language} to another voice"


def check_voices(settings: Settings) -> Iterator[Finding]:
    """Render a word in each language."""
    spoken = []
    for language, word in WORDS.items():
        voice = getattr(settings.prompts, f"voice_{language}")
        problem = _render(settings.prompts, voice, word)
        if problem:
            yield failure(f"voice {language}", problem, ADVICE.format(language=language))
        else:
            spoken.append(f"{language} ({voice})")
    if spoken:
        yield ok("voices", ", ".join(spoken))


def _render(prompts: PromptsSettings, voice: str, word: str) -> str:
    """Return what went wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="comptoir-voice-") as folder:
        output = Path(folder) / "word.wav"
        places = {"{voice}": voice, "{speed}": str(prompts.speed), "{output}": str(output)}
        command = [_fill(part, places) for part in prompts.command]
        try:
            child = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                command, input=word.encode(), capture_output=True, timeout=prompts.render_timeout, check=False
            )
        except (OSError, subprocess.SubprocessError) as problem:
            return str(problem)
        if child.returncode != 0:
            return child.stderr.decode(errors="replace").strip() or f"it ended with {child.returncode}"
        heard = output.exists() and output.stat().st_size > WAV_HEADER
        return "" if heard else "the command wrote no sound"


def _fill(part: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        part = part.replace(place, value)
    return part
