"""How the torture messages are written down: readable text that becomes exact bytes."""


def wire(text: str) -> bytes:
    """Bytes as on the wire: lines end in CRLF, the first empty line goes, `␠` is a space at a line's end."""
    return text.removeprefix("\n").replace("\n", "\r\n").replace("␠", " ").encode()


def session(address: str, start: str = "0", connection: str | None = None) -> str:
    """The session description that most RFC 4475 messages carry."""
    return f"""v=0
o=mhandley 29739 7272939 IN IP4 {address}
s=-
c=IN IP4 {connection or address}
t={start} 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"""
