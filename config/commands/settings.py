"""`comptoir settings`: prints what is in force, without the secrets."""

import argparse
import dataclasses
import json

from config.fields import Kind, spec
from config.loader import find_file
from config.settings import Settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `settings`."""
    parser = commands.add_parser("settings", help="print the settings in force, without secrets")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every setting as TOML; times in seconds, sizes in bytes."""
    file = arguments.settings or find_file()
    print(f"# {file}" if file else "# no settings file; defaults and the environment")
    for section in dataclasses.fields(settings):
        print(f"\n[{section.name}]")
        values = getattr(settings, section.name)
        for field in dataclasses.fields(values):
            if spec(field).kind is not Kind.SECRET:
                print(f"{field.name} = {_toml(getattr(values, field.name))}")
    return 0


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)
