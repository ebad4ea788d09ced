"""defaults.toml documents every setting."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.defaults import FILE, render
from config.fields import Spec, spec
from config.loader import load
from config.settings import Settings
from config.values import from_toml


def declared() -> list[tuple[str, str, Spec, Any]]:
    found = []
    for section in dataclasses.fields(Settings):
        for field in dataclasses.fields(getattr(Settings(), section.name)):
            found.append((section.name, field.name, spec(field), field.default))
    return found


def test_the_file_is_what_the_settings_say() -> None:
    assert FILE.read_text("utf-8") == render(), "run `python -m config.defaults`"


def test_every_key_is_in_the_file_with_the_same_default() -> None:
    written = tomllib.loads(FILE.read_text("utf-8"))

    for section, key, declaration, default in declared():
        assert from_toml(declaration, written[section][key]) == default, f"{section}.{key}"
    assert sum(map(len, written.values())) == len(declared())


@pytest.mark.parametrize(("section", "key", "declaration", "default"), declared())
def test_every_key_is_documented_in_a_sentence(
    section: str, key: str, declaration: Spec, default: Any
) -> None:
    assert declaration.doc.endswith((".", ".)")), f"{section}.{key}"
    assert len(declaration.doc.split()) >= 3, f"{section}.{key}"


def test_the_file_itself_can_be_loaded_and_changes_nothing() -> None:
    copy = Path(FILE)

    assert load(copy, {}) == load(None, {})
