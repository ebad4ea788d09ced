"""The lexical ground of SIP values: tokens, quoted strings, lists and parameters (RFC 3261 section 25.1).

Text is `str`, decoded from UTF-8 with `surrogateescape`, so that any byte a peer sends survives a round trip.
White space here is only what SIP calls white space; Unicode's idea of blanks and digits never applies.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANKS = " \t\r\n"

_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]++")
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_LIST_PIECE = re.compile(rf"[^,\"<]++|{_QUOTED}|<[^>]*+>|(?P<comma>,)", re.DOTALL)
_PARAM = re.compile(
    rf"[ \t]*+;[ \t]*+([A-Za-z0-9\-.!%*_+`'~]++)(?:[ \t]*+=[ \t]*+({_QUOTED}|[^ \t;,\"<>]++))?+[ \t]*+",
    re.DOTALL,
)
_WORD = re.compile(r"[^ \t\r\n]++")
_NUMBER = re.compile(r"[0-9]++")


class SipSyntaxError(ValueError):
    """What was received does not follow the grammar.

    `reason` is fit for a reason phrase: it names the header and never repeats what the peer sent.
    `header` is the canonical name of the header at fault, or None when the fault is elsewhere.
    """

    id = "sip_syntax"

    def __init__(self, reason: str, header: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.header = header


def is_token(text: str) -> bool:
    """Whether `text` is a non-empty token (a method, a header name, an option tag)."""
    return _TOKEN.fullmatch(text) is not None


def split_list(value: str, header: str) -> tuple[str, ...]:
    """Split a header value at its commas, leaving those inside quotes and angle brackets alone.

    Raises SipSyntaxError for an empty element, an open quote or an open bracket.
    """
    parts = list(_comma_separated(value, header)) if "," in value else [value]
    stripped = tuple(part.strip(BLANKS) for part in parts)
    if not all(stripped):
        raise SipSyntaxError(f"Empty element in {header}", header)
    return stripped


def _comma_separated(value: str, header: str) -> Iterator[str]:
    start = position = 0
    while position < len(value):
        piece = _LIST_PIECE.match(value, position)
        if piece is None:
            raise SipSyntaxError(f"Unbalanced quote or bracket in {header}", header)
        position = piece.end()
        if piece["comma"]:
            yield value[start : piece.start()]
            start = position
    yield value[start:]


def words(value: str) -> list[str]:
    """The pieces of a value between its blanks."""
    return [found[0] for found in _WORD.finditer(value)]


def unquote(text: str) -> str:
    """The meaning of a quoted string: without its quotes and backslashes. Anything else stays as it is."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def quote(text: str) -> str:
    """`text` as a quoted string; line ends, which no quoted string can hold, become spaces."""
    plain = text.replace("\r", " ").replace("\n", " ")
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_number(value: str, header: str, largest: int) -> int:
    """A decimal number from 0 to `largest`, leading zeros allowed. Raises SipSyntaxError."""
    text = value.strip(BLANKS)
    digits = text.lstrip("0") or "0"
    if _NUMBER.fullmatch(text) is None or len(digits) > 20 or int(digits) > largest:
        raise SipSyntaxError(f"Bad number in {header}", header)
    return int(digits)


@dataclass(frozen=True)
class Params:
    """Parameters in the order received; names compare without case, values stay as written (with quotes)."""

    items: tuple[tuple[str, str | None], ...] = ()

    def __contains__(self, name: str) -> bool:
        wanted = name.lower()
        return any(key.lower() == wanted for key, _ in self.items)

    def get(self, name: str) -> str | None:
        """The value of the first parameter of that name, unquoted; None if it is absent or has no value."""
        wanted = name.lower()
        for key, value in self.items:
            if key.lower() == wanted:
                return None if value is None else unquote(value)
        return None

    def setting(self, name: str, value: str | None = None) -> "Params":
        """These parameters with `name` set: in its old place, or at the end. `value` is written as it is."""
        if name not in self:
            return Params((*self.items, (name, value)))
        wanted = name.lower()
        return Params(tuple((key, value if key.lower() == wanted else old) for key, old in self.items))

    def without(self, *names: str) -> "Params":
        """These parameters without those of the given names."""
        dropped = {name.lower() for name in names}
        return Params(tuple(item for item in self.items if item[0].lower() not in dropped))

    def __str__(self) -> str:
        return "".join(f";{key}" if value is None else f";{key}={value}" for key, value in self.items)


NO_PARAMS = Params()


def parse_params(text: str, header: str) -> Params:
    """Parameters written as `;name=value;flag`, blanks around `;` and `=` allowed. Raises SipSyntaxError."""
    if not text:
        return NO_PARAMS
    items: list[tuple[str, str | None]] = []
    position = 0
    while position < len(text):
        found = _PARAM.match(text, position)
        if found is None:
            raise SipSyntaxError(f"Bad parameter in {header}", header)
        items.append((found[1], found[2]))
        position = found.end()
    return Params(tuple(items))
