"""Reads the settings: defaults, then the TOML file, then the environment. The only reader of os.environ."""

import os
from collections.abc import Mapping
from pathlib import Path


def cache_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the user's cache directory (XDG Base Directory Specification: $XDG_CACHE_HOME or ~/.cache)."""
    value = (os.environ if environ is None else environ).get("XDG_CACHE_HOME", "")
    return Path(value) if value.startswith("/") else Path.home() / ".cache"
