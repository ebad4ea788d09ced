"""What a check found."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How good it is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Finding:
    """One result: what was looked at, what was found, and what to do about it."""

    verdict: Verdict
    subject: str
    found: str
    advice: str = ""


def ok(subject: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.OK, subject, found)


def warning(subject: str, found: str, advice: str) -> Finding:
    """It works, but not as well as it could."""
    return Finding(Verdict.WARNING, subject, found, advice)


def failure(subject: str, found: str, advice: str) -> Finding:
    """Something will not work."""
    return Finding(Verdict.FAILURE, subject, found, advice)
