"""`python -m config.pjsua2.build`: builds pjsua2's wheel, or takes it from the cache; prints its path.

The wheel is kept outside the tree, under a key that changes with the source, the options, the system and the
interpreter. Only the standard library and setuptools are needed.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config.loader import cache_home
from config.pjsua2.commands import Commands
from config.pjsua2.compile import STEPS, build_wheel
from config.pjsua2.errors import BuildError, SourceUnavailable
from config.pjsua2.packages import require_packages
from config.pjsua2.progress import Progress
from config.pjsua2.recipe import cache_key
from config.pjsua2.source import Source, debian_source, given_source


def main(argv: Sequence[str] | None = None) -> int:
    """Build or find the wheel; return 0, or 1 after an explanation on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        print(wheel_for(arguments.source, arguments.wheel_dir))
    except BuildError as problem:
        print(f"pjsua2: {problem}", file=sys.stderr)
        return 1
    return 0


def wheel_for(place: str | None, wheel_dir: Path) -> Path:
    """Return the wheel for the source at `place` (None: Debian's), built unless it is cached."""
    wheel_dir.mkdir(parents=True, exist_ok=True)
    progress = Progress("pjsua2", STEPS + 1)
    with tempfile.TemporaryDirectory(prefix="comptoir-pjsua2-") as temporary:
        work = Path(temporary)
        commands = Commands(wheel_dir / "build.log", progress)
        commands.start_log()
        with progress.step("look up the source"):
            source = _find(place, work, commands, wheel_dir)
        if isinstance(source, Path):
            return source
        key = cache_key(source.sha256)
        cached = sorted(wheel_dir.glob(f"*+comptoir.{key}-*.whl"))
        return cached[0] if cached else _build(source, key, work, wheel_dir, commands, progress)


def _find(place: str | None, work: Path, commands: Commands, wheel_dir: Path) -> Source | Path:
    if place is not None:
        return given_source(place, work)
    try:
        return debian_source(work, commands)
    except SourceUnavailable:
        if remembered := _last_built(wheel_dir):
            return remembered
        raise


def _build(
    source: Source, key: str, work: Path, wheel_dir: Path, commands: Commands, progress: Progress
) -> Path:
    require_packages()
    built = build_wheel(source.fetch(), work, key, commands, progress)
    kept = wheel_dir / built.name
    shutil.move(built, kept)
    (wheel_dir / f"last-{cache_key('')}").write_text(kept.name, encoding="utf-8")
    return kept


def _last_built(wheel_dir: Path) -> Path | None:
    """Without a network, the last wheel with these options for this interpreter serves as well."""
    note = wheel_dir / f"last-{cache_key('')}"
    wheel = wheel_dir / note.read_text(encoding="utf-8") if note.exists() else None
    return wheel if wheel is not None and wheel.exists() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.pjsua2.build", description=__doc__)
    parser.add_argument("--source", metavar="PATH_OR_URL", help="your own pjproject tarball")
    parser.add_argument(
        "--wheel-dir",
        type=Path,
        default=cache_home() / "comptoir" / "pjsua2",
        help="where wheels are kept (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
