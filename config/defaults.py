"""`python -m config.defaults`: writes defaults.toml, where every key stands with its documentation."""

import dataclasses
import inspect
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.fields import Kind, Spec, spec
from config.settings import Settings
from config.values import allowed, bounds

FILE = Path(__file__).with_name("defaults.toml")
HEAD = """\
# Every setting of Comptoir with its default. Copy what you change to ~/.config/comptoir/comptoir.toml (or
# /etc/comptoir/comptoir.toml, or name the file with --settings); an environment variable
# COMPTOIR_<SECTION>_<KEY>, such as COMPTOIR_SIP_PORT, wins over the file. Secrets may come from a file:
# token_file = "/run/secrets/comptoir-api". Times are written "250ms", "30s", "10m", "1h30m" or as seconds,
# sizes "64 kB", "1 GB", "512 MiB" or as bytes. Written by `python -m config.defaults`.
"""
WIDTH = 108


def render() -> str:
    """Return the text of defaults.toml."""
    return HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    for section in dataclasses.fields(Settings):
        kind: Any = section.default_factory
        yield f"\n# {inspect.getdoc(kind)}\n[{section.name}]\n"
        for field in dataclasses.fields(kind):
            yield _entry(field.name, spec(field))


def _entry(name: str, declared: Spec) -> str:
    comment = textwrap.fill(_documentation(declared), WIDTH, initial_indent="# ", subsequent_indent="# ")
    return f"\n{comment}\n{name} = {json.dumps(declared.written, ensure_ascii=False)}\n"


def _documentation(declared: Spec) -> str:
    if declared.kind is Kind.SECRET:
        made = " Empty: one is made at the first start." if declared.generated else ""
        return f"{declared.doc}{made} Or name a file with <key>_file."
    limits = allowed(declared) if declared.choices else bounds(declared)
    return f"{declared.doc} ({limits[0].upper()}{limits[1:]}.)" if limits else declared.doc


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
