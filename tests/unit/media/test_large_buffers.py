"""What pjsip keeps for each message sent is given back to the system."""

import ctypes
import platform

import pytest

from pbx.media.native import LARGE_BUFFER, keep_large_buffers_apart

BUFFERS = 1000


class Mallinfo(ctypes.Structure):
    """mallinfo2(3)."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks"),
            "keepcost",
        )
    )


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library has mallinfo2")
def test_a_message_s_buffer_is_mapped_and_unmapped_by_itself() -> None:
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = Mallinfo
    library.malloc.restype = ctypes.c_void_p
    library.free.argtypes = [ctypes.c_void_p]
    assert keep_large_buffers_apart()
    before = library.mallinfo2().hblks
    buffers = [library.malloc(LARGE_BUFFER + 4096) for _ in range(BUFFERS)]
    assert library.mallinfo2().hblks > before + BUFFERS // 2  # the heap's free blocks are used up first
    for one in buffers:
        library.free(one)
    assert library.mallinfo2().hblks == before
