"""The 61 torture messages of RFC 4475 and RFC 5118, and what each is owed.

`CASES` is the one table that the parser's tests and the tests over real sockets share.
"""

from dataclasses import dataclass
from typing import Literal

from tests.unit.sip.torture import rfc4475_invalid as invalid
from tests.unit.sip.torture import rfc4475_semantics as semantics
from tests.unit.sip.torture import rfc4475_valid as valid
from tests.unit.sip.torture import rfc5118

PASSES: Literal["passes"] = "passes"
DROPPED: Literal["dropped"] = "dropped"

Kind = Literal["request", "response", "malformed"]
Owed = int | Literal["passes", "dropped"]
OnStream = Literal["same", "waits", "closes"]


@dataclass(frozen=True)
class TortureCase:
    """One message.

    `kind` is what reading it as a datagram gives; "malformed" is refused by the reader itself, with a request
    to answer. `owed` is the status before any routing or authentication; "passes" means that neither syntax
    nor policy objects, so the answer is the registrar's, the router's or the media stack's; "dropped" means
    silence. `names` is what the reason phrase of a 400 names. `on_stream` says how TCP differs: "waits" for
    bytes that never come, "closes" because the length is missing or in doubt.
    """

    name: str
    section: str
    raw: bytes
    kind: Kind
    owed: Owed
    names: str | None = None
    on_stream: OnStream = "same"


