"""Starts pjsua2 in this process: one library, no threads of its own for SIP, no sound device.

pjsua2 can be created once at a time in a process. Everything here and in the other modules of this
package that touches it runs on one thread, the one that called `open_library`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pjsua2 as pj

from pbx.media import native

FRAME_MS = 20
RESAMPLING = 4
"""pjsua's media quality, which chooses the resampler's filter: at 4 sound as of a telephone keeps its whole band,
and 100 G.711 calls on a 16 kHz bridge cost half of what they cost at 5 and above."""
DTMF_UPDATE = 1
"""PJMEDIA_STREAM_DTMF_IS_UPDATE: the event tells more about a key that was told already."""

CODECS = (("PCMA/8000", 250), ("PCMU/8000", 249), ("G722/16000", 240), ("opus/48000", 230))
"""Codec names (the start of pjsua2's own) with our priorities; what is not named is switched off."""


OPUS_BIT_RATE = 24_000
OPUS_COMPLEXITY = 1
"""Encoding a leg takes 0.2% of a core; from 2 on twice that, 0.55% at 4, 1.2% from 8 on (libopus 1.3). What is said
to browsers is mostly telephone speech, which gains little from more."""
OPUS_EXPECTED_LOSS = 10
"""Percent; what the encoder spends bits on repairing."""


@dataclass(frozen=True, slots=True)
class LibraryOptions:
    """How the library is set up. `clock_rate` is the conference bridge's, in Hz."""

    max_calls: int = 64
    clock_rate: int = 16000
    conference_threads: int = 1
    log_level: int = 1
    user_agent: str = "Comptoir"


@dataclass(frozen=True, slots=True)
class RtpOptions:
    """Where RTP is received: the port range, the bound address and the one told to peers."""

    start: int = 20000
    end: int = 29999
    address: str = ""
    advertised: str = ""


def open_library(options: LibraryOptions) -> pj.Endpoint:
    """Create and start pjsua2; the caller polls `libHandleEvents`. Raises pjsua2's Error."""
    native.keep_large_buffers_apart()
    native.set_log_level(options.log_level)
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    endpoint.libInit(_configuration(options))
    pj.comptoir_choose_accounts_by_transport()
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    _choose_codecs(endpoint)
    _set_up_opus(endpoint, options.clock_rate)
    return endpoint


def _configuration(options: LibraryOptions) -> pj.EpConfig:
    configuration = pj.EpConfig()
    agent = configuration.uaConfig
    agent.threadCnt = 0
    agent.mainThreadOnly = True
    agent.maxCalls = options.max_calls
    agent.userAgent = options.user_agent
    agent.natTypeInSdp = 0
    agent.mwiUnsolicitedEnabled = False
    log = configuration.logConfig
    log.level = log.consoleLevel = options.log_level
    log.msgLogging = 1 if options.log_level >= 5 else 0
    _set_up_audio(configuration.medConfig, options)
    return configuration


def _set_up_audio(media: pj.MediaConfig, options: LibraryOptions) -> None:
    media.clockRate = media.sndClockRate = options.clock_rate
    media.channelCount = 1
    media.audioFramePtime = FRAME_MS
    media.maxMediaPorts = options.max_calls * 4
    media.confThreads = options.conference_threads
    media.noVad = True
    media.ecTailLen = 0
    media.sndAutoCloseTime = -1
    media.quality = RESAMPLING


def _choose_codecs(endpoint: pj.Endpoint) -> None:
    for codec in endpoint.codecEnum2():
        name = codec.codecId
        wanted = next((priority for start, priority in CODECS if name.startswith(start)), 0)
        endpoint.codecSetPriority(name, wanted)


def _set_up_opus(endpoint: pj.Endpoint, clock_rate: int) -> None:
    """Speech at the bridge's own rate, so that nothing is resampled, with what repairs lost packets (RFC 6716
    section 2.1.7) in it."""
    opus = endpoint.getCodecOpusConfig()
    opus.sample_rate = clock_rate
    opus.channel_cnt = 1
    opus.bit_rate = OPUS_BIT_RATE
    opus.complexity = OPUS_COMPLEXITY
    opus.packet_loss = OPUS_EXPECTED_LOSS
    opus.frm_ptime = FRAME_MS
    endpoint.setCodecOpusConfig(opus)


def rtp_transport(options: RtpOptions) -> pj.TransportConfig:
    """The RTP part of an account's configuration."""
    transport = pj.TransportConfig()
    transport.port = options.start
    transport.portRange = options.end - options.start
    transport.randomizePort = True
    transport.boundAddress = options.address
    transport.publicAddress = options.advertised
    return transport


def udp_transport(endpoint: pj.Endpoint, address: str, port: int) -> tuple[int, int]:
    """Open a SIP transport over UDP; returns its id and the real port (`port` 0 takes any)."""
    return _transport(endpoint, pj.PJSIP_TRANSPORT_UDP, address, port)


def tcp_transport(endpoint: pj.Endpoint, address: str, port: int) -> tuple[int, int]:
    """Open a SIP transport over TCP; returns its id and the real port (`port` 0 takes any)."""
    return _transport(endpoint, pj.PJSIP_TRANSPORT_TCP, address, port)


def tls_transport(endpoint: pj.Endpoint, address: str, port: int) -> tuple[int, int]:
    """Open a SIP transport over TLS, as a client that believes every server; returns its id and the real port."""
    return _transport(endpoint, pj.PJSIP_TRANSPORT_TLS, address, port)


def _transport(endpoint: pj.Endpoint, kind: int, address: str, port: int) -> tuple[int, int]:
    configuration = pj.TransportConfig()
    configuration.boundAddress = address
    configuration.port = port
    identifier = endpoint.transportCreate(kind, configuration)
    return identifier, int(endpoint.transportGetInfo(identifier).localName.rsplit(":", 1)[1])


def strings(values: Sequence[str]) -> pj.StringVector:
    """Python strings as pjsua2's vector."""
    vector = pj.StringVector()
    for value in values:
        vector.append(value)
    return vector


def headers(values: Sequence[tuple[str, str]]) -> pj.SipHeaderVector:
    """Name and value pairs as pjsua2's vector."""
    vector = pj.SipHeaderVector()
    for name, value in values:
        header = pj.SipHeader()
        header.hName = name
        header.hValue = value
        vector.append(header)
    return vector


def audio_status(call: pj.Call) -> int:
    """The status of the call's audio (PJSUA_CALL_MEDIA_*)."""
    info = call.getInfo()  # kept: what it holds dies with it
    found = (one.status for one in info.media if one.type == pj.PJMEDIA_TYPE_AUDIO)
    return int(next(found, pj.PJSUA_CALL_MEDIA_NONE))


def packets_received(call: pj.Call) -> int:
    """RTP packets that came for the call's audio; -1 while there is no audio."""
    try:
        statistics = call.getStreamStat(0)  # kept: what it holds dies with it
    except pj.Error:
        return -1
    return int(statistics.rtcp.rxStat.pkt)


def audio_of(call: pj.Call) -> pj.AudioMedia | None:
    """The call's port on the bridge, if its audio was set up."""
    try:
        return call.getAudioMedia(-1)
    except pj.Error:
        return None


def audible(status: int) -> bool:
    """Audio may flow in at least one direction, so that the call has a port on the bridge."""
    return status in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)
