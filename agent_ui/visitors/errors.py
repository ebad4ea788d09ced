"""What can be wrong with a visitor."""


class VisitorError(Exception):
    """Base of these."""

    id = "visitor.error"


class CodeUnknown(VisitorError):
    """No page shows this code, or no longer."""

    id = "visitor.code_unknown"


class VisitorUnknown(VisitorError):
    """There is no such visitor, or no longer."""

    id = "visitor.unknown"
