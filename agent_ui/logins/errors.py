"""What can go wrong with logins, each with a stable id that the pages translate."""

from typing import ClassVar


class LoginError(Exception):
    """Root of the login errors; `params` are values for the message in the reader's language."""

    id: ClassVar[str] = "login.error"
    status: ClassVar[int] = 400

    def __init__(self, detail: str, **params: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.params = params


class WrongCredentials(LoginError):
    """No enabled login has this user name and password; which of them is wrong is never said."""

    id = "login.wrong_credentials"
    status = 401


class LoginNotFound(LoginError):
    """No login has this id or user name."""

    id = "login.not_found"
    status = 404


class UsernameTaken(LoginError):
    """Another login has this user name."""

    id = "login.username_taken"
    status = 409


class InvalidUsername(LoginError):
    """A user name has characters that are not allowed, or the wrong length."""

    id = "login.invalid_username"


class WeakPassword(LoginError):
    """The new password is too short, too long or too easy to guess."""

    id = "login.weak_password"


class WrongPassword(LoginError):
    """The present password, asked for before a change, is wrong."""

    id = "login.wrong_password"
    status = 403


class OwnLogin(LoginError):
    """Nobody may disable their own login, or the last one who can undo it might be gone."""

    id = "login.own"
    status = 409
