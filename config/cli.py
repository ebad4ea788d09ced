"""The console command `comptoir`: finds its sub-commands in every package and runs one of them."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from config.errors import SettingsError
from config.loader import find_file, load
from config.plugins import COMMANDS, PlugIn, plug_ins
from config.secrets import with_generated_secrets
from config.settings import Settings

USAGE_ERROR = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command; return its exit code, or 2 when the settings are wrong."""
    arguments = _parser().parse_args(argv)
    try:
        settings = with_generated_secrets(load(arguments.settings or find_file()))
    except (SettingsError, OSError) as problem:
        print(f"comptoir: {problem}", file=sys.stderr)
        return USAGE_ERROR
    code: int = arguments.run(arguments, settings)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comptoir", description="A self-hosted contact center for interactive commerce."
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="the TOML file with your settings")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for plug_in in plug_ins(COMMANDS):
        if plug_in.function is None:
            _add_broken(commands, plug_in)
        else:
            plug_in.function(commands)
    return parser


def _add_broken(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", plug_in: PlugIn) -> None:
    """A command that cannot be imported says so when it is called; the others, `doctor` above all, work."""

    def run(_arguments: argparse.Namespace, _settings: Settings) -> int:
        print(f"comptoir {plug_in.name}: cannot be loaded: {plug_in.problem}", file=sys.stderr)
        return 1

    broken = commands.add_parser(plug_in.name, help="(cannot be loaded)", add_help=False)
    broken.add_argument("rest", nargs=argparse.REMAINDER)
    broken.set_defaults(run=run)


if __name__ == "__main__":
    sys.exit(main())
