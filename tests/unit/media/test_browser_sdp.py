"""What of the library's SDP a browser gets."""

from pbx.media import browser_sdp

OURS = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 192.0.2.1",
        "s=pjmedia",
        "t=0 0",
        "m=audio 26379 UDP/TLS/RTP/SAVP 8 0 9 96 120 121 122",
        "c=IN IP4 192.0.2.1",
        "b=TIAS:64000",
        "b=RS:0",
        "b=RR:0",
        "a=sendrecv",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:96 opus/48000/2",
        "a=fmtp:96 useinbandfec=1",
        "a=rtpmap:120 telephone-event/8000",
        "a=fmtp:120 0-16",
        "a=rtpmap:121 telephone-event/16000",
        "a=fmtp:121 0-16",
        "a=rtpmap:122 telephone-event/48000",
        "a=fmtp:122 0-16",
        "a=ice-ufrag:4e756ce4",
        "a=rtcp-mux",
        "a=setup:actpass",
        "",
    ]
)


def test_opus_comes_first_and_what_browsers_do_not_speak_is_left_out() -> None:
    lines = browser_sdp.offer(OURS).split("\r\n")
    assert lines[4] == "m=audio 26379 UDP/TLS/RTP/SAVP 96 0 8 122 120"
    assert "a=rtpmap:96 opus/48000/2" in lines
    assert "a=fmtp:96 useinbandfec=1" in lines
    assert not [line for line in lines if "G722" in line or ":121 " in line]


def test_everything_else_of_the_offer_stays_in_its_place() -> None:
    kept = [line for line in OURS.split("\r\n") if ":9 " not in line and ":121 " not in line]
    kept = [line for line in kept if line not in ("b=RS:0", "b=RR:0")]
    kept[4] = "m=audio 26379 UDP/TLS/RTP/SAVP 96 0 8 122 120"
    assert browser_sdp.offer(OURS).split("\r\n") == kept


def test_an_answer_loses_only_its_refusal_of_rtcp() -> None:
    kept = [line for line in OURS.split("\r\n") if line not in ("b=RS:0", "b=RR:0")]
    assert browser_sdp.answer(OURS).split("\r\n") == kept


def test_static_payload_types_need_no_rtpmap() -> None:
    sdp = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVP 9 8 0\r\na=sendrecv\r\n"
    assert "m=audio 9 UDP/TLS/RTP/SAVP 0 8\r\n" in browser_sdp.offer(sdp)
