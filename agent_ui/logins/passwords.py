"""Passwords: Argon2id hashes (RFC 9106), generated ones, and what a person may choose."""

import secrets
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from agent_ui.logins.errors import WeakPassword

SHORTEST = 10
LONGEST = 200
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP_LENGTH = 5


def _default_hasher() -> PasswordHasher:
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@dataclass(frozen=True)
class Passwords:
    """Hashes passwords and checks them. Both take tens of milliseconds and let other threads run."""

    hasher: PasswordHasher = field(default_factory=_default_hasher)
    _nobody: list[str] = field(default_factory=list, init=False, repr=False)

    def hash(self, password: str) -> str:
        """A hash to store."""
        return self.hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the hash. Without a hash (an unknown user) it takes as long."""
        known = stored if stored is not None else self._hash_of_nobody()
        try:
            return self.hasher.verify(known, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self.hasher.check_needs_rehash(stored)

    def _hash_of_nobody(self) -> str:
        if not self._nobody:
            self._nobody.append(self.hasher.hash(secrets.token_hex(16)))
        return self._nobody[0]


def generated_password() -> str:
    """A password of 100 random bits, in groups that can be read out, without look-alikes."""
    letters = (secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH))
    joined = "".join(letters)
    return "-".join(joined[i : i + _GROUP_LENGTH] for i in range(0, len(joined), _GROUP_LENGTH))


def check_strength(password: str, username: str) -> None:
    """Accept a password that a person chose: length counts, composition rules do not (NIST SP 800-63B 5.1.1).

    Raises:
        WeakPassword: too short, too long, the user name in disguise, or of hardly any different characters.
    """
    length = {"shortest": str(SHORTEST), "longest": str(LONGEST)}
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"a password has {SHORTEST} to {LONGEST} characters", **length)
    repeats_name = len(username) > 3 and username in password.lower()
    if repeats_name or len(set(password)) < 5:
        raise WeakPassword("a password is not the user name and not a few repeated characters", **length)
