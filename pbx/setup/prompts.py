"""`comptoir prompt`: recorded prompts, which flows name by their file."""

import argparse
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from config.settings import Settings
from pbx import wav
from pbx.media.resample import convert
from pbx.setup.common import table, verbs_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.wav")
RATE = 16000
"""Hz: what is kept is as good as the best codec of a call; the telephone system converts it for its bridge."""


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "prompt", "recorded prompts, for flows to play")
    parser = verb("add", "check and keep a WAV file", _add)
    parser.add_argument("name", help="as flows write it, such as shop/welcome-fr.wav")
    parser.add_argument("file", type=Path)
    verb("remove", "forget one", _remove).add_argument("name")
    verb("list", "all recorded prompts", _list)


def folder(settings: Settings) -> Path:
    """Where recorded prompts are kept."""
    return settings.paths.state_dir / "recorded-prompts"


def _add(given: argparse.Namespace, settings: Settings) -> int:
    if not NAME.fullmatch(given.name):
        return _refuse("a prompt is named like shop/welcome-fr.wav: letters, digits, - and _")
    target = folder(settings) / given.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as draft:
            made = Path(draft) / "prompt.wav"
            convert(given.file, made, RATE, speech=False)
            made.replace(target)
    except (wav.NotPlayable, OSError) as problem:
        return _refuse(f"{given.file} cannot be used: {problem}")
    print(f"Flows can play {given.name} from now on ({wav.shape(target).seconds:.1f} s).")
    return 0


def _remove(given: argparse.Namespace, settings: Settings) -> int:
    target = folder(settings) / given.name
    if not NAME.fullmatch(given.name) or not target.is_file():
        return _refuse(f"there is no prompt {given.name}; see `comptoir prompt list`")
    target.unlink()
    print(f"{given.name} is gone; flows that name it say nothing in its place.")
    return 0


def _list(_given: argparse.Namespace, settings: Settings) -> int:
    root = folder(settings)
    files = sorted(root.rglob("*.wav")) if root.is_dir() else []
    rows = [(str(file.relative_to(root)), f"{wav.shape(file).seconds:.1f}") for file in files]
    print(table(("prompt", "seconds"), rows))
    return 0


def _refuse(why: str) -> int:
    print(f"comptoir: {why}", file=sys.stderr)
    return 1
