"""Durations and sizes as people write them."""

import pytest

from config.units import parse_duration, parse_size


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30),
        ("250ms", 0.25),
        ("10m", 600),
        ("1h30m", 5400),
        ("2 d", 172800),
        ("1.5h", 5400),
        ("12", 12),
        (7, 7),
    ],
)
def test_a_duration_is_read_in_seconds(written: str | int, seconds: float) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize("written", ["", "ten", "30 apples", "-5s", "s", "1h-30m", True])
def test_what_is_no_duration_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("64 kB", 64000),
        ("1 GB", 10**9),
        ("512 MiB", 512 * 2**20),
        ("16KiB", 16384),
        ("100 B", 100),
        ("5", 5),
        (9, 9),
    ],
)
def test_a_size_is_read_in_bytes(written: str | int, count: int) -> None:
    assert parse_size(written) == count


@pytest.mark.parametrize("written", ["", "big", "1 XB", "-1 kB", False])
def test_what_is_no_size_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="size"):
        parse_size(written)
