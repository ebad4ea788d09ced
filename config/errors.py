"""What is wrong with the settings, told so that the person can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One mistake: where it stands, the setting's dotted name, what is wrong, and what to do."""

    where: str
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.name}: {self.what}" if self.name else f"{self.where}: {self.what}"


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds every mistake that was found."""

    id = "settings-invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))
