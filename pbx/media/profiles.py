"""What is particular to each profile of peers: how their audio is encrypted, and how it finds its way."""

import pjsua2 as pj

from config.settings import MediaSettings
from pbx.events import Profile
from pbx.media import library


def ports(settings: MediaSettings) -> dict[Profile, int]:
    """The loopback port that is wanted for each profile; 0 takes any."""
    return {"plain": settings.plain_port, "secure": settings.secure_port, "webrtc": settings.webrtc_port}


def apply(profile: Profile, account: pj.AccountConfig, settings: MediaSettings) -> None:
    """Make an account's configuration, which is that of plain RTP, that of the profile."""
    if profile == "secure":
        required = settings.srtp == "required"
        use = pj.PJMEDIA_SRTP_MANDATORY if required else pj.PJMEDIA_SRTP_OPTIONAL
        _encrypt(account.mediaConfig, use, pj.PJMEDIA_SRTP_KEYING_SDES)
    elif profile == "webrtc":
        _encrypt(account.mediaConfig, pj.PJMEDIA_SRTP_MANDATORY, pj.PJMEDIA_SRTP_KEYING_DTLS_SRTP)
        _connect(account, settings)


def _encrypt(media: pj.AccountMediaConfig, use: int, keying: int) -> None:
    """Keys travel in the SDP (SDES) only where the edge has encrypted the signalling."""
    media.srtpUse = use
    media.srtpSecureSignaling = 0
    media.srtpOpt.keyings.clear()
    media.srtpOpt.keyings.append(keying)


def _connect(account: pj.AccountConfig, settings: MediaSettings) -> None:
    """ICE with RTCP on the port of RTP (RFC 8834): one socket a call, told with every address that we have.

    A browser answers with several codecs and may use any of them; no second offer shall make it choose one, nor
    tell it of the address that it has found by itself.
    """
    account.mediaConfig.rtcpMuxEnabled = True
    account.mediaConfig.lockCodecEnabled = False
    account.natConfig.iceEnabled = True
    account.natConfig.iceAlwaysUpdate = False
    account.natConfig.iceNoRtcp = True
    if settings.rtp_advertised_address:
        account.natConfig.iceManualHost = library.strings([settings.rtp_advertised_address])
