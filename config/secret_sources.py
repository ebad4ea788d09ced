"""Secrets named by where they are kept, for what is set up in the database: it holds none in clear."""

from collections.abc import Mapping
from pathlib import Path

from config.errors import Problem, SettingsError
from config.loader import environment

ENVIRONMENT = "env:"
FILE = "file:"


def secret_from(source: str, environ: Mapping[str, str] | None = None) -> str:
    """The secret that is kept at `env:NAME` or `file:PATH`, without the white space around it.

    Raises:
        SettingsError: there is none.
    """
    found = _read(source, environment(environ))
    if not found:
        what = "there is no secret; write env:NAME or file:PATH, and let it hold one"
        raise SettingsError([Problem(source, "", what)])
    return found


def _read(source: str, environ: Mapping[str, str]) -> str:
    if source.startswith(ENVIRONMENT):
        return environ.get(source.removeprefix(ENVIRONMENT), "").strip()
    if not source.startswith(FILE):
        return ""
    try:
        return Path(source.removeprefix(FILE)).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError([Problem(source, "", f"the file cannot be read: {error}")]) from None
