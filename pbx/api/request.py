"""A request whose body is bounded: what is too long is thrown away as it comes, not kept."""

from io import BytesIO
from typing import Any

from twisted.web.server import Request

MAX_BODY = 64 * 1024
"""No command is longer: a note has 4,000 characters."""

GIVE_UP_AFTER = 16 * MAX_BODY
"""A peer that goes on sending beyond this gets no answer."""


class ApiRequest(Request):
    """`too_long` says that the body was longer than MAX_BODY, `is_gone` that nobody waits for the answer."""

    content: Any
    args: Any
    too_long = False
    _received = 0

    @property
    def is_gone(self) -> bool:
        """Whether the client has hung up."""
        return bool(self._disconnected)

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        """See twisted.web.http.Request."""
        self.content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """See twisted.web.http.Request."""
        self._received += len(data)
        if self._received > GIVE_UP_AFTER:
            self.channel.forceAbortClient()
        elif self._received > MAX_BODY:
            self.too_long = True
        else:
            self.content.write(data)
