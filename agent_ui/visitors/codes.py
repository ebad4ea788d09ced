"""Six-digit codes that a page shows and its customer tells an agent."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Code:
    """A code, the visitor whose page shows it, and when it ends (seconds of the caller's clock)."""

    digits: str
    visitor_id: str
    expires_at: float


class Codes:
    """The live codes: one a visitor, no two alike. `draw(n)` gives an unpredictable number below n."""

    def __init__(self, ttl: float, draw: Callable[[int], int] = secrets.randbelow) -> None:
        self._ttl = ttl
        self._draw = draw
        self._live: dict[str, Code] = {}
        self._of: dict[str, str] = {}

    def show(self, visitor_id: str, now: float) -> Code:
        """A new code of this visitor; an earlier one ends."""
        self.end(visitor_id)
        self._sweep(now)
        while (digits := f"{self._draw(10**DIGITS):0{DIGITS}}") in self._live:
            continue
        code = Code(digits, visitor_id, now + self._ttl)
        self._live[digits] = code
        self._of[visitor_id] = digits
        return code

    def take(self, said: str, now: float) -> str | None:
        """The visitor whose page shows these digits, once: the code ends with it."""
        digits = "".join(char for char in said if char.isascii() and char.isdigit())
        code = self._live.get(digits)
        if code is None or code.expires_at <= now:
            return None
        self.end(code.visitor_id)
        return code.visitor_id

    def of(self, visitor_id: str, now: float) -> str | None:
        """The digits that this visitor's page shows."""
        code = self._live.get(self._of.get(visitor_id, ""))
        return code.digits if code and code.expires_at > now else None

    def end(self, visitor_id: str) -> None:
        """This visitor's code ends."""
        self._live.pop(self._of.pop(visitor_id, ""), None)

    def _sweep(self, now: float) -> None:
        """Codes are kept in the order they end."""
        for code in list(self._live.values()):
            if code.expires_at > now:
                return
            self.end(code.visitor_id)
