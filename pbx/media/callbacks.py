"""pjsua2's accounts and calls with their callbacks: each translates and leaves a note, nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pjsua2 as pj
from twisted.logger import Logger

from pbx.events import LegId, Profile
from pbx.media import browser_sdp, message
from pbx.media.library import DTMF_UPDATE
from pbx.media.native import respond
from pbx.media.notes import Confirmed, Disconnected, Invited, KeyPressed, MediaChanged, Notes, Rang, Referred

_log = Logger()
_Callback = TypeVar("_Callback", bound=Callable[..., None])
_REFUSED = 603

Keep = Callable[["Line", int], LegId]
"""Keep a new incoming call (its account and pjsua2's number) under a new leg id, which is returned."""


def logged(callback: _Callback) -> _Callback:
    """A callback must not raise into the library; what it raises is logged."""

    @wraps(callback)
    def guarded(*args: Any) -> None:
        try:
            callback(*args)
        except Exception:
            _log.failure("A callback of the media stack failed: {name}", name=callback.__name__)

    return guarded  # type: ignore[return-value]


class Line(pj.Account):
    """An account: one profile of phones, or one trunk."""

    def __init__(
        self,
        profile: Profile,
        notes: Notes,
        keep: Keep,
        registered: Callable[[int, str], None] = lambda status, reason: None,
    ) -> None:
        super().__init__()
        self.profile = profile
        self._notes = notes
        self._keep = keep
        self._registered = registered

    @logged
    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        leg = self._keep(self, prm.callId)
        self._notes.add(Invited(leg, prm.rdata.wholeMsg, self.profile))

    @logged
    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        self._registered(prm.code, prm.reason)


class Call(pj.Call):
    """A call, known by its leg's id."""

    def __init__(self, leg: LegId, notes: Notes, line: Line, identifier: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(line, identifier)
        self.leg = leg
        self.profile = line.profile
        self._notes = notes
        self._last_key = ("", 0)

    @logged
    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._notes.add(Disconnected(self.leg, info.lastStatusCode, info.lastReason))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._notes.add(Confirmed(self.leg))
        elif info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self._notes.add(Rang(self.leg, info.lastStatusCode))

    @logged
    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self._notes.add(MediaChanged(self.leg))

    @logged
    def onDtmfEvent(self, prm: pj.OnDtmfEventParam) -> None:
        if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO:
            self._notes.add(KeyPressed(self.leg, prm.digit.upper(), "info"))
        elif not prm.flags & DTMF_UPDATE and (prm.digit, prm.timestamp) != self._last_key:
            # The same key may start twice, when a re-INVITE restarts the stream in the middle of it.
            self._last_key = (prm.digit, prm.timestamp)
            self._notes.add(KeyPressed(self.leg, prm.digit.upper(), "rfc4733"))

    @logged
    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        event = prm.e.body.tsxState
        if event.tsx.role != pj.PJSIP_ROLE_UAS or event.tsx.state != pj.PJSIP_TSX_STATE_TRYING:
            return
        if event.tsx.method == "REFER":
            self._accept_refer(event.src.rdata)
        elif event.tsx.method == "INFO":
            self._accept_plain_info(event.src.rdata)

    def _accept_refer(self, request: pj.SipRxData) -> None:
        """Answer REFER ourselves: left to the library, it would call the target by itself."""
        refer_to = message.first(request.wholeMsg, "refer-to")
        if message.referral(refer_to) is None:
            respond(request, 400)
        elif respond(request, 202):
            self._notes.add(Referred(self.leg, refer_to))

    def _accept_plain_info(self, request: pj.SipRxData) -> None:
        digit = message.info_digit(request.wholeMsg)
        if digit is not None and respond(request, 200):
            self._notes.add(KeyPressed(self.leg, digit, "info"))

    @logged
    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """Only reached when our own answer to REFER failed."""
        prm.statusCode = _REFUSED

    @logged
    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        """An INVITE from outside that would take over one of our dialogs is declined (RFC 3891 section 3)."""
        prm.statusCode = _REFUSED
        prm.reason = "Decline"


class BrowserCall(Call):
    """A call with a browser."""

    @logged
    def onCallSdpCreated(self, prm: pj.OnCallSdpCreatedParam) -> None:
        ours = browser_sdp.answer if prm.remSdp.wholeSdp else browser_sdp.offer
        prm.sdp.wholeSdp = ours(prm.sdp.wholeSdp)


def call_on(line: Line, leg: LegId, notes: Notes, identifier: int = pj.PJSUA_INVALID_ID) -> Call:
    """A call of the kind that the line's profile asks for."""
    return (BrowserCall if line.profile == "webrtc" else Call)(leg, notes, line, identifier)
