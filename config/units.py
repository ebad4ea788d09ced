"""Units in settings, parsed once: "30s", "1h30m", "250ms" into seconds; "64 kB", "1 GiB" into bytes."""

import re

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
BYTES = {
    "B": 1,
    "kB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
}
DURATION_FORM = 'a duration such as "30s", "10m", "1h30m", "250ms" or a number of seconds'
SIZE_FORM = 'a size such as "64 kB", "1 GB", "512 MiB" or a number of bytes'

_AMOUNT = r"(\d+(?:\.\d+)?)"
_DURATION_PART = re.compile(_AMOUNT + r"\s*(ms|s|m|h|d)\s*")
_SIZE = re.compile(_AMOUNT + r"\s*([kKMGT]i?)?B?", re.IGNORECASE)


def parse_duration(written: str | int | float) -> float:
    """Return seconds. Raises ValueError when `written` is no duration."""
    if isinstance(written, bool):
        raise ValueError(DURATION_FORM)
    if isinstance(written, int | float):
        return float(written)
    text = written.strip()
    if re.fullmatch(_AMOUNT, text):
        return float(text)
    if not re.fullmatch(f"(?:{_DURATION_PART.pattern})+", text):
        raise ValueError(DURATION_FORM)
    return sum(float(amount) * SECONDS[unit] for amount, unit in _DURATION_PART.findall(text))


def parse_size(written: str | int) -> int:
    """Return bytes: kB, MB, GB are powers of 1000 and KiB, MiB, GiB powers of 1024. Raises ValueError."""
    if isinstance(written, bool):
        raise ValueError(SIZE_FORM)
    if isinstance(written, int):
        return written
    match = _SIZE.fullmatch(written.strip())
    if match is None:
        raise ValueError(SIZE_FORM)
    prefix = (match[2] or "").lower()
    base = 1024 if prefix.endswith("i") else 1000
    return int(float(match[1]) * base ** " kmgt".index(prefix[:1] or " "))
