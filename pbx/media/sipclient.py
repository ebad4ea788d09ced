"""A SIP phone without a loudspeaker, for test calls: registers, calls, answers, plays, listens, transfers.

It runs its own loop (`poll`) instead of a reactor, and reports what happens as plain dictionaries, so that
it can live in a process of its own. `pbx.media.testcall` and the end-to-end tests use it.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pjsua2 as pj

from config.settings import MediaSettings
from pbx import wav
from pbx.events import Profile
from pbx.media import library, profiles

Tell = Callable[[dict[str, Any]], None]
_DIGIT_METHODS = {"rfc4733": pj.PJSUA_DTMF_METHOD_RFC2833, "info": pj.PJSUA_DTMF_METHOD_SIP_INFO}
_TRANSPORTS = {"udp": library.udp_transport, "tcp": library.tcp_transport, "tls": library.tls_transport}


@dataclass(frozen=True, slots=True)
class PhoneOptions:
    """Who the phone is. `server` is `host:port` of the SIP server, an address literal; `auto_answer` the
    seconds after which it answers by itself, or None; `rtp_start` the first port for audio (0: any). `transport`
    is udp, tcp or tls (whose certificate is not checked), `profile` how its audio travels."""

    username: str = "phone"
    password: str = ""
    server: str = "127.0.0.1:5060"
    realm: str = "*"
    domain: str = ""
    transport: str = "udp"
    profile: Profile = "plain"
    address: str = "127.0.0.1"
    port: int = 0
    register: bool = False
    expires: int = 300
    auto_answer: float | None = None
    auto_status: int = 200
    clock_rate: int = 16000
    codecs: tuple[str, ...] = ()
    rtp_start: int = 40000
    session_timer: bool = False
    log_level: int = 0
    through_server: bool = True
    max_calls: int = 32


class PhoneCall(pj.Call):
    """One call of the phone, by its number `key`; tells what the library calls back."""

    def __init__(self, phone: "SipPhone", key: int, account: pj.Account, identifier: int) -> None:
        super().__init__(account, identifier)
        self._tell = phone.tell
        self._media_changed = phone.media_changed
        self._ended = phone.call_ended
        self.key = key
        self.media: dict[str, pj.AudioMedia] = {}
        self.heard: pj.AudioMediaRecorder | None = None
        self.played: pj.AudioMediaPlayer | None = None

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        state = info.state
        if state == pj.PJSIP_INV_STATE_EARLY:
            self._tell({"event": "ringing", "call": self.key, "status": info.lastStatusCode})
        elif state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._tell({"event": "answered", "call": self.key})
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._tell(
                {"event": "ended", "call": self.key, "status": info.lastStatusCode, "reason": info.lastReason}
            )
            self._ended(self.key)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self._media_changed(self.key)

    def onDtmfEvent(self, prm: pj.OnDtmfEventParam) -> None:
        if not prm.flags & library.DTMF_UPDATE:
            method = "info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc4733"
            self._tell({"event": "digit", "call": self.key, "digit": prm.digit, "method": method})

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        self._tell(
            {"event": "transfer", "call": self.key, "status": prm.statusCode, "final": bool(prm.finalNotify)}
        )
        prm.cont = True


class PhoneAccount(pj.Account):
    """The phone's account."""

    def __init__(self, phone: "SipPhone") -> None:
        super().__init__()
        self._tell = phone.tell
        self._incoming = phone.incoming

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        self._tell({"event": "registered", "status": prm.code, "expires": prm.expiration})

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self._incoming(prm.callId, prm.rdata.wholeMsg)


