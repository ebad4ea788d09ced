"""Secrets that are made at the first start and kept in the state directory, readable by the owner alone."""

import dataclasses
import os
import secrets
from pathlib import Path

from config.fields import spec
from config.settings import Settings

FOLDER = "secrets"


def with_generated_secrets(settings: Settings) -> Settings:
    """Fill every empty `generated` secret from the state directory, making it there when it is missing.

    Both processes get the same value, also when they start at the same time.
    """
    sections = {}
    for section in dataclasses.fields(settings):
        values = getattr(settings, section.name)
        missing = {
            field.name: kept_secret(settings.paths.state_dir, f"{section.name}.{field.name}")
            for field in dataclasses.fields(values)
            if spec(field).generated and not getattr(values, field.name)
        }
        sections[section.name] = dataclasses.replace(values, **missing)
    return dataclasses.replace(settings, **sections)


def kept_secret(state_dir: Path, name: str) -> str:
    """Return the secret of this name in `state_dir`, making it first when it is not there."""
    folder = state_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        _create(path)
    return path.read_text(encoding="ascii").strip()


def _create(path: Path) -> None:
    """Write a new secret whole, then give it its name: a reader never sees half of it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(32) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its secret counts
    finally:
        draft.unlink()
