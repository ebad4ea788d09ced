"""What can go wrong in co-browsing. Every refusal has a stable id and holds nothing of the page's content."""


class CobrowseError(Exception):
    """Anything this package refuses."""

    id = "cobrowse.refused"


class NotAllowed(CobrowseError):
    """This does not follow from how the session stands."""

    id = "cobrowse.not_allowed"


class BadTicket(CobrowseError):
    """The viewer's ticket is not ours, is too old, or is another contact's."""

    id = "cobrowse.bad_ticket"


class NoPage(CobrowseError):
    """The contact's customer has no page open that could be shared."""

    id = "cobrowse.no_page"


class OutOfOrder(CobrowseError):
    """A batch is not the next one: the sender goes back to the last one that was acknowledged."""

    id = "cobrowse.out_of_order"


class StreamRefused(CobrowseError):
    """The page sent what no recorder of ours sends; the session ends. `reason` is one word of a fixed set."""

    id = "cobrowse.stream_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CardNumberSeen(StreamRefused):
    """A string looks like a payment card's number. Which one is never said."""

    id = "cobrowse.card_number"

    def __init__(self) -> None:
        super().__init__("card_number")


class CommandRefused(CobrowseError):
    """A command is not carried out. `reason` is one word of a fixed set."""

    id = "cobrowse.command_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
