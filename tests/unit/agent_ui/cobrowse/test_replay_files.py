"""A replay's file: what was packed comes back, and a file that was cut off reads up to its last whole block."""

from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent_ui.cobrowse.replay_file import HEAD, LARGEST, MARK, Packer, unpacked

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=6)


def packed(documents: list[dict[str, Any]]) -> list[bytes]:
    packer = Packer()
    return [packer.pack(one) for one in documents]


def read(content: bytes) -> list[dict[str, Any]]:
    return list(unpacked(BytesIO(content)))


@given(DOCUMENTS)
def test_what_was_packed_comes_back(documents: list[dict[str, Any]]) -> None:
    assert read(b"".join(packed(documents))) == documents


@given(DOCUMENTS, st.data())
def test_a_file_that_was_cut_off_reads_up_to_its_last_whole_block(
    documents: list[dict[str, Any]], data: st.DataObject
) -> None:
    pieces = packed(documents)
    whole = b"".join(pieces)
    cut = data.draw(st.integers(0, len(whole)))
    ends = [sum(map(len, pieces[: number + 1])) for number in range(len(pieces))]
    assert read(whole[:cut]) == documents[: sum(end <= cut for end in ends)]


@given(
    st.lists(st.dictionaries(st.text(min_size=1), st.text(), min_size=1), min_size=2, max_size=5), st.data()
)
def test_a_damaged_block_ends_what_is_read_and_nothing_else_comes_of_it(
    documents: list[dict[str, Any]], data: st.DataObject
) -> None:
    pieces = packed(documents)
    whole = bytearray(b"".join(pieces))
    place = data.draw(st.integers(len(MARK), len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    before = sum(sum(map(len, pieces[: number + 1])) <= place for number in range(len(pieces)))
    assert read(bytes(whole)) == documents[:before]


def test_what_is_no_replay_has_no_documents() -> None:
    assert read(b"RIFF....WAVE") == []


def test_a_block_that_says_it_is_too_large_is_not_read() -> None:
    assert read(MARK + HEAD.pack(LARGEST + 1, 0) + b"x" * 64) == []


def test_a_text_with_half_a_surrogate_is_kept() -> None:
    assert read(b"".join(packed([{"text": "\ud800"}]))) == [{"text": "\ud800"}]


def test_what_repeats_itself_takes_little_room() -> None:
    batch = {"at": 1, "events": [{"type": 3, "data": {"source": 0, "texts": [], "attributes": []}}] * 5}
    pieces = packed([batch] * 100)
    assert sum(map(len, pieces[1:])) / 99 < 40
