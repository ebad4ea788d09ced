"""The kinds of field that flow nodes are made of."""

from typing import Annotated, Final, Literal, TypeAlias

from ivr.constraints import Leads, Pattern, Range, Reads, Size, Writes

IDENTIFIER: Final = Pattern(
    r"[a-z][a-z0-9_]{0,63}", "lower-case letters, digits and _, starting with a letter"
)

NodeId: TypeAlias = Annotated[str, IDENTIFIER]
Target: TypeAlias = Annotated[NodeId, Leads(required=True)]
Exit: TypeAlias = Annotated[NodeId | None, Leads(required=True)]
FailureExit: TypeAlias = Annotated[NodeId | None, Leads(required=False)]

MessageId: TypeAlias = Annotated[
    str, Pattern(r"[a-z][a-z0-9_.]{0,127}", "lower-case letters, digits, _ and dots, starting with a letter")
]
FactPath: TypeAlias = Annotated[
    str,
    Pattern(
        r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,7}", "names joined by dots, such as customer.open_cart.items"
    ),
    Reads(),
]
VariableName: TypeAlias = Annotated[
    str,
    IDENTIFIER,
    Writes(),
]
ValueName: TypeAlias = Annotated[str, IDENTIFIER]
Name: TypeAlias = Annotated[
    str, Pattern(r"[a-z0-9][a-z0-9_-]{0,63}", "lower-case letters, digits, _ and -, at most 64 characters")
]
Dialled: TypeAlias = Annotated[
    str, Pattern(r"\+[1-9][0-9]{4,14}|[a-z0-9][a-z0-9_.-]{0,63}", "an E.164 number or an extension's name")
]
FileName: TypeAlias = Annotated[
    str,
    Pattern(
        r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.wav", "a relative path that ends in .wav"
    ),
]
WebUrl: TypeAlias = Annotated[
    str,
    Pattern(
        r"https?://[^\s/?#@]+(/[^\s#]*)?", "an http or https URL without spaces, credentials or fragment"
    ),
]

Key: TypeAlias = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
Terminator: TypeAlias = Literal["#", "*", ""]
Seconds: TypeAlias = Annotated[float, Range(0.5, 120)]
Attempts: TypeAlias = Annotated[int, Range(1, 10)]
DigitCount: TypeAlias = Annotated[int, Range(1, 32)]
Priority: TypeAlias = Annotated[int, Range(0, 100)]
ShortText: TypeAlias = Annotated[str, Size(1, 200)]
MessageText: TypeAlias = Annotated[str, Size(1, 2000)]
Scalar: TypeAlias = (
    Annotated[str, Size(0, 200)]
    | Annotated[int, Range(-(10**15), 10**15)]
    | Annotated[float, Range(-1e15, 1e15)]
    | bool
)
