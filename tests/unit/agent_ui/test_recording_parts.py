"""Which part of a recording a request gets, and who gets any."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_ui.recordings.ranges import NotThere, part_of
from agent_ui.recordings.watches import LASTS, MOST, Watches


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 10)),
        ("bytes=99-", (99, 1)),
        ("bytes=90-1000", (90, 10)),
        ("bytes=-5", (95, 5)),
        ("bytes=-1000", (0, 100)),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_a_part_is_what_was_asked_for(header: str, part: tuple[int, int] | None) -> None:
    assert part_of(header, 100) == part


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_a_part_that_is_not_there_is_refused(header: str, size: int) -> None:
    with pytest.raises(NotThere):
        part_of(header, size)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True), st.integers(0, 2000))
def test_a_part_is_never_outside_of_the_file(header: str, size: int) -> None:
    try:
        begin, length = part_of(header, size) or (0, size)
    except NotThere:
        return
    assert begin >= 0
    assert begin + length <= size


def test_only_the_sign_in_that_has_opened_a_contact_gets_its_parts() -> None:
    watches = Watches()
    name = watches.open("alice", {"r1": Path("r1.wav")})
    assert watches.file(name, "alice", "r1") == Path("r1.wav")
    assert watches.file(name, "alice", "r2") is None
    assert watches.file(name, "eve", "r1") is None
    assert watches.file("guessed", "alice", "r1") is None


def test_what_was_opened_long_ago_is_opened_anew() -> None:
    now = [0.0]
    watches = Watches(lambda: now[0])
    name = watches.open("alice", {"r1": Path("r1.wav")})
    now[0] = LASTS
    assert watches.file(name, "alice", "r1") is None


def test_not_more_is_remembered_than_a_bound() -> None:
    watches = Watches()
    first = watches.open("alice", {"r1": Path("r1.wav")})
    names = [watches.open("alice", {"r1": Path("r1.wav")}) for _ in range(MOST)]
    assert watches.file(first, "alice", "r1") is None
    assert watches.file(names[0], "alice", "r1") is not None
