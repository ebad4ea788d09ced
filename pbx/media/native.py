"""The few C functions that pjproject's Python module does not offer: pjproject's own, in the same shared library,
and the C library's.

pjsua2 answers REFER by calling the target on its own. Answered by us first, it leaves the request alone, because
the transaction is no longer new. The same goes for an INFO with a bare key, which it does not know.
"""

import ctypes
from functools import cache

import pjsua2 as pj

LARGE_BUFFER = 60 * 1024
"""Bytes; pjsip keeps each message it sent in a buffer of 64 kB until its transaction ends, 32 s later over UDP."""
_M_MMAP_THRESHOLD, _M_MMAP_MAX = -3, -4
_MOST_MAPPINGS = 40_000
"""Well below what Linux allows a process (vm.max_map_count, 65,530)."""


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(pj._pjsua2.__file__)
    library.pjsip_rdata_get_dlg.restype = ctypes.c_void_p
    library.pjsip_rdata_get_dlg.argtypes = [ctypes.c_void_p]
    library.pjsip_dlg_respond.restype = ctypes.c_int
    library.pjsip_dlg_respond.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
        *[ctypes.c_void_p] * 3,
    ]
    return library


def set_log_level(level: int) -> None:
    """The level for what is logged before the library has its configuration."""
    _library().pj_log_set_level(level)


def respond(request: pj.SipRxData, status: int) -> bool:
    """Answer a request inside a dialog that is being called back right now; False when it could not be sent."""
    data = int(request.pjRxData)
    dialog = _library().pjsip_rdata_get_dlg(data)
    return bool(dialog) and _library().pjsip_dlg_respond(dialog, data, status, None, None, None) == 0


def keep_large_buffers_apart() -> bool:
    """Let the C library take each large buffer from the system and give it back (mallopt(3)), instead of from
    its heap: only the pages that a message really fills then cost memory. False where it has no such setting.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGE_BUFFER) and mallopt(_M_MMAP_MAX, _MOST_MAPPINGS))