CASES: tuple[TortureCase, ...] = (
    TortureCase("wsinv", "4475 3.1.1.1", valid.WSINV, "request", PASSES),
    TortureCase("intmeth", "4475 3.1.1.2", valid.INTMETH, "request", 501),
    TortureCase("esc01", "4475 3.1.1.3", valid.ESC01, "request", PASSES),
    TortureCase("escnull", "4475 3.1.1.4", valid.ESCNULL, "request", PASSES),
    TortureCase("esc02", "4475 3.1.1.5", valid.ESC02, "request", 501),
    TortureCase("lwsdisp", "4475 3.1.1.6", valid.LWSDISP, "request", PASSES),
    TortureCase("longreq", "4475 3.1.1.7", valid.LONGREQ, "request", PASSES),
    # On a stream the octets after the REGISTER are an INVITE with too small a Content-Length, and rubbish.
    TortureCase("dblreq", "4475 3.1.1.8", valid.DBLREQ, "request", PASSES),
    TortureCase("semiuri", "4475 3.1.1.9", valid.SEMIURI, "request", PASSES),
    TortureCase("transports", "4475 3.1.1.10", valid.TRANSPORTS, "request", PASSES),
    TortureCase("mpart01", "4475 3.1.1.11", valid.MPART01, "request", 405),
    TortureCase("unreason", "4475 3.1.1.12", valid.UNREASON, "response", DROPPED),
    TortureCase("noreason", "4475 3.1.1.13", valid.NOREASON, "response", DROPPED),
    TortureCase("badinv01", "4475 3.1.2.1", invalid.BADINV01, "request", 400, "Via"),
    TortureCase("clerr", "4475 3.1.2.2", invalid.CLERR, "malformed", 400, "Content-Length", "waits"),
    TortureCase("ncl", "4475 3.1.2.3", invalid.NCL, "malformed", 400, "Content-Length", "closes"),
    TortureCase("scalar02", "4475 3.1.2.4", invalid.SCALAR02, "request", 400, "CSeq"),
    TortureCase("scalarlg", "4475 3.1.2.5", invalid.SCALARLG, "response", DROPPED),
    TortureCase("quotbal", "4475 3.1.2.6", invalid.QUOTBAL, "request", 400, "To"),
    TortureCase("ltgtruri", "4475 3.1.2.7", invalid.LTGTRURI, "request", 400, "Request-URI"),
    TortureCase("lwsruri", "4475 3.1.2.8", invalid.LWSRURI, "malformed", 400, "request line"),
    TortureCase("lwsstart", "4475 3.1.2.9", invalid.LWSSTART, "malformed", 400, "request line"),
    TortureCase("trws", "4475 3.1.2.10", invalid.TRWS, "malformed", 400, "request line"),
    TortureCase("escruri", "4475 3.1.2.11", invalid.ESCRURI, "request", 400, "Request-URI"),
    # Nothing here depends on Date, and the RFC advises against refusing a call for it.
    TortureCase("baddate", "4475 3.1.2.12", invalid.BADDATE, "request", PASSES),
    TortureCase("regbadct", "4475 3.1.2.13", invalid.REGBADCT, "request", 400, "Contact"),
    TortureCase("badaspec", "4475 3.1.2.14", invalid.BADASPEC, "request", 400, "To"),
    TortureCase("baddn", "4475 3.1.2.15", invalid.BADDN, "request", 400, "From"),
    TortureCase("badvers", "4475 3.1.2.16", invalid.BADVERS, "request", 505),
    TortureCase("mismatch01", "4475 3.1.2.17", invalid.MISMATCH01, "request", 400, "CSeq"),
    TortureCase("mismatch02", "4475 3.1.2.18", invalid.MISMATCH02, "request", 501),
    TortureCase("bigcode", "4475 3.1.2.19", invalid.BIGCODE, "response", DROPPED),
    TortureCase("badbranch", "4475 3.2.1", semantics.BADBRANCH, "request", 400, "Via"),
    TortureCase("insuf", "4475 3.3.1", semantics.INSUF, "request", 400, "From"),
    TortureCase("unkscm", "4475 3.3.2", semantics.UNKSCM, "request", 416),
    TortureCase("novelsc", "4475 3.3.3", semantics.NOVELSC, "request", 416),
    TortureCase("unksm2", "4475 3.3.4", semantics.UNKSM2, "request", 400, "To"),
    TortureCase("bext01", "4475 3.3.5", semantics.BEXT01, "request", 420),
    TortureCase("invut", "4475 3.3.6", semantics.INVUT, "request", 415),
    TortureCase("regaut01", "4475 3.3.7", semantics.REGAUT01, "request", PASSES),
    TortureCase("multi01", "4475 3.3.8", semantics.MULTI01, "request", 400, "From"),
    TortureCase("mcl01", "4475 3.3.9", semantics.MCL01, "malformed", 400, "Content-Length", "closes"),
    TortureCase("bcast", "4475 3.3.10", semantics.BCAST, "response", DROPPED),
    TortureCase("zeromf", "4475 3.3.11", semantics.ZEROMF, "request", 483),
    TortureCase("cparam01", "4475 3.3.12", semantics.CPARAM01, "request", PASSES),
    TortureCase("cparam02", "4475 3.3.13", semantics.CPARAM02, "request", PASSES),
    TortureCase("regescrt", "4475 3.3.14", semantics.REGESCRT, "request", PASSES),
    TortureCase("sdp01", "4475 3.3.15", semantics.SDP01, "request", 406),
    TortureCase("inv2543", "4475 3.4.1", semantics.INV2543, "request", PASSES, None, "closes"),
    TortureCase("ipv6-good", "5118 4.1", rfc5118.IPV6_GOOD, "request", PASSES),
    TortureCase("ipv6-bad", "5118 4.2", rfc5118.IPV6_BAD, "request", 400, "Request-URI"),
    TortureCase("port-ambiguous", "5118 4.3", rfc5118.PORT_AMBIGUOUS, "request", PASSES),
    TortureCase("port-unambiguous", "5118 4.4", rfc5118.PORT_UNAMBIGUOUS, "request", PASSES),
    TortureCase(
        "via-received-param-with-delim", "5118 4.5", rfc5118.RECEIVED_WITH_DELIMITERS, "request", PASSES
    ),
    TortureCase(
        "via-received-param-no-delim", "5118 4.5", rfc5118.RECEIVED_WITHOUT_DELIMITERS, "request", PASSES
    ),
    TortureCase("ipv6-in-sdp", "5118 4.6", rfc5118.IPV6_IN_SDP, "request", PASSES),
    TortureCase("mult-ip-in-header", "5118 4.7", rfc5118.MIXED_VIAS, "request", PASSES),
    TortureCase("mult-ip-in-sdp", "5118 4.8", rfc5118.MIXED_SDP, "request", PASSES),
    TortureCase("ipv4-mapped-ipv6", "5118 4.9", rfc5118.MAPPED, "request", PASSES),
    TortureCase("ipv6-bug-abnf-3-colons", "5118 4.10", rfc5118.THREE_COLONS, "request", PASSES),
    TortureCase("ipv6-correct-abnf-2-colons", "5118 4.10", rfc5118.TWO_COLONS, "request", PASSES),
)
