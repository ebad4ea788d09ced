"""Answers requests inside a dialog that pjsua2 has no call for: REFER without dialling, INFO with a bare key.

pjsua2 answers REFER by calling the target on its own. Its C functions, which are exported by the same shared
library, let us answer first; it then leaves the request alone, because the transaction is no longer new.
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


def respond(request: pj.SipRxData, status: int) -> bool:
    """Answer a request that is being called back right now; False when it could not be sent."""
    data = int(request.pjRxData)
    dialog = _library().pjsip_rdata_get_dlg(data)
    return bool(dialog) and _library().pjsip_dlg_respond(dialog, data, status, None, None, None) == 0
