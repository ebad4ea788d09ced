"""The errors of the softswitch. Each carries a stable `id`; HTTP and SIP codes are mapped at the edges."""

from typing import ClassVar


class PbxError(Exception):
    """Base of all. `params` are values for the message in the reader's language; no personal data."""

    id: ClassVar[str] = "pbx.error"

    def __init__(self, detail: str, **params: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.params = params


class NotFound(PbxError):
    """Something named in a command does not exist, or no longer."""

    id = "pbx.not_found"


class NotAllowed(PbxError):
    """The acting person may not do this."""

    id = "pbx.not_allowed"


class WrongState(PbxError):
    """The command does not fit the present state; nothing was changed."""

    id = "pbx.wrong_state"


class IllegalTransition(WrongState):
    """A state table has no entry for this event; nothing was changed."""

    id = "pbx.illegal_transition"


class Unreachable(PbxError):
    """The party to be called has no registered phone, no trunk or no permission."""

    id = "pbx.unreachable"


class NotDialable(NotAllowed):
    """The house may not dial this number: it is none, or the number plan leaves it out."""

    id = "pbx.not_dialable"


class CallbackExists(WrongState):
    """One number has one open callback."""

    id = "pbx.callback_exists"


class Overloaded(PbxError):
    """No room for another call. `retry_after` is in seconds."""

    id = "pbx.overloaded"

    def __init__(self, detail: str, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class DatabaseAway(PbxError):
    """The database did not answer."""

    id = "pbx.database_away"


class MediaError(PbxError):
    """The media stack refused an operation."""

    id = "pbx.media"
