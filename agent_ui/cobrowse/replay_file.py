"""A kept session as a file: what the viewers were shown, block by block.

A file begins with a mark. A block's head holds the length and the CRC-32 of what follows: a piece of one stream of
deflate, flushed at the block's end, with one JSON document in it. The first document says whose session it is, each
other one what was shown `at` which millisecond since. A file that was cut off anywhere, as by a process that died,
reads up to its last whole block.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

MARK = b"comptoir replay 1\n"
HEAD = struct.Struct(">II")
LARGEST = 32 * 1024 * 1024
"""Bytes of a block, deflated or not; no batch is as large."""

Document = dict[str, Any]


class Packer:
    """Makes the file's bytes, in order; each piece is written as a whole."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._begun = False

    def pack(self, document: Document) -> bytes:
        """One more block; the first one comes with the mark."""
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        packed = self._deflate.compress(text) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        head = b"" if self._begun else MARK
        self._begun = True
        return head + HEAD.pack(len(packed), zlib.crc32(packed)) + packed


def unpacked(file: BinaryIO) -> Iterator[Document]:
    """The documents of a file, as far as it is whole."""
    if file.read(len(MARK)) != MARK:
        return
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while (packed := _block(file)) is not None:
        try:
            text = inflate.decompress(packed, LARGEST)
            document = json.loads(text.decode("utf-8", "surrogatepass"))
        except (zlib.error, ValueError):
            return
        if not isinstance(document, dict):
            return
        yield document


def _block(file: BinaryIO) -> bytes | None:
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    length, checksum = HEAD.unpack(head)
    if length > LARGEST:
        return None
    packed = file.read(length)
    return packed if len(packed) == length and zlib.crc32(packed) == checksum else None
