"""The recipe: what is compiled, with which options, and the key under which the wheel is cached."""

import hashlib
import platform
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
SITE_HEADER = HERE / "config_site.h"
INTERFACES = (HERE / "limits.i", HERE / "accounts.i")
"""Our additions to the Python module, appended to pjsua2's own interface file."""

EDITS = (
    (
        "pjnath/src/pjnath/ice_strans.c",
        "    cfg->max_host_cands = 64;",
        "    cfg->max_host_cands = 64;\n    cfg->loop_addr = PJ_TRUE;",
    ),
    (
        "pjmedia/src/pjmedia/transport_ice.c",
        "    /* Detect address family */\n",
        "    pj_str_t literal = host;\n"
        "    char binary[16];\n"
        "    if (!pj_strchr(&host, ':') && pj_inet_pton(pj_AF_INET(), &host, binary) != PJ_SUCCESS)\n"
        '        literal = pj_str("127.255.255.254");\n'
        "    /* Detect address family */\n",
    ),
    ("pjmedia/src/pjmedia/transport_ice.c", "&cand->addr, &host, 0)", "&cand->addr, &literal, 0)"),
    (
        "pjmedia/src/pjmedia/transport_ice.c",
        "    pj_sockaddr_set_port(&cand->addr, (pj_uint16_t)pj_strtoul(&token));",
        "    pj_sockaddr_set_port(&cand->addr, literal.ptr == host.ptr ? (pj_uint16_t)pj_strtoul(&token) : 9);",
    ),
    (
        "pjsip/src/pjsua-lib/pjsua_call.c",
        "            if (call->inv->dlg) {",
        "            if (call->inv && call->inv->dlg) {",
    ),
    ("pjsip/src/pjsua2/media.cpp", "pjmedia_wav_player_set_eof_cb2(port, this, &eof_cb)", "PJ_SUCCESS"),
    ("pjsip/src/pjsua2/media.cpp", "pjmedia_wav_playlist_set_eof_cb2(port, this, &eof_cb)", "PJ_SUCCESS"),
)
"""What no option reaches, as (file, text, text in its place).

A stack bound to 127.0.0.1 has ICE candidates. A candidate with a name for an address (a browser that hides its own,
RFC 8828) is not looked up, which would block: it gets the discard port of a loopback address, where nobody answers,
and the browser's own checks then tell where it is. An INVITE whose audio cannot be set up is refused, and that ends
the call: 2.17 then reads the call once more, and the process dies. A player tells nobody of its end: the bridge
lets go of it later than its caller, and between the two 2.17 tells an object that is gone, and dies of that, too.
"""

CFLAGS = "-O3 -fPIC -g0"
WRAPPER_FLAGS = "-O1 -fPIC -g0"  # the SWIG wrapper alone: faster to compile and 15 times smaller than -O2 -g

CONFIGURE_OPTIONS = (
    "--with-external-srtp",
    "--with-external-speex",
    "--with-external-gsm",
    "--disable-ilbc-codec",
    "--disable-g7221-codec",
    "--disable-resample",
    "--enable-speex-resample",
    "--disable-libwebrtc",
    "--disable-libyuv",
    "--disable-video",
    "--disable-sound",
    "--disable-ffmpeg",
    "--disable-v4l2",
    "--disable-openh264",
    "--disable-sdl",
    "--disable-vpx",
    "--enable-epoll",
)


def interpreter_tag() -> str:
    """Name the running interpreter and its system: the wheel's extension fits no other."""
    return "|".join(
        (
            str(sysconfig.get_config_var("SOABI")),
            platform.python_version(),
            sysconfig.get_paths()["include"],
            _system_release(),
        )
    )


def cache_key(source_sha256: str) -> str:
    """Return 16 hex digits that change with the source, the options, the headers or the interpreter."""
    digest = hashlib.sha256()
    parts = (
        source_sha256,
        SITE_HEADER.read_text(encoding="utf-8"),
        *(one.read_text(encoding="utf-8") for one in INTERFACES),
        repr(EDITS),
        CFLAGS,
        WRAPPER_FLAGS,
        " ".join(CONFIGURE_OPTIONS),
        interpreter_tag(),
    )
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


def _system_release() -> str:
    """The wheel links to the system's libssl, libsrtp2 and libopus, so the distribution matters."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return platform.platform()
    return f"{release.get('ID', '')}-{release.get('VERSION_ID', '')}-{platform.machine()}"
