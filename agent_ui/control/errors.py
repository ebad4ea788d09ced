"""Why the telephone system did not do what it was asked."""

from pbx.contract.resources import Problem


class ControlError(Exception):
    """Root of the control API's errors."""


class ControlAway(ControlError):
    """The control API does not answer; the command may or may not have been carried out."""


class ControlRefused(ControlError):
    """The control API refused a command; `problem` says why, `status` is its HTTP status."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.status = status
        self.problem = problem
