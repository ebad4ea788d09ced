"""What pjsua2's parser is strict about. It throws a message away without a word when it cannot read it, and then
the peer would get no answer at all; so the edge refuses such a request, by name.

Our own parser is more lenient: a phone may register with parameters that are not quite in the grammar.
"""

import re

from pbx.sip.grammar import Params
from pbx.sip.headers import parse_seconds
from pbx.sip.message import Request

_WORD = r"[A-Za-z0-9\-.!%*_+`'~]++"
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_VALUE = re.compile(rf"{_WORD}|{_QUOTED}|\[[0-9A-Fa-f:.]++\]", re.DOTALL)
_VIA_VALUE = re.compile(rf"[A-Za-z0-9\-.!%*_+`'~:\[\]]++|{_QUOTED}", re.DOTALL)
_SECONDS = ("Session-Expires", "Min-SE", "Retry-After")
ANSWERED_HERE = frozenset({"REGISTER", "OPTIONS"})
"""These never reach pjsua2."""


def unreadable(request: Request) -> str | None:
    """The name of the header that pjsua2 would stumble over, if there is one. Raises SipSyntaxError."""
    if request.method in ANSWERED_HERE:
        return None
    addresses = (("From", (request.from_,)), ("To", (request.to,)), ("Contact", request.contacts))
    for name, values in addresses:
        if not all(_fits(value.params, _VALUE) for value in values):
            return name
    if not all(_fits(via.params, _VIA_VALUE) for via in request.vias):
        return "Via"
    for name in _SECONDS:
        for line in request.lines(name):
            parse_seconds(line.partition("(")[0], name)  # Retry-After may have a comment
    return None


def _fits(params: Params, value: re.Pattern[str]) -> bool:
    """Values as RFC 3261 section 25.1 has them: a token, a host or a quoted string."""
    return all(text is None or value.fullmatch(text) is not None for _, text in params.items)
