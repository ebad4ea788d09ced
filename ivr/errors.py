"""What can be wrong with a flow's JSON."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where (an RFC 6901 JSON pointer), what, and what to do."""

    pointer: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.pointer or '(whole document)'}: {self.what}; {self.advice}"


class FlowFormatError(ValueError):
    """The document is not a flow; `problems` lists every mistake found."""

    id = "flow_format"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def pointer_to(path: tuple[str, ...]) -> str:
    """The JSON pointer of a path of keys (RFC 6901, section 3)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)
