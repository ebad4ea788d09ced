"""The few C functions of pjproject that its Python module does not offer, called in the same shared library.

pjsua2 answers REFER by calling the target on its own. Answered by us first, it leaves the request alone, because
the transaction is no longer new. The same goes for an INFO with a bare key, which it does not know.
"""

import ctypes
from functools import cache

import pjsua2 as pj


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
