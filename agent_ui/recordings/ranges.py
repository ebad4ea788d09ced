"""Which part of a file a request wants (RFC 9110, section 14): one range of bytes, or all of it."""

import re

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class NotThere(Exception):
    """The file has no such part."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """The first byte and the number of bytes that a Range header asks for, of a file of `size` bytes.

    None is all of it: there is no header, or one of another kind, which may be ignored. Raises NotThere.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        wanted = min(int(last), size)
        begin, end = size - wanted, size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
    if begin >= size or end < begin:
        raise NotThere
    return begin, end - begin + 1