class SipPhone:
    """The phone. `tell` receives every event; call `poll` often, and `close` at the end."""

    def __init__(self, options: PhoneOptions, tell: Tell) -> None:
        self.options = options
        self.tell = tell
        self._work = tempfile.TemporaryDirectory(prefix="comptoir-phone-")
        self._calls: dict[int, PhoneCall] = {}
        self._ended: list[PhoneCall] = []
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self._now = 0.0
        self._keys = 0
        self._endpoint = library.open_library(
            library.LibraryOptions(
                max_calls=options.max_calls,
                clock_rate=options.clock_rate,
                log_level=options.log_level,
                user_agent="Phone",
            )
        )
        self._prefer(options.codecs)
        self._account = PhoneAccount(self)
        self._account.create(self._configuration())

    def _prefer(self, codecs: tuple[str, ...]) -> None:
        for codec in self._endpoint.codecEnum2() if codecs else ():
            place = next((n for n, start in enumerate(codecs) if codec.codecId.startswith(start)), None)
            self._endpoint.codecSetPriority(codec.codecId, 0 if place is None else 250 - place)

    def _configuration(self) -> pj.AccountConfig:
        one = self.options
        transport, self.port = _TRANSPORTS[one.transport](self._endpoint, one.address, one.port)
        result = pj.AccountConfig()
        result.idUri = f"sip:{one.username}@{one.domain or one.server}"
        sip = result.sipConfig
        sip.transportId = transport
        sip.authCreds.append(pj.AuthCredInfo("digest", one.realm, one.username, 0, one.password))
        if one.through_server:
            sip.proxies.append(f"<sip:{one.server};transport={one.transport};lr>")
        if one.register:
            result.regConfig.registrarUri = f"sip:{one.domain or one.server};transport={one.transport}"
            result.regConfig.timeoutSec = one.expires
            result.regConfig.retryIntervalSec = 0
        result.natConfig.sipOutboundUse = result.natConfig.contactRewriteUse = 0
        result.natConfig.udpKaIntervalSec = 0
        result.mediaConfig.transportConfig = library.rtp_transport(
            library.RtpOptions(
                one.rtp_start, one.rtp_start + 2000, "" if one.profile == "webrtc" else one.address
            )
        )
        profiles.apply(one.profile, result, MediaSettings())
        if not one.session_timer:
            result.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        return result

    def poll(self, milliseconds: int = 10) -> None:
        """Let the library work, and run what fell due."""
        self._endpoint.libHandleEvents(milliseconds)
        self._ended.clear()
        self._now += 0 if not self._timers else milliseconds / 1000
        due = [run for at, run in self._timers if at <= self._now]
        self._timers = [(at, run) for at, run in self._timers if at > self._now]
        for run in due:
            run()

    def _later(self, seconds: float, run: Callable[[], None]) -> None:
        self._timers.append((self._now + seconds, run))

    def incoming(self, identifier: int, message: str) -> None:
        call = self._new(identifier)
        self.tell({"event": "incoming", "call": call.key, "message": message})
        call.answer(_setting(180))
        if self.options.auto_answer is not None:
            self._later(self.options.auto_answer, lambda: self.answer(call.key, self.options.auto_status))

    def call_ended(self, key: int) -> None:
        call = self._calls.pop(key, None)
        if call is not None:
            call.heard = call.played = None
            self._ended.append(call)

    def media_changed(self, key: int) -> None:
        call = self._calls.get(key)
        if call is None:
            return
        status = library.audio_status(call)
        held = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
        self.tell({"event": "media", "call": key, "active": library.audible(status), "held": held})
        if library.audible(status):
            self._connect(call)

    def _connect(self, call: PhoneCall) -> None:
        audio = call.getAudioMedia(-1)
        if call.played is not None:
            call.played.startTransmit(audio)
        if call.heard is not None:
            audio.startTransmit(call.heard)
            self._endpoint.audDevManager().getCaptureDevMedia().startTransmit(call.heard)

    def _new(self, identifier: int = pj.PJSUA_INVALID_ID) -> PhoneCall:
        self._keys += 1
        call = PhoneCall(self, self._keys, self._account, identifier)
        self._calls[call.key] = call
        return call

    def call(self, uri: str, headers: list[tuple[str, str]] | None = None) -> int:
        """Call `uri`; returns the number under which the call is named from now on."""
        call = self._new()
        setting = _setting()
        setting.txOption.headers = library.headers([(name, value) for name, value in headers or ()])
        call.makeCall(uri, setting)
        return call.key

    def answer(self, call: int, status: int = 200) -> None:
        """Answer an incoming call; a status from 300 on refuses it."""
        if call in self._calls:
            self._calls[call].answer(_setting(status))

    def hang_up(self, call: int, status: int = 0) -> None:
        """End a call."""
        if call in self._calls:
            self._calls[call].hangup(_setting(status))

    def hang_up_all(self) -> None:
        """End every call."""
        for call in tuple(self._calls):
            self.hang_up(call)

    def play(self, call: int, path: str, loop: bool = True) -> None:
        """Speak a WAV file into the call, over and over, in place of what was spoken."""
        player = pj.AudioMediaPlayer()
        player.createPlayer(path, 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        self._calls[call].played = player
        self._reconnect(call)

    def tone(self, call: int, hertz: float, level: float = -12.0) -> None:
        """Speak a tone into the call until something else is spoken."""
        path = Path(self._work.name) / f"tone-{hertz:.0f}-{level:.0f}.wav"
        if not path.exists():
            wav.write_tone(path, round(hertz), 1.0, self.options.clock_rate, level)
        self.play(call, str(path))

    def quiet(self, call: int) -> None:
        """Speak nothing."""
        self._calls[call].played = None

    def record(self, call: int, path: str) -> None:
        """Write what is heard to a WAV file until `record_stop` or the call's end."""
        recorder = pj.AudioMediaRecorder()
        recorder.createRecorder(path)
        self._calls[call].heard = recorder
        self._reconnect(call)

    def record_stop(self, call: int) -> None:
        """Close the file."""
        if call in self._calls:
            self._calls[call].heard = None

    def _reconnect(self, key: int) -> None:
        call = self._calls[key]
        if library.audible(library.audio_status(call)):
            self._connect(call)

    def digits(self, call: int, keys: str, method: str = "rfc4733", duration: int = 160) -> None:
        """Press keys: `rfc4733`, `info` (application/dtmf-relay) or `info-plain` (application/dtmf)."""
        if method == "info-plain":
            for key in keys:
                self._send_info(call, key)
            return
        setting = pj.CallSendDtmfParam()
        setting.method = _DIGIT_METHODS[method]
        setting.duration = duration
        setting.digits = keys
        self._calls[call].sendDtmf(setting)

    def _send_info(self, call: int, key: str) -> None:
        request = pj.CallSendRequestParam()
        request.method = "INFO"
        request.txOption.contentType = "application/dtmf"
        request.txOption.msgBody = key
        self._calls[call].sendRequest(request)

    def hold(self, call: int) -> None:
        """Put the other side on hold."""
        self._calls[call].setHold(_setting())

    def resume(self, call: int) -> None:
        """Take the other side off hold."""
        setting = _setting()
        setting.opt.flag = pj.PJSUA_CALL_UNHOLD
        self._calls[call].reinvite(setting)

    def refer(self, call: int, uri: str) -> None:
        """Transfer the other side to `uri` (RFC 3515)."""
        self._calls[call].xfer(uri, _setting())

    def refer_to_call(self, call: int, other: int) -> None:
        """Join the other sides of two calls (RFC 3891)."""
        self._calls[call].xferReplaces(self._calls[other], _setting())

    def register(self, active: bool = True) -> None:
        """Register again, or take the registration back."""
        self._account.setRegistration(active)

    def statistics(self, call: int) -> None:
        """Tell packets received and sent, and the codec."""
        one = self._calls[call]
        rtcp, stream = one.getStreamStat(0).rtcp, one.getStreamInfo(0)
        self.tell(
            {
                "event": "statistics",
                "call": call,
                "received": rtcp.rxStat.pkt,
                "sent": rtcp.txStat.pkt,
                "codec": stream.codecName,
            }
        )

    def traffic(self) -> dict[str, int]:
        """RTP packets of all calls: received and sent, those that did not come, and those that the other sides
        report as not come."""
        total = dict.fromkeys(("received", "sent", "lost", "reported_lost"), 0)
        for call in self._calls.values():
            statistics = call.getStreamStat(0)
            came, went = statistics.rtcp.rxStat, statistics.rtcp.txStat
            found = {"received": came.pkt, "sent": went.pkt, "lost": came.loss, "reported_lost": went.loss}
            total = {name: total[name] + found[name] for name in total}
        return total

    def close(self) -> None:
        """End all calls, take back the registration and free the library."""
        self._endpoint.hangupAllCalls()
        for _ in range(30):
            self.poll(10)
            if not self._calls:
                break
        for call in self._calls.values():
            call.heard = call.played = None
        self._calls.clear()
        self._account.shutdown()
        self.poll(50)
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
        self._work.cleanup()


def _setting(status: int = 0) -> pj.CallOpParam:
    setting = pj.CallOpParam(True)
    setting.opt.videoCount = setting.opt.textCount = 0
    setting.opt.audioCount = 1
    if status:
        setting.statusCode = status
    return setting
