"""What a field of the flow model allows beyond its type; codec, schema and validation all read these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """A string matches `regex` from end to end; `advice` says so in words."""

    regex: str
    advice: str


@dataclass(frozen=True, slots=True)
class Range:
    """A number lies between two bounds, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Size:
    """A string, list or object has at least `low` and at most `high` members."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Leads:
    """The value is the id of the node to go to next.

    A required exit must be given; any other, when missing, falls back to the flow's `on_failure`.
    """

    required: bool


@dataclass(frozen=True, slots=True)
class Reads:
    """The value is the dotted path of a fact."""


@dataclass(frozen=True, slots=True)
class Writes:
    """The value is the name of the variable that the node sets."""


@dataclass(frozen=True, slots=True)
class About:
    """What the field means, for the schema and the flow editor."""

    text: str
